// Any bytes can be decoded: nothing is read outside them, and what is reported lies inside them.
#include <random>

#include <doctest/doctest.h>

#include "core/packet/packet.hpp"
#include "tests/packet/real_packets.hpp"

using namespace socketscope;

namespace {

void decode_everything(const std::string& bytes) {
    // A copy of exactly this size on the heap, so that AddressSanitizer sees a read behind its end.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const std::string_view view(exact.data(), exact.size());
    const packet::Headers headers = packet::decode(view);
    REQUIRE(std::size_t{headers.payload_offset} + headers.payload_size <= view.size());
    REQUIRE(headers.sack_count <= 4);
    for (const packet::Field& field : packet::fields(view))
        REQUIRE(std::size_t{field.offset} + field.size <= view.size());
    (void)packet::summary(headers);
    (void)packet::classify(headers);
    if (const auto quoted = packet::decode_quoted(view, headers)) (void)packet::summary(*quoted);
}

const std::string kAll[] = {real::kSyn,
                            real::kAck,
                            real::kData,
                            real::kSack,
                            real::kFin,
                            real::kUdp,
                            real::kFragment1,
                            real::kFragment3,
                            real::kPortUnreachable,
                            real::kUdp6,
                            real::kFragment6First,
                            real::kFragment6Last,
                            real::kPing6,
                            real::kPing6HopByHop};

}  // namespace

TEST_CASE("every truncation of every real packet") {
    for (const std::string& bytes : kAll)
        for (std::size_t size = 0; size <= std::min<std::size_t>(bytes.size(), 120); ++size)
            decode_everything(bytes.substr(0, size));
}

TEST_CASE("every byte of every real packet set to every interesting value") {
    for (const std::string& bytes : kAll)
        for (std::size_t at = 0; at < std::min<std::size_t>(bytes.size(), 80); ++at)
            for (const int value : {0, 1, 4, 5, 6, 15, 43, 44, 51, 60, 64, 127, 128, 240, 255}) {
                std::string changed = bytes;
                changed[at] = static_cast<char>(value);
                decode_everything(changed);
            }
}

TEST_CASE("random bytes") {
    std::mt19937 random(20240229);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 200, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        if (!bytes.empty() && i % 2 == 0) bytes[0] = static_cast<char>(i % 4 == 0 ? 0x45 : 0x60);
        decode_everything(bytes);
    }
}

TEST_CASE("larger than any IP packet") {
    decode_everything(real::kSyn + std::string(100'000, 'x'));
}

// Datagrams and fragments on their way: read, copied, cut off, damaged, dropped by a full queue.
#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/invariants.hpp"
#include "tests/story/udp_scene.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::kNone;
using story::LossPlace;
using story::Piece;
using story::Story;

namespace {

constexpr auto kLost = model::kNever;
constexpr auto C = model::Host::client;

}  // namespace

TEST_CASE("a lost datagram is gone, and nobody is told") {
    UdpScene b;
    b.sends("ONE", 10 * ms);
    b.sends("TWO", 11 * ms);
    b.sends("THREE", 12 * ms);
    b.packet("ONE", 10 * ms + 1, 20 * ms);
    const auto lost = b.packet("TWO", 11 * ms + 1, kLost);
    b.packet("THREE", 12 * ms + 1, 22 * ms);
    b.reads("ONE", 30 * ms);
    b.reads("THREE", 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 1) == "#3[0+5]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].packet == lost);
    CHECK(story.losses()[0].piece == Piece{1, 0, 3});
    CHECK_FALSE(story.losses()[0].repaired);
    CHECK(story.messages()[0].to_socket == 0);
    CHECK(story.packets()[0].socket == 1);
    CHECK(story.sockets()[1].local == "192.0.2.1:50000");
    CHECK(story.describe_packet(2) == "#3");
    CHECK(story.receive_queue_at(0, 25 * ms).items.size() == 2);
    CHECK(story.receive_queue_at(0, 30 * ms + 5).items.size() == 1);
    CHECK(story.send_queue_at(1, 10 * ms).items.size() == 1);
    CHECK(story.send_queue_at(1, 10 * ms + 1).items.empty());
}

TEST_CASE("order of arrival is order of reading") {
    UdpScene b;
    b.sends("ONE", 10 * ms);
    b.sends("TWO", 11 * ms);
    b.packet("ONE", 10 * ms + 1, 25 * ms);
    b.packet("TWO", 11 * ms + 1, 20 * ms);
    b.reads("TWO", 30 * ms);
    b.reads("ONE", 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#2[0+3]");
    CHECK(given(story, 1) == "#1[0+3]");
    CHECK(story.losses().empty());
}

TEST_CASE("equal datagrams keep the order of their sends") {
    UdpScene b;
    for (int i = 0; i < 3; ++i) b.passes("same", (10 + i) * ms);
    for (int i = 0; i < 3; ++i) b.reads("same", (30 + i) * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(given(story, 0) == "#1[0+4]");
    CHECK(given(story, 1) == "#2[0+4]");
    CHECK(given(story, 2) == "#3[0+4]");
}

TEST_CASE("a copy is read as the same message once more") {
    UdpScene b;
    b.duplicate(b.passes("ONE", 10 * ms), 21 * ms);
    b.reads("ONE", 30 * ms);
    b.reads("ONE", 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 1) == "#1[0+3]");
    CHECK(story.describe_packet(1) == "#1 ×2");
    CHECK(story.losses().empty());
}

TEST_CASE("what does not fit is cut off") {
    UdpScene b;
    b.passes("0123456789", 10 * ms);
    b.recv(1, 3, 4, "0123", 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receives()[0].cut_bytes == 6);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::truncated);
    CHECK(story.losses()[0].piece == Piece{0, 4, 6});
}

TEST_CASE("an empty datagram is a message, not the end") {
    UdpScene b;
    b.passes("", 10 * ms);
    b.reads("", 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.messages().size() == 1);
    CHECK_FALSE(story.receives()[0].end_of_file);
    CHECK(given(story, 0) == "#1[0+0]");
}

TEST_CASE("a wrong checksum: dropped by the receiver, silently") {
    UdpScene b;
    b.corrupt(b.passes("ONE", 10 * ms));
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::checksum);
    CHECK(story.receive_queue_at(0, 25 * ms).items.empty());
}

TEST_CASE("a full receive queue drops the newest") {
    UdpScene b;
    for (int i = 0; i < 4; ++i) b.passes("m" + std::to_string(i), (10 + i) * ms);
    b.reads("m0", 40 * ms);
    b.reads("m3", 41 * ms);  // 1 and 2 were overtaken
    b.passes("m4", 50 * ms);
    b.refused(1, model::Call::recv, 3, 11, 80 * ms, 80 * ms + 5);  // and 4 is missing
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 3);
    for (const auto& loss : story.losses()) CHECK(loss.place == LossPlace::receive_queue);
    CHECK(story.losses()[0].piece.message == 1);
    CHECK(story.losses()[2].piece.message == 4);
    CHECK(story.losses()[0].why != story.losses()[2].why);
}

TEST_CASE("what nobody has read is lost when the socket is closed, not before") {
    UdpScene b;
    b.passes("ONE", 10 * ms);
    SUBCASE("closed") {
        b.close(1, 3, 30 * ms);
        const auto lane = b.take();
        const Story story(lane);
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].place == LossPlace::unread);
        CHECK(story.receive_queue_at(0, 40 * ms).items.empty());
    }
    SUBCASE("open") {
        const auto lane = b.take();
        const Story story(lane);
        CHECK(story.losses().empty());
        CHECK(story.receive_queue_at(0, 40 * ms).items.size() == 1);
    }
}

TEST_CASE("fragments: all or nothing") {
    const std::string big = std::string(1400, 'a') + std::string(1400, 'b');
    const std::string whole =
        udp_bytes(C, 50000, 7000, big).substr(20);  // the IP payload: UDP header and data
    const auto make = [&](bool lose_second) {
        UdpScene b;
        b.sends(big, 10 * ms);
        b.packet(C, ip4_packet(C, 17, whole.substr(0, 1480), 77, 0x2000), 10 * ms + 1, 20 * ms);
        b.packet(C, ip4_packet(C, 17, whole.substr(1480), 77, 1480 / 8), 10 * ms + 2,
                 lose_second ? kLost : 21 * ms);
        if (!lose_second) b.recv(1, 3, 4000, big, 30 * ms, 30 * ms + 5);
        return b.take();
    };
    const auto good = make(false);
    const Story story(good);
    CHECK(broken_invariant(story) == "");
    CHECK(story.losses().empty());
    CHECK(story.pieces(story.packets()[0].pieces)[0] == Piece{0, 0, 1472});
    CHECK(story.pieces(story.packets()[1].pieces)[0] == Piece{0, 1472, 1328});
    CHECK(story.receive_queue_at(0, 20 * ms).items.empty());
    CHECK(story.receive_queue_at(0, 21 * ms).items.size() == 1);
    CHECK(story.describe_packet(1) == "#1 fragment at 1480");

    const auto bad = make(true);
    const Story sad(bad);
    REQUIRE(sad.losses().size() == 1);
    CHECK(sad.losses()[0].packet == 1);
    CHECK(sad.losses()[0].piece == Piece{0, 0, 2800});
    CHECK(sad.receive_queue_at(0, 25 * ms).items.empty());
}

namespace {

// recvmsg() that was given these bytes, and SO_RXQ_OVFL beside them.
void receive_with_drops(TraceBuilder& b, std::string_view given, std::uint32_t drops, model::TimeNs at) {
    auto& call = b.call(1, model::Call::recvmsg, 3, at, at + 5, static_cast<std::int64_t>(given.size()));
    call.args.first = 64;
    const auto keep = [&](std::string_view bytes) {
        const model::ByteRange range{static_cast<std::uint32_t>(b.lane.arena.size()),
                                     static_cast<std::uint32_t>(bytes.size())};
        b.lane.arena += bytes;
        return range;
    };
    call.data = keep(given);
    std::string extra(
        4, '\0');  // no address; then struct cmsghdr: length 20, SOL_SOCKET, SO_RXQ_OVFL, the count
    const std::uint64_t length = 20;
    const std::int32_t level = 1, type = 40;
    extra.append(reinterpret_cast<const char*>(&length), 8).append(reinterpret_cast<const char*>(&level), 4);
    extra.append(reinterpret_cast<const char*>(&type), 4).append(reinterpret_cast<const char*>(&drops), 4);
    call.extra = keep(extra.append(4, '\0'));
}

}  // namespace

TEST_CASE(
    "a full receive queue: what the kernel counted (SO_RXQ_OVFL) is observed, and says which were dropped") {
    UdpScene b;
    for (int i = 0; i < 4; ++i) b.passes("same", (10 + i) * ms);
    b.reads("same", 30 * ms);
    receive_with_drops(b, "same", 2, 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(given(story, 0) == "#1[0+4]");
    CHECK(given(story, 1) == "#4[0+4]");
    REQUIRE(story.losses().size() == 2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        CHECK(story.losses()[i].place == LossPlace::receive_queue);
        CHECK(story.losses()[i].piece.message == i + 1);
        CHECK(story.losses()[i].evidence == story::Evidence::observed);
        CHECK(story.losses()[i].why.find("2 drops") != std::string::npos);
    }
}

TEST_CASE("of two copies one is damaged and the other arrives: nothing is missing in the end") {
    UdpScene b;
    const auto first = b.passes("ONE", 10 * ms);
    b.duplicate(first, 21 * ms);
    b.corrupt(first);
    b.reads("ONE", 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::checksum);
    CHECK(story.losses()[0].repaired);
}

TEST_CASE("each lost fragment is told; the first of them names the message") {
    UdpScene b;
    const std::string data(3000, 'x');
    b.sends(data, 10 * ms);
    const std::string whole = udp_bytes(C, 50000, 7000, data).substr(20);
    constexpr std::uint16_t kMore = 0x2000;
    b.packet(C, ip4_packet(C, 17, whole.substr(0, 1480), 7, kMore), 10 * ms + 1, kLost);
    b.packet(C, ip4_packet(C, 17, whole.substr(1480, 1480), 7, kMore | 185), 10 * ms + 2, 20 * ms);
    b.packet(C, ip4_packet(C, 17, whole.substr(2960), 7, 370), 10 * ms + 3, kLost);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[0].packet == 0);
    CHECK(story.losses()[0].piece == Piece{0, 0, 3000});
    CHECK(story.losses()[1].packet == 2);
    CHECK(story.losses()[1].piece.message == kNone);
}

TEST_CASE("SO_PEEK_OFF goes from datagram to datagram") {
    UdpScene b;
    b.setsockopt(1, 3, 1, 42, 0, 3 * ms);
    b.sends("12345678", 10 * ms);
    b.sends("1234", 11 * ms);
    b.packet("12345678", 10 * ms + 1, 20 * ms);
    b.packet("1234", 11 * ms + 1, 21 * ms);
    b.recv(1, 3, 4, "1234", 30 * ms, 30 * ms + 5, 2);
    b.recv(1, 3, 64, "5678", 31 * ms, 31 * ms + 5, 2);
    b.recv(1, 3, 64, "1234", 32 * ms, 32 * ms + 5, 2);
    b.reads("12345678", 33 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+4]");
    CHECK(given(story, 1) == "#1[4+4]");
    CHECK(given(story, 2) == "#2[0+4]");
    CHECK(given(story, 3) == "#1[0+8]");
    CHECK(story.losses().empty());
}

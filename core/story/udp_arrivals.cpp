#include "core/story/udp_arrivals.hpp"

#include <algorithm>

#include "core/story/build.hpp"

namespace socketscope::story {

void arrive(Facts& facts, std::uint32_t socket, const Arrival& arrival, const std::vector<Piece>& content) {
    const auto goes_to = [&](std::uint32_t message) {
        if (message != kNone && facts.messages[message].to_socket == kNone)
            facts.messages[message].to_socket = socket;
    };
    goes_to(arrival.message);
    for (const Piece& piece : content) goes_to(piece.message);
    keep_content(facts, arrival, content);
    inbox_of(facts, socket).arrivals.push_back(arrival);
}

void keep_content(Facts& facts, const Arrival& arrival, const std::vector<Piece>& content) {
    if (content.empty()) return;
    Content& kept = facts.contents[content_key(arrival)];
    kept = {{}, content};
    for (const Piece& piece : content)
        kept.bytes += bytes_of(facts, piece.message).substr(piece.offset, piece.size);
}

void left(Facts& facts, std::uint32_t message, const std::vector<Piece>& content, TimeNs at_ns) {
    const auto leaves = [&](std::uint32_t m) {
        if (m != kNone) facts.message_left_ns[m] = std::max(facts.message_left_ns[m], at_ns);
    };
    leaves(message);
    for (const Piece& piece : content) leaves(piece.message);
}

}  // namespace socketscope::story

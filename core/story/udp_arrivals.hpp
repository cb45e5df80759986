// How a datagram comes into a socket's receive queue, and leaves its sender's.
#pragma once

#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

// `content`: what it carries, where that is not one whole message.
void arrive(Facts& facts, std::uint32_t socket, const Arrival& arrival, const std::vector<Piece>& content);
void keep_content(Facts& facts, const Arrival& arrival, const std::vector<Piece>& content);
// Its messages are no longer in the send queue.
void left(Facts& facts, std::uint32_t message, const std::vector<Piece>& content, TimeNs at_ns);

}  // namespace socketscope::story

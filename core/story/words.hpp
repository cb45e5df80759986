// Constants of Linux as they are written in C, and bytes as people can read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socketscope::story {

std::string message_flags(std::int64_t flags);                     // "MSG_PEEK|MSG_DONTWAIT", "0"
std::string poll_events(std::int64_t events);                      // "POLLIN|POLLRDHUP"
std::string shutdown_how(std::int64_t how);                        // "SHUT_WR"
std::string option_level(std::int64_t level);                      // "SOL_SOCKET"
std::string option_name(std::int64_t level, std::int64_t option);  // "SO_RCVBUF"
std::string request_name(std::int64_t request);                    // "FIONREAD"
// "HELLO ", at most `limit` bytes, escaped as in C, in quotes, "…" behind if there are more.
std::string quoted(std::string_view bytes, std::size_t limit);
std::string bytes_word(std::uint64_t count);  // "1 byte", "5 bytes"

}  // namespace socketscope::story

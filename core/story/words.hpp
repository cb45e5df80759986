// Options and bytes as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socketscope::story {

std::string option_level(std::int64_t level);                      // "SOL_SOCKET", "IPPROTO_TCP"
std::string option_name(std::int64_t level, std::int64_t option);  // "SO_RCVBUF"
// "HELLO ", escaped as in C, in quotes, at most `limit` characters between them, "…" behind if there are more.
std::string quoted(std::string_view bytes, std::size_t limit);
std::string bytes_word(std::uint64_t count);  // "1 byte", "5 bytes"

}  // namespace socketscope::story

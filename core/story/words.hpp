// Options and bytes as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socketscope::story {

// As strace(1) writes them.
std::string option_level(std::int64_t level);                      // "SOL_SOCKET", "SOL_TCP"
std::string option_name(std::int64_t level, std::int64_t option);  // "SO_RCVBUF"
// "[1]", "{l_onoff=1, l_linger=5}", "{tv_sec=0, tv_usec=300000}", "reno" in quotes; what has no form of its own: its
// bytes.
std::string option_value(std::int64_t level, std::int64_t option, std::string_view value);
// "HELLO ", escaped as in C, in quotes, at most `limit` characters between them, "…" behind if there are more.
std::string quoted(std::string_view bytes, std::size_t limit);
std::string bytes_word(std::uint64_t count);  // "1 byte", "5 bytes"

}  // namespace socketscope::story

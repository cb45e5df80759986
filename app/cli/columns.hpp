// Text in columns of a fixed width, counted in characters (UTF-8), not in bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socketscope::cli {

std::size_t columns(std::string_view text);
std::string padded(std::string text, std::size_t width);  // with spaces behind
// At spaces if there is a good one, else anywhere; lines but the first begin with `indent` spaces.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent);
std::string shortened(std::string_view text, std::size_t width, bool unicode);  // "…" where it was cut
std::string to_ascii(std::string_view text);  // arrows, dashes and marks as ASCII

}  // namespace socketscope::cli

// Bytes as the JSON of `run` writes them.
#pragma once

#include <string>
#include <string_view>

namespace socketscope::cli {

std::string hex(std::string_view bytes);  // "4500"
void append_hex(std::string& text, std::string_view bytes);
// Printable ASCII as it is, all else and the backslash as \xNN: "HELLO\x0a".
std::string printable(std::string_view bytes);

}  // namespace socketscope::cli

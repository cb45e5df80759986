// One line of strace, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socketscope::test {

// One line of strace: `TIME name(args…) = result`.
struct Line {
    std::string at;  // seconds since 1970, all of one length
    std::string name;
    std::vector<std::string> args;
    std::string result;  // "3", "-1 EPIPE", "1 ([{fd=4, revents=POLLIN}])"
};
// Nothing for what is no call: signals, "+++ exited with 0 +++".
std::optional<Line> parsed(const std::string& text);

// Parts between commas that no bracket or quote holds.
std::vector<std::string> split(std::string_view text);
std::string_view inside(std::string_view text);  // "[a]" → "a"
// The member `name` of a struct as strace writes it; "" if it has none.
std::string member(std::string_view structure, const std::string& name);
// The descriptors in msg_control, as "[3, 4]".
std::string descriptors_in(const std::string& message);

// `name(args) = result` in the common form of both sides (strace.hpp).
std::string in_common_form(const Line& line);

}  // namespace socketscope::test

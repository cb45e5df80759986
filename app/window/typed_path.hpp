// What a person types or pastes as the path of a file.
#pragma once

#include <string>
#include <string_view>

namespace socketscope::window {

// The path that is meant: no blanks and quotes around it, "~/" as `home`, a file:// address (RFC 8089) as its path.
std::string typed_path(std::string_view typed, const std::string& home);

}  // namespace socketscope::window

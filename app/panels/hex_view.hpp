// Bytes as people read them: offset, hexadecimal, text; the bytes of each message in its hue.
#pragma once

#include <string_view>
#include <vector>

#include "app/panels/facts.hpp"
#include "app/panels/view.hpp"

namespace socketscope::panels {

// Inside the current ImGui window, at its cursor. Only rows in sight cost anything.
void draw_hex(const View& view, std::string_view bytes, const std::vector<ByteMark>& marks);

}  // namespace socketscope::panels

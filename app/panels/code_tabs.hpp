// The tabs of the code panel: one a program, with the line at which it stands.
#pragma once

#include <string>
#include <vector>

#include "app/panels/view.hpp"

namespace socketscope::panels {

// Returns the name of the one that is shown. `names`: not empty.
std::string draw_code_tabs(const View& view, style::Canvas canvas, style::Box area,
                           const std::vector<std::string>& names);

}  // namespace socketscope::panels

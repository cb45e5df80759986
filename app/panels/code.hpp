// The scripts as they run: current lines lit in the lane's colour, who sleeps, which expectations held.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_code(const View& view, style::Box area);

}  // namespace socketscope::panels

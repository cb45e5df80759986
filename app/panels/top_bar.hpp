// The bar at the top: where we are, how far the course has come, the run, and the buttons for the looks.
#pragma once

#include "app/panels/home.hpp"
#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_top_bar(const View& view, style::Box area, const HomeContent& home);

}  // namespace socketscope::panels

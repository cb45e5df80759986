// Home's matrix: what this kernel answered for each domain and type, with a miniature of how each kind behaves.
#pragma once

#include "app/panels/home.hpp"

namespace socketscope::panels {

// Fills `area` of the canvas. A click on a cell runs that kind of socket. Where the rows are too low for pictures, their
// words alone are shown.
void draw_matrix(const View& view, Canvas canvas, Box area, const HomeContent& content);

}  // namespace socketscope::panels

// The buttons of a player: start, back, play, on, end; time, clock, speed, loop.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_transport(const View& view, style::Box area);

}  // namespace socketscope::panels

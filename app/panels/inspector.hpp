// The inspector: all that is known of the selected call, packet, message, byte or socket, and how it is known.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_inspector(const View& view, style::Box area);

}  // namespace socketscope::panels

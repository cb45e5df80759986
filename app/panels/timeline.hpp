// The timeline: per lane its programs' calls as bars, blocked time, packets and marks; the ruler; the playhead.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

// Drag on it moves the playhead, wheel zooms about the pointer, Shift + drag or the middle button pans; a click on a mark
// selects it. Cost is in proportion to pixels, not to events.
void draw_timeline(const View& view, style::Box area);

}  // namespace socketscope::panels

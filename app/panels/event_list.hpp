// The list of events: filter, the row under the playhead lit, click = go there.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_event_list(const View& view, style::Box area);

}  // namespace socketscope::panels

// The list of events: filter, the row under the playhead lit, click = go there.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

// `focus_filter`: the keyboard goes to the filter. Enter or Esc there leaves it (Esc takes back what was typed).
void draw_event_list(const View& view, style::Box area, bool focus_filter);

}  // namespace socketscope::panels

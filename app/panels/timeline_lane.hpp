// One lane of the timeline: what its programs were doing, and marks for what happened.
#pragma once

#include "app/panels/time_axis.hpp"
#include "app/panels/timeline_row.hpp"
#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_timeline_lane(const View& view, style::Canvas canvas, const TimeAxis& axis, const TimelineRow& row,
                        style::Box box);

}  // namespace socketscope::panels

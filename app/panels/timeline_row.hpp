// What the timeline shows of one lane, pixel column by pixel column: found in the story by search, so that the cost is in
// proportion to pixels, not to events. Independent of the playhead, so it is kept from frame to frame. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "app/panels/time_axis.hpp"
#include "core/story/story.hpp"

namespace socketscope::panels {

// A program is in a call (or blocked in one) from x to x; between two runs it is in none.
struct BarRun {
    float begin{0}, end{0};
    bool blocked{false};
    bool operator==(const BarRun&) const = default;
};
struct RowSign {
    std::uint32_t event{0};  // index into Story::events()
    bool above{false};       // the middle line, else on it
    bool operator==(const RowSign&) const = default;
};
struct TimelineRow {
    std::size_t lane{0};
    std::vector<std::vector<BarRun>> bars;  // by endpoint
    std::vector<RowSign> signs;
};

// The times at which the axis' pixel columns begin, and that at which the last one ends.
std::vector<TimeNs> column_times(const TimeAxis& axis);

// `columns`: of column_times(). At most one sign every `step` pixels, above the line and on it.
TimelineRow make_row(const story::Story& story, std::size_t lane, const TimeAxis& axis,
                     const std::vector<TimeNs>& columns, float step);

}  // namespace socketscope::panels

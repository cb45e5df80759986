// What the timeline shows of one lane, pixel column by pixel column: found in the story by search, so that the cost
// is in proportion to pixels, not to events. Independent of the playhead, so it is kept from frame to frame. Pure.
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

// The pixel columns of a row: where each begins in time, and at last where the last one ends.
struct Columns {
    float width{1};  // pixels
    std::vector<TimeNs> times;
};
// One pixel wide, but `wide` ones where so many events share a pixel that the edge of a bar can't be seen.
Columns columns_of(const player::State& state, const TimeAxis& axis, float wide);

// At most one sign every `step` pixels, above the line and on it.
TimelineRow make_row(const story::Story& story, std::size_t lane, const TimeAxis& axis,
                     const Columns& columns, float step);

}  // namespace socketscope::panels

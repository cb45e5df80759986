// The timeline: per lane its programs' calls as bars, blocked time, packets and marks; the ruler; the playhead.
#pragma once

#include <cstdint>
#include <vector>

#include "app/panels/timeline_row.hpp"
#include "app/panels/view.hpp"

namespace socketscope::panels {

// Drag on it moves the playhead, wheel zooms about the pointer, Shift + drag or the middle button pans; a click on
// a mark selects it. Keeps the rows, which do not depend on the playhead, until the stories or the axis are others.
class TimelinePanel {
public:
    void draw(const View& view, style::Box area);

private:
    struct MadeFor {
        std::uint64_t revision{0};  // State::revision
        player::ClockKind clock{};
        TimeNs from{0}, to{0};
        float left{0}, right{0}, step{0};
        bool operator==(const MadeFor&) const = default;
    };
    void prepare(const player::State& state, const TimeAxis& axis, float step, float wide);

    std::vector<TimelineRow> rows_;
    MadeFor made_for_;
};

}  // namespace socketscope::panels

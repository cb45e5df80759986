// Two clocks of a recording: true time, and story time, in which idle gaps shrink and busy moments stretch.
//
// All times are ns since the lane's start. Story time is in seconds at speed 1. Both ways are monotone, and an event keeps
// its place: to_true(to_story(t)) is t for the time of an event.
#pragma once

#include <cstddef>
#include <vector>

#include "core/model/time.hpp"

namespace socketscope::player {

using model::TimeNs;

class StoryClock {
public:
    StoryClock() = default;
    // `event_times` in any order; the recording lasts until `end` (or its last event).
    StoryClock(std::vector<TimeNs> event_times, TimeNs end);

    double to_story(TimeNs t) const;
    TimeNs to_true(double story) const;
    double length() const { return nodes_.empty() ? 0 : nodes_.back().story; }
    TimeNs end() const { return nodes_.empty() ? 0 : nodes_.back().t; }

    // How long a gap between two neighbouring events lasts in story time: enough to see each event, never so long that
    // one looks away.
    static double gap_seconds(TimeNs gap);

private:
    struct Node {
        TimeNs t;
        double story;
    };
    std::vector<Node> nodes_;
};

}  // namespace socketscope::player

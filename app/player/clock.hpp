// Two clocks of a recording: true time, and story time, in which idle gaps shrink and busy moments stretch.
//
// All times are ns since the lane's start. Story time is in seconds at speed 1. Both ways are monotone, and an
// event keeps its place: to_true(to_story(t)) is t for the time of an event.
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
    double length() const { return length_; }
    TimeNs end() const { return times_.empty() ? 0 : times_.back(); }

    // How long a gap between two neighbouring events lasts in story time: enough to see each event, never so long that
    // one looks away.
    static double gap_seconds(TimeNs gap);

private:
    // Between two neighbours story time runs evenly. A long recording has millions of them, so the story time is
    // kept at every kEvery-th only, and added up from there; the few marks are also quicker to search than all times.
    static constexpr std::size_t kEvery = 8;
    struct Mark {  // of times_[kEvery * i]
        TimeNs at;
        double story;
    };
    double gap_before(std::size_t i) const;  // story time from times_[i - 1] to times_[i]

    std::vector<TimeNs> times_;  // 0, each moment at which something happens, the end
    std::vector<Mark> marks_;
    double length_{0};
};

}  // namespace socketscope::player

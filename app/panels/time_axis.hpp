// Where a time lies on the timeline: true time or story time to pixels and back, and the ruler's ticks. Pure.
#pragma once

#include <string>
#include <vector>

#include "app/player/state.hpp"

namespace socketscope::panels {

using model::TimeNs;

struct Tick {
    float x{0};
    TimeNs at{0};
    std::string label;  // "" for a small tick
};

// The axis follows the player's clock: in story time busy moments are wide and idle ones narrow.
// The ruler tells true time.
class TimeAxis {
public:
    TimeAxis(const player::State& state, float left, float right);

    float x(TimeNs t) const;
    TimeNs t(float x) const;  // not clamped to what is shown
    float left() const { return left_; }
    float right() const { return right_; }
    TimeNs from() const { return from_; }
    TimeNs to() const { return to_; }
    // Ticks at round true times, about `spacing` pixels apart, labelled in ms.
    std::vector<Tick> ticks(float spacing) const;

private:
    double place(TimeNs t) const;
    TimeNs time_of(double place) const;

    const player::StoryClock* clock_{nullptr};  // nullptr: true time
    float left_, right_;
    TimeNs from_, to_;
    double begin_, length_;
};

// The roundest time in [low, high]: a multiple of the largest 1, 2 or 5 × 10ⁿ that has one there.
TimeNs roundest(TimeNs low, TimeNs high);

}  // namespace socketscope::panels

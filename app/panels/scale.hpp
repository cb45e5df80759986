// How large everything is shown: what a person, the monitor and the presenter's window ask for, and what there is room for.
#pragma once

#include <optional>
#include <string>

#include "app/player/state.hpp"
#include "app/style/roles.hpp"

namespace socketscope::panels {

// For whom a state is to be shown: presenter mode shows everything larger, small letters most.
style::Distance distance_of(const player::State& state);
// The scale at which a state is to be shown in a window of so many pixels. The presenter's letters are as large for the
// eye in each window as in one of the design's size, and larger or smaller by what a person has asked for.
float effective_scale(const player::State& state, float width, float height);

// What one press of "larger" (by > 0), "smaller" (< 0) or "as it was" (0) does in a window of so many pixels: a command
// that changes what is seen, or why there is none.
struct ScaleStep {
    std::optional<player::Command> command;
    std::string why_not;
};
ScaleStep scale_step(const player::State& state, int by, float width, float height);

}  // namespace socketscope::panels

// How a run ended, in words for the window: which expectations did not hold, what was stopped.
#pragma once

#include <string>

#include "app/player/state.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::player {

// One line, then one for each expectation that did not hold. "" if all is well; a refused lane is no failure.
std::string failures_text(const trace::Trace& trace);

// Why this run does not bear out what the lesson says of a prediction, so that an answer can't be graded by it: the
// moment that shows it did not happen, or something that the lesson expects did not hold.
// "" = it does, or still goes on.
std::string not_borne_out(const State& state, const lesson::Prediction& prediction);

}  // namespace socketscope::player

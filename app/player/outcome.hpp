// How a run ended, in words for the window: which expectations did not hold, what was stopped.
#pragma once

#include <string>

#include "core/trace/trace.hpp"

namespace socketscope::player {

// One line, then one for each expectation that did not hold. "" if all is well; a refused lane is no failure.
std::string failures_text(const trace::Trace& trace);

}  // namespace socketscope::player

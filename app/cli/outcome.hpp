// What a finished run comes to: the text that `run` prints and the exit status of `run` and `check`.
#pragma once

#include <string>

#include "core/trace/trace.hpp"

namespace socketscope::cli {

// The ladder of each lane, then its expectations, then one line for the whole.
std::string tell(const trace::Trace& trace);
// Exit: kHeld, kFailed, or kNotPossible if a lane could not be run on this machine.
int outcome(const trace::Trace& trace);

}  // namespace socketscope::cli

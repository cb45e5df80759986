// What a finished run comes to: the text that `run` prints and the exit status of `run` and `check`.
#pragma once

#include <string>

#include "app/cli/ladder.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::cli {

// As wide as the terminal, up to a bound, and in its encoding.
LadderOptions ladder_for_terminal();
// The ladder of each lane, then its expectations, then one line for the whole.
std::string tell(const trace::Trace& trace, const LadderOptions& options = {});
// Exit: kHeld, kFailed, or kNotPossible if a lane could not be run on this machine.
int outcome(const trace::Trace& trace);

}  // namespace socketscope::cli

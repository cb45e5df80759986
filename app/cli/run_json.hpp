// The JSON that `socketscope run --json` prints: every call and packet, and what the story makes of them.
#pragma once

#include <functional>
#include <string_view>

#include "core/story/story.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::cli {

// {"lanes": [...]}: documented in docs/json.md. Times are ns since the lane's start. Goes to `write` piece by piece: the
// whole text of a run of 100 MB would need many times that in memory.
void write_run_json(const trace::Trace& trace, const std::function<void(std::string_view)>& write);

}  // namespace socketscope::cli

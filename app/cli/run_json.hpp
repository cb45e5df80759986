// The JSON that `socketscope run --json` prints: every call and packet, and what the story makes of them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/story/story.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::cli {

// {"lanes": [...]}: documented in docs/json.md. Times are ns since the lane's start.
nlohmann::ordered_json run_json(const trace::Trace& trace);

}  // namespace socketscope::cli

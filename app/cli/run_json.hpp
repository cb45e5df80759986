// The JSON that `socketscope run --json` prints: every call and packet, and what the story makes of them.
#pragma once

#include "app/cli/json_writer.hpp"
#include "core/story/story.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::cli {

// {"lanes": [...]}: documented in docs/json.md. Times are ns since the lane's start.
void write_run_json(const trace::Trace& trace, const JsonWriter::Sink& write);

}  // namespace socketscope::cli

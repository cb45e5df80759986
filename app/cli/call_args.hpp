// The arguments of a recorded call as JSON, named as in its man page, constants by name.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/trace/trace.hpp"

namespace socketscope::cli {

nlohmann::ordered_json call_args(const trace::LaneTrace& lane, const model::CallRecord& call);

}  // namespace socketscope::cli

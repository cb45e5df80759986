// Durations on the command line: "500ms", "2s", "20us".
#pragma once

#include <string>

#include "core/model/time.hpp"

namespace socketscope::cli {

// Throws model::Failure (with the option's name) for anything else.
model::TimeNs parse_duration(const std::string& text, const std::string& option);

}  // namespace socketscope::cli

// The recorded events as text, one a line, in the order of time: for grep, sort, awk, and for who works on this code.
#pragma once

#include <functional>
#include <string_view>

#include "core/trace/trace.hpp"

namespace socketscope::cli {

// Columns: lane, ms since the lane's start, program or host, sort of event, what it was. UTF-8, no colour codes, no
// line feed inside an event. Handed to `print` in pieces of whole lines, as long as it returns true.
void tell_events(const trace::Trace& trace, const std::function<bool(std::string_view)>& print);

}  // namespace socketscope::cli

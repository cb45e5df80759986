// Reads a moment of a run as lessons name it. The grammar stands in docs/lessons.md ("Moments").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/parsed.hpp"
#include "core/model/moment.hpp"

namespace socketscope::lesson {

// "start", "end", "call client send 2", "call server recv 1 enter", "packet client data 2 lost", "lost 1",
// "retransmission 1"; each may end with "+ 2ms" or "- 1ms". `endpoints`: the programs that `call` may name.
Parsed<model::Moment> parse_moment(std::string_view text, const std::vector<std::string>& endpoints);

}  // namespace socketscope::lesson

// A scenario from a few lines of script, and a trace as text for failure messages.
#pragma once

#include <string>
#include <vector>

#include "core/lesson/lesson.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::tests {

struct Part {
    std::string name;  // "server…" runs on the server host, all else on the client host
    std::string script;
};
// One lane a kind, each with these scripts. A script that can't be parsed throws with its diagnostics.
lesson::Scenario scene(const std::vector<std::string>& kinds, const std::vector<Part>& parts);

// One line a call, in the order of time: "client  3: send(4) = 6  HELLO".
std::string calls_text(const trace::LaneTrace& lane);
// The same of one endpoint without its name, our own calls left out.
std::vector<std::string> calls_of(const trace::LaneTrace& lane, const std::string& endpoint);
// Expectations that did not hold, notes of script errors; "" = all is well.
std::string complaints(const trace::LaneTrace& lane);

}  // namespace socketscope::tests

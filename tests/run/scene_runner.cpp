#include "tests/run/scene_runner.hpp"

#include <doctest/doctest.h>

#include <cstdio>

namespace socketscope::tests {

run::Runner& runner() {
    static run::Runner one;
    return one;
}

trace::Trace run_well(const lesson::Scenario& scenario) {
    trace::Trace trace = runner().run(scenario);
    for (const auto& lane : trace.lanes) {
        INFO(calls_text(lane));
        CHECK(lane.complete);
        CHECK(lane.refused == "");
        CHECK(complaints(lane) == "");
    }
    return trace;
}

bool two_hosts(const char* what) {
    const auto rung = runner().rung().rung;
    if (rung == host::Rung::tun || rung == host::Rung::veth) return true;
    std::printf("SKIPPED: %s: no two hosts here: %s\n", what, runner().rung().missing.c_str());
    return false;
}

}  // namespace socketscope::tests

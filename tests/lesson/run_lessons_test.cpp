// Our own lessons on this kernel: every lane runs, every expectation holds. SOCKETSCOPE_LESSON_RUNS=50 repeats each.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "core/lesson/lesson.hpp"
#include "core/run/runner.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;

namespace {

int runs() {
    const char* wanted = std::getenv("SOCKETSCOPE_LESSON_RUNS");
    return wanted ? std::max(1, std::atoi(wanted)) : 1;
}

// What went wrong in one lane, "" if nothing.
std::string complaint(const trace::LaneTrace& lane) {
    if (!lane.refused.empty()) return "refused: " + lane.refused;
    std::string text = lane.complete ? "" : "not complete; ";
    if (lane.expectations.empty()) text += "no expectation was checked; ";
    for (const auto& expectation : lane.expectations) {
        if (expectation.held) continue;
        text += lane.endpoints[expectation.endpoint].name + ", line " + std::to_string(expectation.line) +
                ": expected " + expectation.expected + ", seen " + expectation.seen + "; ";
    }
    return text;
}

}  // namespace

TEST_CASE("every lesson holds on this kernel") {
    run::Runner runner;
    if (runner.rung().rung > host::Rung::veth) {
        test::skipped("lessons", "they need a wire of our own: " + runner.rung().missing);
        return;
    }
    const auto files = lesson::lesson_files(SOCKETSCOPE_SOURCE_DIR "/assets/lessons");
    REQUIRE(files.size() >= 5);
    for (const auto& file : files) {
        const auto loaded = lesson::load_lesson(file);
        REQUIRE(loaded.ok());
        const auto scenario = lesson::make_scenario(*loaded.lesson).scenario;
        for (int i = 0; i < runs(); ++i) {
            const trace::Trace trace = runner.run(scenario);
            REQUIRE(trace.lanes.size() == scenario.lanes.size());
            for (const auto& lane : trace.lanes) {
                CAPTURE(file);
                CAPTURE(i);
                CAPTURE(model::to_string(lane.kind));
                CHECK(complaint(lane) == "");
            }
        }
    }
}

#include <doctest/doctest.h>

#include <algorithm>

#include "app/stage/layout.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/long_lane.hpp"
#include "tests/stage/recorded.hpp"
#include "tests/support/processor_time.hpp"

using namespace socketscope;
using namespace socketscope::tests;

namespace {

// Processor time of the quickest of several tries: what the work costs when nobody else is in the way.
model::TimeNs quickest_ns(const stage::StageInput& input) {
    model::TimeNs best = model::kSecond;
    for (int i = 0; i < 15; ++i) {
        const model::TimeNs begin = test::processor_ns();
        const stage::Scene scene = stage::layout(input);
        best = std::min(best, test::processor_ns() - begin);
        CHECK(!scene.shapes.empty());
    }
    return best;
}

}  // namespace

// Its cost in milliseconds stands in tests/bench; here: it is that of the picture, not of the recording.
TEST_CASE("a hundred times as many events make a layout hardly dearer") {
    const auto cost_ns = [](std::uint32_t messages) {
        const trace::LaneTrace lane = long_lane(messages);
        const story::Story story(lane);
        const stage::LanePlan plan(story);
        stage::StageInput input;
        input.width = 664;
        input.height = 500;
        input.measure = fixed_measure;
        input.lanes = {{&story, &plan, "", 0}};
        model::TimeNs dearest = 0;
        for (const model::TimeNs t : {lane.end_ns / 2, lane.end_ns}) {
            input.t = t;
            dearest = std::max(dearest, quickest_ns(input));
        }
        return dearest;
    };
    const model::TimeNs few = cost_ns(5'000), many = cost_ns(500'000);
    MESSAGE("layout of 10,000 events: ", few / 1000, " us, of 1,000,000: ", many / 1000, " us");
    CHECK(many < 10 * few);
}

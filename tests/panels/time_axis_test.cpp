#include "app/panels/time_axis.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::panels;
using model::kMicrosecond;
using model::kMillisecond;

namespace {

player::State state_with(std::vector<TimeNs> events, TimeNs end, player::ClockKind clock) {
    player::State state;
    state.clock = player::StoryClock(std::move(events), end);
    state.end = state.clock.end();
    state.clock_kind = clock;
    return state;
}

}  // namespace

TEST_CASE("the roundest time of a span") {
    CHECK(roundest(0, 100) == 0);
    CHECK(roundest(17, 23) == 20);
    CHECK(roundest(51 * kMillisecond, 149 * kMillisecond) == 100 * kMillisecond);
    CHECK(roundest(1'234'567, 1'234'569) == 1'234'568);
    CHECK(roundest(7, 7) == 7);
}

TEST_CASE("time to pixel and back, on both clocks and zoomed") {
    for (const auto clock : {player::ClockKind::story, player::ClockKind::true_time}) {
        auto state =
            state_with({10 * kMicrosecond, 20 * kMicrosecond, 80 * kMillisecond}, 100 * kMillisecond, clock);
        for (const bool zoomed : {false, true}) {
            if (zoomed) state.view_from = 5 * kMicrosecond, state.view_to = 90 * kMillisecond;
            const TimeAxis axis(state, 100, 900);
            CHECK(axis.x(axis.from()) == doctest::Approx(100));
            CHECK(axis.x(axis.to()) == doctest::Approx(900));
            float last = 0;
            for (TimeNs t = axis.from(); t <= axis.to(); t += 100 * kMicrosecond) {
                CHECK(axis.x(t) >= last);
                last = axis.x(t);
                CHECK(std::abs(axis.x(axis.t(axis.x(t))) - axis.x(t)) < 0.01F);
            }
        }
    }
}

TEST_CASE("in story time a busy microsecond is wider than an idle one") {
    const auto state = state_with({10 * kMicrosecond, 20 * kMicrosecond, 80 * kMillisecond},
                                  80 * kMillisecond, player::ClockKind::story);
    const TimeAxis axis(state, 0, 1000);
    const float busy = axis.x(20 * kMicrosecond) - axis.x(10 * kMicrosecond);
    const float idle = axis.x(40 * kMillisecond + 10 * kMicrosecond) - axis.x(40 * kMillisecond);
    CHECK(busy > idle * 50);
}

TEST_CASE("ticks stand at round times, apart from each other, and inside") {
    for (const auto clock : {player::ClockKind::story, player::ClockKind::true_time}) {
        const auto state = state_with({kMillisecond, 2 * kMillisecond, 3 * kMillisecond, 900 * kMillisecond},
                                      1000 * kMillisecond, clock);
        const TimeAxis axis(state, 0, 1000);
        const auto ticks = axis.ticks(84);
        REQUIRE(ticks.size() >= 5);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            CHECK(ticks[i].x >= -0.01F);
            CHECK(ticks[i].x <= 1000.01F);
            CHECK(!ticks[i].label.empty());
            if (i > 0) CHECK(ticks[i].at > ticks[i - 1].at);
        }
    }
}

#include "app/panels/steps.hpp"

#include <doctest/doctest.h>

#include "tests/panels/shown.hpp"

using namespace socketscope;

TEST_CASE("the text follows the playhead, and reading on follows the text") {
    player::State state = test::recorded_state();
    const auto steps = panels::steps_of(state);
    REQUIRE(steps.size() >= 3);
    CHECK(panels::current_step(state, steps) == 0);
    for (std::size_t i = 1; i < steps.size(); ++i) {
        REQUIRE(steps[i].beat != SIZE_MAX);
        player::apply(state, player::GoToBeat{steps[i].beat});
        CHECK(panels::current_step(state, steps) == i);
    }
}

TEST_CASE("where a run brings the beats in another order, the text is that of the beat") {
    player::State state = test::recorded_state();
    REQUIRE(state.beats.size() >= 4);
    std::swap(state.beats[1].at, state.beats[2].at);
    std::swap(state.beats[1], state.beats[2]);
    const auto steps = panels::steps_of(state);
    for (std::size_t beat = 0; beat < state.beats.size(); ++beat) {
        player::apply(state, player::GoToBeat{beat});
        CHECK(steps[panels::current_step(state, steps)].beat == beat);
    }
}

TEST_CASE("reading on plays up to the next step and rests there; once more is there at once") {
    player::State state = test::recorded_state();
    const auto steps = panels::steps_of(state);
    const auto goal = state.beats[steps[1].beat].at;
    player::apply(state, player::PlayTo{goal});
    CHECK(state.playing);
    player::advance(state, 0.02);
    CHECK(state.t > 0);
    CHECK(state.t < goal);
    for (int i = 0; i < 100'000 && state.playing; ++i) player::advance(state, 0.05);
    CHECK(state.t == goal);
    CHECK_FALSE(state.playing);
    CHECK_FALSE(state.rest_at);

    const auto next = state.beats[steps[2].beat].at;
    player::apply(state, player::PlayTo{next});
    player::apply(state, player::PlayTo{next});
    CHECK(state.t == next);
    CHECK_FALSE(state.playing);
}

TEST_CASE("a question is asked before its answer is shown") {
    const player::State state = test::recorded_state();
    const auto steps = panels::steps_of(state);
    REQUIRE(state.lesson);
    for (std::size_t i = 0; i < state.lesson->predictions.size(); ++i) {
        const auto beat = panels::find_beat(state, state.lesson->predictions[i].beat);
        REQUIRE(beat);
        std::size_t asked = SIZE_MAX;
        for (std::size_t step = 0; step < steps.size(); ++step) {
            for (const std::size_t prediction : panels::predictions_in(state, steps, step)) {
                if (prediction == i) asked = step;
            }
        }
        REQUIRE(asked < steps.size());
        const auto shown_at = state.beats[*beat].at;
        if (asked > 0) CHECK(state.beats[steps[asked].beat].at < shown_at);
    }
}

#include "app/panels/caption.hpp"

#include <doctest/doctest.h>

#include "tests/panels/shown.hpp"

using namespace socketscope;

TEST_CASE("a caption tells of its beat, and says so once something else has happened") {
    player::State state = test::recorded_state();
    REQUIRE(state.beats.size() >= 3);
    state.t = 0;
    panels::Caption caption = panels::caption_of(state);
    CHECK(caption.words == state.lesson->summary);
    CHECK(caption.beat == SIZE_MAX);
    CHECK_FALSE(caption.past);
    for (std::size_t i = 0; i < state.beats.size(); ++i) {
        CAPTURE(i);
        player::apply(state, player::GoToBeat{i});
        caption = panels::caption_of(state);
        CHECK(caption.words == state.beats[i].caption);
        CHECK(caption.beat == i);
        CHECK_FALSE(caption.past);
        player::apply(state, player::StepEvent{1});
        caption = panels::caption_of(state);
        const bool next = i + 1 < state.beats.size() && state.t >= state.beats[i + 1].at;
        CHECK(caption.beat == (next ? i + 1 : i));
        if (!next) CHECK(caption.past);
        player::apply(state, player::StepEvent{-1});
    }
}

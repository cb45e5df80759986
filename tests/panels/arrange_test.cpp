#include "app/panels/arrange.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "tests/panels/shown.hpp"

using namespace socketscope;
using panels::Arrangement;
using panels::Place;

namespace {

std::vector<Place> all_places(const Arrangement& a) {
    std::vector<Place> out{a.top_bar};
    for (const auto* place : {&a.message, &a.caption, &a.lesson, &a.stage, &a.code, &a.events, &a.inspector,
                              &a.transport, &a.timeline, &a.home}) {
        if (*place) out.push_back(**place);
    }
    return out;
}

bool overlap(const Place& a, const Place& b) {
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

void check_places(const player::State& state, float width, float height) {
    CAPTURE(width);
    CAPTURE(height);
    const auto places = all_places(panels::arrange(state, width, height));
    for (std::size_t i = 0; i < places.size(); ++i) {
        CAPTURE(i);
        CHECK(places[i].x >= 0);
        CHECK(places[i].y >= 0);
        CHECK(places[i].right() <= width + 0.01F);
        CHECK(places[i].bottom() <= height + 0.01F);
        for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(overlap(places[i], places[k]));
    }
}

}  // namespace

TEST_CASE("no panel overlaps another or leaves the window, whatever is folded, chosen or said") {
    player::State state = test::recorded_state();
    for (const auto& [width, height] : std::vector<std::pair<float, float>>{{1280, 720},
                                                                            {1920, 1080},
                                                                            {640, 360},
                                                                            {853, 480},
                                                                            {1024, 640},
                                                                            {1100, 900},
                                                                            {1500, 860},
                                                                            {3840, 2160}}) {
        for (unsigned mask = 0; mask < 256; ++mask) {
            for (std::size_t i = 0; i < state.folded.size(); ++i) state.folded[i] = (mask >> i & 1U) != 0;
            state.selected = (mask & 32U) != 0 ? model::Ref{model::RefKind::packet, 0, 0, 0} : model::Ref{};
            state.presenter = (mask & 64U) != 0;
            state.message = (mask & 128U) != 0 ? "something failed" : "";
            check_places(state, width, height);
        }
    }
}

TEST_CASE("at the smallest size of the design every panel has its place") {
    player::State state = test::recorded_state();
    Arrangement places = panels::arrange(state, 1280, 720);
    CHECK(places.lesson);
    CHECK(places.code);
    CHECK(places.events);
    CHECK(places.timeline);
    CHECK(places.stage->width > 600);
    state.selected = {model::RefKind::packet, 0, 0, 0};
    CHECK(panels::arrange(state, 1280, 720).inspector);
    state.presenter = true;
    places = panels::arrange(state, 1280, 720);
    CHECK_FALSE(places.lesson);
    CHECK_FALSE(places.code);
    CHECK(places.caption);
    CHECK(places.strips);
}

TEST_CASE("a short message stands in the top bar and takes no room from anything") {
    player::State state = test::recorded_state();
    for (const bool presenter : {false, true}) {
        state.presenter = presenter;
        state.message.clear();
        const float width = presenter ? 1010 : 1280, height = presenter ? 568 : 720;
        const Arrangement before = panels::arrange(state, width, height);
        CHECK_FALSE(before.message_in_bar);
        state.message = "something failed";
        const Arrangement after = panels::arrange(state, width, height);
        REQUIRE(after.message_in_bar);
        CHECK_FALSE(after.message);
        CHECK(after.message_in_bar->y >= after.top_bar.y);
        CHECK(after.message_in_bar->bottom() <= after.top_bar.bottom());
        CHECK(after.stage->y == before.stage->y);
        CHECK(after.stage->height == before.stage->height);
        CHECK(after.caption.has_value() == presenter);
    }
}

TEST_CASE("a message that is long or shows code has a row of its own, and the caption stays") {
    player::State state = test::recorded_state();
    state.presenter = true;
    for (const std::string& text : {std::string(200, 'w'), std::string("a.md:1:1: error\nlanes = 1\n^")}) {
        state.message = text;
        const Arrangement places = panels::arrange(state, 1010, 568);
        CHECK(places.message);
        CHECK(places.caption);
        CHECK_FALSE(places.message_in_bar);
    }
    state.message = "something failed";
    CHECK(panels::arrange(state, 480, 400).message);  // no room beside name and buttons
}

TEST_CASE("in a very low window the lanes have the room of a presenter's caption") {
    player::State state = test::recorded_state();
    state.presenter = true;
    const Arrangement low = panels::arrange(state, 640, 360);
    CHECK_FALSE(low.caption);
    CHECK(low.stage->height >= 2 * 84);
    CHECK(panels::arrange(state, 800, 450).caption);
}

TEST_CASE("a caption that is longer than a line has two, at every beat") {
    player::State state = test::recorded_state();
    state.presenter = true;
    const float one = panels::arrange(state, 1010, 568).caption->height;
    state.beats.back().caption = std::string(150, 'w');
    CHECK(panels::arrange(state, 1010, 568).caption->height > one);
    CHECK(panels::arrange(state, 3000, 568).caption->height == one);
}

TEST_CASE("where there is little room the stage keeps it") {
    const player::State state = test::recorded_state();
    const Arrangement places = panels::arrange(state, 853, 480);
    CHECK_FALSE(places.lesson);
    CHECK_FALSE(places.code);
    CHECK(places.stage->width > 800);
    CHECK(places.strips);
}

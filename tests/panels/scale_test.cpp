#include "app/panels/scale.hpp"

#include <doctest/doctest.h>

#include "app/style/look.hpp"

using namespace socketscope;

namespace {

player::State a_lesson() {
    player::State state;
    state.screen = player::Screen::lesson;
    return state;
}

// Carries out one press; returns why nothing came of it.
std::string press(player::State& state, int by, float width, float height) {
    const panels::ScaleStep step = panels::scale_step(state, by, width, height);
    CHECK(step.command.has_value() == step.why_not.empty());
    const float before = panels::effective_scale(state, width, height);
    if (step.command) player::apply(state, *step.command);
    const float after = panels::effective_scale(state, width, height);
    CHECK((after != before) == step.command.has_value());
    if (by != 0 && step.command) CHECK((after > before) == (by > 0));
    return step.why_not;
}

}  // namespace

TEST_CASE("no scale leaves a window less than 640 x 360 to be drawn on") {
    player::State state = a_lesson();
    state.scale = 3;
    CHECK(panels::effective_scale(state, 3840, 2160) == 3);
    CHECK(panels::effective_scale(state, 1920, 1080) == 3);
    CHECK(panels::effective_scale(state, 1280, 720) == 2);
    CHECK(panels::effective_scale(state, 300, 200) == 1);
    state.presenter = true;
    CHECK(panels::effective_scale(state, 1280, 720) == 2);
    state.scale = 1;
    CHECK(panels::effective_scale(state, 1280, 720) == style::kPresenterScale);
    CHECK(panels::effective_scale(state, 640, 360) == 1);  // larger letters would leave the stage no room
    CHECK(panels::effective_scale(state, 300, 200) == 1);
}

TEST_CASE("in the presenter letters have their share of a picture, however many pixels it has") {
    player::State state = a_lesson();
    state.presenter = true;
    CHECK(panels::effective_scale(state, 1366, 768) == style::kPresenterScale);
    CHECK(panels::effective_scale(state, 1920, 1080) == doctest::Approx(1.5F * style::kPresenterScale));
    CHECK(panels::effective_scale(state, 1920, 720) == style::kPresenterScale);
    CHECK(panels::effective_scale(state, 3840, 2160) == doctest::Approx(3 * style::kPresenterScale));
    state.scale = 2;  // chosen by a person, or the monitor's
    CHECK(panels::effective_scale(state, 1920, 1080) == doctest::Approx(2 * style::kPresenterScale));
    state.screen = player::Screen::home;  // it is presented, too
    CHECK(panels::effective_scale(state, 1920, 1080) == doctest::Approx(2 * style::kPresenterScale));
}

TEST_CASE("each press for larger or smaller letters is seen, or it says why not") {
    struct Window {
        float width, height;
    };
    for (const bool presenter : {false, true}) {
        for (const Window& window :
             {Window{640, 360}, Window{1024, 768}, Window{1280, 720}, Window{1366, 768}, Window{1920, 1080},
              Window{2560, 1440}, Window{3840, 2160}}) {
            for (const float monitor : {1.0F, 1.5F, 2.0F, 3.0F}) {
                CAPTURE(presenter);
                CAPTURE(window.width);
                CAPTURE(monitor);
                player::State state = a_lesson();
                state.presenter = presenter;
                state.scale = monitor;
                for (const int by : {1, -1, 0}) {
                    int presses = 0;
                    while (presses < 20 && press(state, by, window.width, window.height).empty()) ++presses;
                    CHECK(presses < 20);  // there is an end, and it is said
                }
            }
        }
    }
}

TEST_CASE("the presenter's letters grow by the first press, and those of the desk stay as they are") {
    player::State state = a_lesson();
    state.presenter = true;
    CHECK(press(state, 1, 1920, 1080) == "");
    CHECK(panels::effective_scale(state, 1920, 1080) == doctest::Approx(1.75F * style::kPresenterScale));
    CHECK(press(state, -1, 1920, 1080) == "");
    CHECK(press(state, -1, 1920, 1080) == "");
    CHECK(panels::effective_scale(state, 1920, 1080) == doctest::Approx(1.25F * style::kPresenterScale));
    CHECK(press(state, 0, 1920, 1080) == "");
    CHECK(panels::effective_scale(state, 1920, 1080) == doctest::Approx(1.5F * style::kPresenterScale));
    CHECK(press(state, 1, 1920, 1080) == "");
    state.presenter = false;
    CHECK(panels::effective_scale(state, 1920, 1080) == 1);
}

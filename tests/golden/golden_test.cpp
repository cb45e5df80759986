// Golden pictures of the stage: recorded runs, fixed moments, exact pixels (tolerance 0: the renderer is deterministic).
//
// SOCKETSCOPE_GOLDEN=write draws them anew into tests/golden/pictures; look at them before you commit them.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "app/player/clock.hpp"
#include "app/render/png.hpp"
#include "tests/golden/picture.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using stage::Direction;
using style::ThemeName;

namespace {

struct Golden {
    const char* picture;
    const char* recording;
    std::vector<std::size_t> lanes;  // empty: the first three
    double part;                     // of the story: 0 … 1
    Look look;
    ThemeName theme;
    float scale;
};

constexpr Look kPanels{648, 484, Direction::automatic, false}, kPresenter{990, 370, Direction::strip, true};

std::vector<Golden> goldens() {
    return {
        {"loss-dark", "20-one-packet-is-lost", {}, 0.62, kPanels, ThemeName::dark, 1},
        {"loss-light", "20-one-packet-is-lost", {}, 0.45, kPanels, ThemeName::light, 1},
        {"loss-presenter", "20-one-packet-is-lost", {}, 0.62, kPresenter, ThemeName::light, 1.2667f},
        {"boundaries-dark", "10-message-boundaries", {}, 1, kPanels, ThemeName::dark, 1},
        {"boundaries-presenter", "10-message-boundaries", {}, 0.75, kPresenter, ThemeName::dark, 1.2667f},
        {"reordering-dark", "30-reordering", {}, 0.55, kPanels, ThemeName::dark, 1.5f},
        {"life-light", "40-connection-life", {}, 0.35, kPanels, ThemeName::light, 1},
        {"unix-dark", "50-unix-against-internet", {}, 0.5, kPanels, ThemeName::dark, 1},
        {"raw-light", "raw", {}, 0.6, kPanels, ThemeName::light, 1},
        {"records-dark", "records", {}, 0.8, kPanels, ThemeName::dark, 1},
        {"crowd-dark", "crowd", {}, 0.6, kPanels, ThemeName::dark, 1},
        {"pair-light", "pair", {}, 0.5, kPanels, ThemeName::light, 1},
        {"refused-dark", "refused", {}, 1, kPanels, ThemeName::dark, 1},
        {"large-light", "large", {}, 0.5, kPanels, ThemeName::light, 1},
        {"damaged-dark", "more_records", {}, 0.4, kPanels, ThemeName::dark, 1},
        {"nobody-dark", "nobody", {}, 0.6, kPanels, ThemeName::dark, 1},
    };
}

player::StoryClock clock_of(const Recorded& recording) {
    std::vector<model::TimeNs> events;
    for (const auto& story : recording.stories) {
        for (const story::Event& event : story->events()) events.push_back(event.at_ns - story->begin_ns());
    }
    return {std::move(events), recording.end};
}

stage::Scene scene_of(const Golden& golden, const style::Look& look) {
    const Recorded& recording = recorded(golden.recording);
    const player::StoryClock clock = clock_of(recording);
    stage::StageInput input =
        stage_of(recording, golden.lanes, clock.to_true(golden.part * clock.length()), golden.look);
    input.story_time = [&](model::TimeNs t) { return clock.to_story(t); };
    input.measure = look.measure();
    return stage::layout(input);
}

std::string path_of(const std::string& name) {
    return std::string(GOLDEN_PICTURES) + "/" + name;
}
bool writing() {
    const char* value = std::getenv("SOCKETSCOPE_GOLDEN");
    return value && std::string(value) == "write";
}

}  // namespace

TEST_CASE("the stage looks as it did") {
    int skipped = 0;
    for (const Golden& golden : goldens()) {
        CAPTURE(golden.picture);
        const Easel easel(golden.theme, golden.scale);
        const render::Picture picture = easel.draw(scene_of(golden, easel.look()), 8);
        const std::string png = path_of(std::string(golden.picture) + ".png"),
                          fonts = path_of(std::string(golden.picture) + ".fonts");
        if (writing()) {
            render::write_png(picture, png);
            std::ofstream(fonts) << easel.fonts() << "\n";
            continue;
        }
        std::string expected;
        std::ifstream(fonts) >> expected;
        REQUIRE(expected != "");
        if (expected != easel.fonts()) {
            ++skipped;
            continue;
        }
        const auto golden_picture = read_png(png);
        REQUIRE(golden_picture.has_value());
        const long pixels = differing(*golden_picture, picture);
        if (pixels != 0) {
            const std::string seen = std::string(golden.picture) + ".seen.png";
            render::write_png(picture, seen);
            MESSAGE("what was drawn is in " << seen << " in the working directory");
        }
        CHECK(pixels == 0);
    }
    if (skipped > 0) {
        std::printf("SKIPPED: %d golden pictures: the fonts or FreeType are other versions than theirs\n",
                    skipped);
    }
}

TEST_CASE("a scene is drawn the same twice") {
    const Golden golden = goldens().front();
    const Easel easel(golden.theme, golden.scale);
    const stage::Scene scene = scene_of(golden, easel.look());
    CHECK(differing(easel.draw(scene, 8), easel.draw(scene, 8)) == 0);
}

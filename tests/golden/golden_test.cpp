// Golden pictures of the stage: recorded runs, fixed moments, exact pixels (tolerance 0: the renderer is deterministic).
//
// SOCKETSCOPE_GOLDEN=write draws them anew into tests/golden/pictures; look at them before you commit them.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

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
    double ms;                       // since the start; true time, so that no clock of a player matters
    Look look;
    ThemeName theme;
    float scale;
};

constexpr Look kPanels{664, 516, Direction::automatic, false}, kPresenter{990, 370, Direction::strip, true};

std::vector<Golden> goldens() {
    return {
        {"loss-dark", "20-one-packet-is-lost", {}, 124.0, kPanels, ThemeName::dark, 1},
        {"loss-light", "20-one-packet-is-lost", {}, 101.0, kPanels, ThemeName::light, 1},
        {"loss-presenter", "20-one-packet-is-lost", {}, 152.0, kPresenter, ThemeName::light, 1.2667f},
        {"boundaries-dark", "10-message-boundaries", {}, 400.0, kPanels, ThemeName::dark, 1},
        {"boundaries-presenter", "10-message-boundaries", {}, 60.0, kPresenter, ThemeName::dark, 1.2667f},
        {"reordering-dark", "30-reordering", {}, 62.0, kPanels, ThemeName::dark, 1.5f},
        {"life-light", "40-connection-life", {}, 58.0, kPanels, ThemeName::light, 1},
        {"unix-dark", "50-unix-against-internet", {}, 11.0, kPanels, ThemeName::dark, 1},
        {"raw-light", "raw", {}, 21.0, kPanels, ThemeName::light, 1},
        {"records-dark", "records", {}, 24.0, kPanels, ThemeName::dark, 1},
        {"crowd-dark", "crowd", {}, 13.0, kPanels, ThemeName::dark, 1},
        {"pair-light", "pair", {}, 0.3, kPanels, ThemeName::light, 1},
        {"dense-light", "dense", {}, 12.0, kPanels, ThemeName::light, 1},
        {"lost-before-presenter", "dense", {}, 60.0, kPresenter, ThemeName::dark, 1.2667f},
        {"reset-dark", "reset", {}, 90.0, kPanels, ThemeName::dark, 1},
        {"refused-dark", "refused", {}, 5.0, kPanels, ThemeName::dark, 1},
        {"large-light", "large", {}, 60.0, kPanels, ThemeName::light, 1},
        {"damaged-dark", "more_records", {}, 3.0, kPanels, ThemeName::dark, 1},
        {"nobody-dark", "nobody", {}, 8.0, kPanels, ThemeName::dark, 1},
    };
}

stage::Scene scene_of(const Golden& golden, const style::Look& look) {
    const auto t = static_cast<model::TimeNs>(golden.ms * 1e6);
    stage::StageInput input = stage_of(recorded(golden.recording), golden.lanes, t, golden.look);
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

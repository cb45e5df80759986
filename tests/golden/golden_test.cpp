// Golden pictures of the stage: recorded runs, fixed moments.
//
// NAME.png is the stage as it is seen, exact to the pixel (the renderer is deterministic). Other versions of the fonts or of
// FreeType draw other letters: there it is skipped, by name. NAME.shapes.png is the same moment with a bar in the place of
// each text, of a size that no font decides: it is compared on every machine, with the tolerance that ImGui's versions need.
//
// SOCKETSCOPE_GOLDEN=write draws them anew into tests/golden/pictures; look at them before you commit them.
#include <doctest/doctest.h>

#include <algorithm>
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

// What other versions of ImGui may do to shapes: at whole scales 1.86 and 1.92 differ by 2 of 255, at fractional ones an edge
// has other shades, and 5 pixels are others. A shape that moves by a pixel is more than that (tested below).
constexpr int kShade = 24;
constexpr long kStrayPixels = 10;

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
        {"life-presenter",
         "40-connection-life",
         {},
         80.0,
         {994, 392, Direction::strip, true},
         ThemeName::dark,
         1.25f},
        {"lost-before-presenter", "dense", {}, 60.0, kPresenter, ThemeName::dark, 1.2667f},
        {"reset-dark", "reset", {}, 90.0, kPanels, ThemeName::dark, 1},
        {"refused-dark", "refused", {}, 5.0, kPanels, ThemeName::dark, 1},
        {"large-light", "large", {}, 60.0, kPanels, ThemeName::light, 1},
        {"damaged-dark", "more_records", {}, 3.0, kPanels, ThemeName::dark, 1},
        {"nobody-dark", "nobody", {}, 8.0, kPanels, ThemeName::dark, 1},
    };
}

style::Distance distance_of(const Golden& golden) {
    return golden.look.folded ? style::Distance::far : style::Distance::near;  // the presenter's
}

stage::Scene scene_of(const Golden& golden, const style::Look& look) {
    const auto t = static_cast<model::TimeNs>(golden.ms * 1e6);
    stage::StageInput input = stage_of(recorded(golden.recording), golden.lanes, t, golden.look);
    input.measure = look.measure();
    return stage::layout(input);
}

// Texts as bars: where they stand and how they are coloured, but not their letters.
stage::Scene shapes_of(const Golden& golden) {
    const auto t = static_cast<model::TimeNs>(golden.ms * 1e6);
    stage::Scene scene = stage::layout(stage_of(recorded(golden.recording), golden.lanes, t, golden.look));
    for (stage::Shape& shape : scene.shapes) {
        const auto* label = std::get_if<stage::Label>(&shape.what);
        if (label == nullptr) continue;
        stage::Box bar;
        bar.at = label->at;
        bar.fill = {label->tint.ink, label->tint.alpha * 0.6F};
        shape.what = bar;
    }
    return scene;
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
        const Easel easel(golden.theme, golden.scale, distance_of(golden));
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
        const long pixels = differing(*golden_picture, picture, 0);
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

TEST_CASE("the shapes of the stage stand where they stood, whatever the fonts") {
    for (const Golden& golden : goldens()) {
        CAPTURE(golden.picture);
        const Easel easel(golden.theme, golden.scale, distance_of(golden));
        const render::Picture picture = easel.draw(shapes_of(golden), 8);
        const std::string png = path_of(std::string(golden.picture) + ".shapes.png");
        if (writing()) {
            render::write_png(picture, png);
            continue;
        }
        const auto golden_picture = read_png(png);
        REQUIRE(golden_picture.has_value());
        const long pixels = differing(*golden_picture, picture, kShade);
        if (pixels < 0 || pixels > kStrayPixels) {
            const std::string seen = std::string(golden.picture) + ".shapes.seen.png";
            render::write_png(picture, seen);
            MESSAGE("what was drawn is in " << seen << " in the working directory");
        }
        CHECK(pixels >= 0);
        CHECK(pixels <= kStrayPixels);
    }
}

TEST_CASE("one shape that moves by a pixel is seen in each picture of shapes") {
    for (const Golden& golden : goldens()) {
        CAPTURE(golden.picture);
        const Easel easel(golden.theme, golden.scale, distance_of(golden));
        stage::Scene scene = shapes_of(golden);
        const render::Picture before = easel.draw(scene, 8);
        const auto bar = std::find_if(scene.shapes.rbegin(), scene.shapes.rend(), [](const stage::Shape& s) {
            const auto* box = std::get_if<stage::Box>(&s.what);
            return box != nullptr && box->fill.alpha > 0.5F;
        });
        REQUIRE(bar != scene.shapes.rend());
        std::get<stage::Box>(bar->what).at.x += 1;
        CHECK(differing(before, easel.draw(scene, 8), kShade) > kStrayPixels);
    }
}

TEST_CASE("a scene is drawn the same twice") {
    const Golden golden = goldens().front();
    const Easel easel(golden.theme, golden.scale, distance_of(golden));
    const stage::Scene scene = scene_of(golden, easel.look());
    CHECK(differing(easel.draw(scene, 8), easel.draw(scene, 8), 0) == 0);
}

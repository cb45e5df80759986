#include "app/panels/screen.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "app/panels/prose.hpp"
#include "app/panels/scale.hpp"
#include "app/render/raster.hpp"
#include "tests/panels/shown.hpp"

using namespace socketscope;
using panels::ProbeItem;

namespace {

void check_items(const std::vector<ProbeItem>& items, int width, int height) {
    std::set<std::string> names;
    for (const ProbeItem& item : items) {
        CAPTURE(item.id);
        CHECK(item.box.min.x >= -1);
        CHECK(item.box.min.y >= -1);
        CHECK(item.box.max.x <= static_cast<float>(width) + 1);
        CHECK(item.box.max.y <= static_cast<float>(height) + 1);
        CHECK(item.box.width() > 0);
        CHECK(item.box.height() > 0);
        const bool piece =
            item.id.starts_with("stage.");  // the stage names a message once for each of its pieces
        CHECK_MESSAGE((names.insert(item.id).second || piece), "two things have the same name");
    }
}

bool has(const std::vector<ProbeItem>& items, const std::string& name) {
    return std::any_of(items.begin(), items.end(), [&](const ProbeItem& item) { return item.id == name; });
}

}  // namespace

TEST_CASE("at every beat, size, scale and theme what can be clicked lies in the window") {
    struct Case {
        int width, height;
        float scale;
        style::ThemeName theme;
        bool presenter;
    };
    for (const Case& c : {Case{1280, 720, 1, style::ThemeName::dark, false},
                          Case{1920, 1080, 1.5F, style::ThemeName::light, false},
                          Case{1280, 720, 1, style::ThemeName::light, true},
                          Case{1920, 1080, 1, style::ThemeName::dark, false},
                          Case{1280, 720, 2, style::ThemeName::dark, false},
                          Case{3840, 2160, 3, style::ThemeName::dark, false}}) {
        CAPTURE(c.width);
        CAPTURE(c.scale);
        player::State state = test::recorded_state();
        REQUIRE(state.beats.size() >= 3);
        state.presenter = c.presenter;
        state.scale = c.scale;
        test::Screen screen(
            c.theme,
            panels::effective_scale(state, static_cast<float>(c.width), static_cast<float>(c.height)),
            panels::distance_of(state));
        for (const player::BeatMark& beat : state.beats) {
            CAPTURE(beat.name);
            state.t = beat.at;
            const auto out = screen.draw(state, c.width, c.height);
            check_items(out.probe, c.width, c.height);
            CHECK(has(out.probe, "theme"));
            CHECK(has(out.probe, "stage.0.program.0"));
            CHECK(out.shapes > 50);
        }
    }
}

TEST_CASE("the code panel opens at a program that does something, until a person asks for another one") {
    player::State state = test::recorded_state();
    auto trace = std::make_shared<trace::Trace>();
    trace->lanes.push_back(state.trace->lanes[0]);
    trace::LaneTrace& lane = trace->lanes[0];
    REQUIRE(lane.endpoints[0].name == "server");
    lane.endpoints[0].script = "wait(client.send)";
    std::erase_if(lane.calls, [](const model::CallRecord& call) { return call.endpoint == 0; });
    player::show(state, player::read_recording(trace, nullptr));
    test::Screen screen(style::ThemeName::dark, 1);
    CHECK(has(screen.draw(state, 1280, 720).probe, "code.0.line.2"));
    player::apply(state, player::ShowCode{0, 0});
    CHECK_FALSE(has(screen.draw(state, 1280, 720).probe, "code.0.line.2"));
}

TEST_CASE("the code panel follows the moment and what is chosen, and lets a person scroll in between") {
    player::State state = test::recorded_state();
    test::Screen screen(style::ThemeName::dark, 1);
    const auto& calls = state.trace->lanes[0].calls;
    const auto sends = [](const model::CallRecord& call) { return call.call == model::Call::send; };
    const auto last = std::find_if(calls.rbegin(), calls.rend(), sends);
    REQUIRE(last != calls.rend());
    const std::string line = "code.0.line." + std::to_string(last->line);
    const std::string first = "code.0.line.1";
    player::apply(state, player::ShowCode{0, last->endpoint});
    CHECK(has(screen.draw(state, 1280, 720).probe, first));
    CHECK_FALSE(has(screen.draw(state, 1280, 720).probe, line));

    const auto index = static_cast<std::uint32_t>(std::distance(last, calls.rend())) - 1;
    player::apply(state, player::Select{{model::RefKind::call, 0, index, 0}, false});
    CHECK(has(screen.draw(state, 1280, 720).probe, line));
    CHECK_FALSE(has(screen.draw(state, 1280, 720).probe, first));  // the inspector leaves three lines
    player::apply(state, player::Select{});

    const auto opens = std::find_if(calls.begin(), calls.end(), [&](const model::CallRecord& call) {
        return call.endpoint == last->endpoint && call.line == 1;
    });
    REQUIRE(opens != calls.end());
    state.t = opens->exit_ns - state.trace->lanes[0].start_ns;
    CHECK(has(screen.draw(state, 1280, 720).probe, first));
    state.t = last->exit_ns - state.trace->lanes[0].start_ns;
    CHECK(has(screen.draw(state, 1280, 720).probe, line));
}

TEST_CASE("what has no blanks to break at is broken at the end of the line") {
    player::State state;
    player::Commands commands;
    std::vector<ProbeItem> probe;
    test::Screen screen(style::ThemeName::dark, 1);
    screen.draw_once(state, 640, 400);
    style::new_offscreen_frame(640, 400, 1.0F / 60);
    const panels::View view{state, screen.look, commands, probe};
    for (const auto style : {lesson::Run::Style::plain, lesson::Run::Style::code}) {
        const auto height = [&](std::size_t letters) {
            lesson::Block block;
            block.runs = {{style, std::string(letters, 'w')}};
            return panels::draw_prose(view, {&block, 1}, {0, 0}, 200, false);
        };
        CHECK(height(40) > height(4));
        CHECK(height(120) > height(40));
    }
    ImGui::EndFrame();
}

TEST_CASE("a thing of each kind can be inspected") {
    player::State state = test::recorded_state();
    test::Screen screen(style::ThemeName::dark, 1);
    using model::RefKind;
    for (const RefKind kind : {RefKind::call, RefKind::packet, RefKind::message, RefKind::byte,
                               RefKind::socket, RefKind::endpoint, RefKind::note}) {
        for (std::uint8_t lane = 0; lane < 2; ++lane) {
            player::apply(state, player::Select{{kind, lane, 1, 0}, true});
            const auto out = screen.draw(state, 1280, 720);
            CAPTURE(static_cast<int>(kind));
            check_items(out.probe, 1280, 720);
        }
    }
}

TEST_CASE("Home, help, overlay and a problem are drawn, and nothing of it needs a recording") {
    player::State state;
    panels::HomeContent home;
    for (const model::KindRow& row : model::kinds()) {
        home.matrix.push_back(
            {{row.domain, row.type, row.default_protocol}, panels::MatrixCell::Result::works, 0, "", ""});
    }
    home.matrix[2].result = panels::MatrixCell::Result::refused;
    home.matrix[2].error = 94;
    home.matrix[3].result = panels::MatrixCell::Result::becomes;
    home.matrix[3].becomes = "dgram";
    home.lessons.push_back({"A lesson", "What it shows.", "Part", "a.md", {home.matrix[0].kind}, ""});
    home.lessons.push_back({"Broken", "", "Part", "b.md", {}, "b.md:3:1: error: expected a key"});
    state.message =
        "connect to 192.0.2.2:7000 failed: ECONNREFUSED: nobody listens at that address. Start the server "
        "first, then try again.";
    test::Screen screen(style::ThemeName::light, 1);
    auto out = screen.draw(state, 1280, 720, home);
    check_items(out.probe, 1280, 720);
    CHECK(has(out.probe, "lesson.1"));
    CHECK(has(out.probe, "matrix.inet6.raw"));
    CHECK(has(out.probe, "message.close"));
    state.help = state.overlay = true;
    out = screen.draw(state, 1280, 720, home);
    CHECK(has(out.probe, "help.close"));
    check_items(screen.draw(state, 640, 400, home).probe, 640, 400);
}

namespace {

panels::HomeContent every_kind() {
    panels::HomeContent home;
    for (const model::KindRow& row : model::kinds())
        home.matrix.push_back(
            {{row.domain, row.type, row.default_protocol}, panels::MatrixCell::Result::works, 0, "", ""});
    home.lessons.push_back({"A lesson", "What it shows.", "Part", "a.md", {home.matrix[0].kind}, ""});
    return home;
}

}  // namespace

TEST_CASE("a presented Home shows one of its halves whole, in the presenter's letters") {
    const panels::HomeContent home = every_kind();
    for (const auto& row :
         {std::pair{1920, 1080}, std::pair{1280, 720}, std::pair{1024, 768}, std::pair{640, 360}}) {
        const auto& width = row.first;
        const auto& height = row.second;
        CAPTURE(width);
        player::State state;
        state.presenter = true;
        const float scale =
            panels::effective_scale(state, static_cast<float>(width), static_cast<float>(height));
        test::Screen screen(style::ThemeName::dark, scale, panels::distance_of(state));
        auto items = screen.draw(state, width, height, home).probe;
        check_items(items, width, height);
        CHECK(has(items, "lesson.1"));
        CHECK(has(items, "presenter"));
        CHECK_FALSE(has(items, "matrix.unix.stream"));
        player::apply(state, player::ToggleMatrix{});
        items = screen.draw(state, width, height, home).probe;
        check_items(items, width, height);
        CHECK_FALSE(has(items, "lesson.1"));
        for (const ProbeItem& item : items)
            if (item.id.starts_with("matrix.")) CHECK(item.box.height() >= 26 * scale);
    }
}

TEST_CASE("five lessons in four parts need no scroll bar at the smallest size of the design") {
    player::State state;
    panels::HomeContent home;
    const model::Kind kind{model::Domain::inet, model::SocketType::stream, 0};
    for (const char* part : {"Boundaries", "Reliability", "Reliability", "Connections", "Domains"})
        home.lessons.push_back({"A lesson", "What it shows.", part, "a.md", {kind}, ""});
    panels::HomeContent one = home;
    one.lessons.resize(1);
    test::Screen screen(style::ThemeName::dark, 1);
    const auto width = [&](const panels::HomeContent& content) {
        for (const ProbeItem& item : screen.draw(state, 1280, 720, content).probe)
            if (item.id == "lesson.1") return item.box.width();
        return 0.0F;
    };
    CHECK(width(one) > 0);
    CHECK(width(home) == width(one));
}

TEST_CASE("before the first event and without a lesson there is something to see, too") {
    player::State state;
    player::show(state, std::make_unique<trace::Trace>());
    state.running = true;
    test::Screen screen(style::ThemeName::dark, 1);
    check_items(screen.draw(state, 1280, 720).probe, 1280, 720);
    state.running = false;
    state.stopped_early = true;  // there is a way on
    for (const auto& [width, height] : {std::pair{1280, 720}, std::pair{640, 360}}) {
        const panels::ScreenOutput out = screen.draw(state, width, height);
        check_items(out.probe, width, height);
        CHECK(std::any_of(out.probe.begin(), out.probe.end(),
                          [](const auto& item) { return item.id == "stage.run_again"; }));
    }
    state = test::recorded_state();
    state.lesson.reset();
    player::refresh(state);
    check_items(screen.draw(state, 1280, 720).probe, 1280, 720);
}

TEST_CASE("the same moment gives the same bytes, and text of the ink's own colour") {
    player::State state = test::recorded_state();
    state.t = state.beats[1].at;
    const auto picture = [&] {
        test::Screen screen(style::ThemeName::dark, 1);
        screen.draw(state, 1280, 720);
        return render::rasterise(*ImGui::GetDrawData(), style::read_atlas(),
                                 screen.look.rgba(style::Ink::background));
    };
    const auto first = picture();
    CHECK(first.rgb == picture().rgb);
    CHECK(first.rgb.size() == 1280U * 720U * 3U);
    // Crisp text reaches the full colour of its ink in the middle of strokes.
    const style::Rgba ink = style::color(style::ThemeName::dark, style::Ink::text);
    int full = 0;
    for (std::size_t i = 0; i < first.rgb.size(); i += 3) {
        full += first.rgb[i] == ink.r && first.rgb[i + 1] == ink.g && first.rgb[i + 2] == ink.b ? 1 : 0;
    }
    CHECK(full > 500);
}

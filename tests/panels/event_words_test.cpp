#include "app/panels/event_words.hpp"

#include <doctest/doctest.h>

#include "app/style/imgui_bridge.hpp"
#include "tests/panels/shown.hpp"

using namespace socketscope;

namespace {

// What a row of this width shows of a text.
std::string cut(const style::Look& look, const std::string& words, float room) {
    constexpr auto kFont = style::FontRole::small;
    if (look.text_size(kFont, words).x <= room) return words;
    return words.substr(0,
                        style::bytes_that_fit(look.font(kFont), words, room - look.text_size(kFont, "…").x));
}

}  // namespace

TEST_CASE("a row of the event list tells messages apart that begin alike, as far as it reaches") {
    const trace::Trace trace =
        trace::load(UNIX_RECORDING).trace;  // "message N message N …", 1,000 bytes each
    const story::Story story(trace.lanes.at(0));
    const test::Screen screen(style::ThemeName::dark, 1);
    const style::Look& look = screen.look;
    std::uint32_t given = 0, sent = 0;
    for (const story::Event& event : story.events()) {
        const bool receives = event.kind == story::MarkKind::receive,
                   sends = event.kind == story::MarkKind::send;
        if (!receives && !sends) continue;
        const std::string digit = std::to_string(++(receives ? given : sent)), plain = story.describe(event);
        CAPTURE(plain);
        const auto words = [&](float room) {
            return cut(look, panels::event_words(story, event, "server  ", look, room), room);
        };
        CHECK(words(1000) == "server  " + plain);
        CHECK(words(300).find("message " + digit) != std::string::npos);
        // So narrow, the beginning of what is sent still tells, that of what was given does not.
        CHECK(words(206).find((sends ? "message " : "…\"") + digit) != std::string::npos);
    }
    CHECK(given == 8);
    CHECK(sent == 8);
}

TEST_CASE("a row of the event list leaves alone what begins with what tells it from others") {
    const auto state = test::recorded_state();
    const test::Screen screen(style::ThemeName::dark, 1);
    const story::Story& story = *state.lanes[0].story;
    for (const story::Event& event : story.events())
        CHECK(panels::event_words(story, event, "server  ", screen.look, 120) ==
              "server  " + story.describe(event));
}

#include "app/player/shortcuts.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::player;

TEST_CASE("no two shortcuts share a chord, and each says what it does") {
    std::set<std::string> seen;
    std::string_view does;
    for (const auto& row : shortcuts()) {
        const std::string chord =
            std::to_string(row.chord.key) + (row.chord.control ? "c" : "") + (row.chord.shift ? "s" : "");
        CHECK_MESSAGE(seen.insert(chord).second, row.keys);
        if (!row.does.empty()) does = row.does;
        CHECK_MESSAGE(!does.empty(), row.keys);
    }
}

TEST_CASE("on Home only the window's own keys do something") {
    const State home;
    CHECK(!command_for(home, {'K'}).has_value());
    CHECK(command_for(home, {'T'}).has_value());
    CHECK(command_for(home, {'Q', true}).has_value());
    CHECK(!command_for(home, {'Q'}).has_value());
    CHECK(command_for(home, {'M'}).has_value());
}

TEST_CASE("a key is what it types, whichever keys a layout types it with") {
    // German: "?" is Shift and the key named "ß", which has no ASCII name.
    CHECK(typed({45, false, true}, '?') == Chord{'?'});
    CHECK(typed({'7', false, true}, '/') == Chord{'/'});
    // English: "?" is Shift and "/".
    CHECK(typed({'/', false, true}, '?') == Chord{'?'});
    CHECK(typed({'=', false, true}, '+') == typed({'=', false, false}, '='));
    CHECK(typed({'K', false, false}, 'k') == Chord{'K'});
    // With Control nothing is typed: the name of the key decides.
    CHECK(typed({'=', true, true}, 0) == Chord{'+', true});
    CHECK(typed({'S', true, false}, 0) == Chord{'S', true});
    // A Cyrillic letter stays the key it is on the English keyboard.
    CHECK(typed({'K', false, false}, 0x43b) == Chord{'K'});
}

TEST_CASE("zooming in and out again shows everything, wherever the playhead stands") {
    State state;
    auto trace = std::make_unique<trace::Trace>();
    trace->lanes.emplace_back();
    trace->lanes[0].kind = *model::parse_kind("unix/dgram");
    trace->lanes[0].end_ns = 579'840'433;
    show(state, std::move(trace));
    state.screen = Screen::lesson;
    for (model::TimeNs t = 0; t < state.end; t += 1'234'567) {
        player::apply(state, Seek{t});
        player::apply(state, *command_for(state, {'+'}));
        CHECK(state.view_to > state.view_from);
        player::apply(state, *command_for(state, {'-'}));
        CHECK(state.view_to <= state.view_from);
    }
}

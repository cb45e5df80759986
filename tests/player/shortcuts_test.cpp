#include "app/player/shortcuts.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

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
}

#include "core/story/has_beginning.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using socketscope::story::has_beginning;

namespace {

std::size_t g_compared = 0;  // by the letters below

struct Letter {
    char letter;
    bool operator==(const Letter& other) const {
        ++g_compared;
        return letter == other.letter;
    }
};

bool has(std::string_view given, std::string_view sent) {
    return has_beginning(given, sent);
}

// As the rule is written, at every place in turn.
bool has_by_looking_everywhere(std::string_view given, std::string_view sent) {
    for (std::size_t at = 0; at < given.size(); ++at) {
        const std::size_t both = std::min(sent.size(), given.size() - at);
        if (both > 0 && given.substr(at, both) == sent.substr(0, both)) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("what was given has what was sent in it, or ends with its beginning") {
    CHECK(has("HELLO", "HELLO"));
    CHECK(has("before HELLO", "HELLO"));
    CHECK(has("before HE", "HELLO"));
    CHECK(has("HE", "HELLO"));
    CHECK(has("before HELLO behind", "HELLO"));
    CHECK_FALSE(has("before HE behind", "HELLO"));
    CHECK_FALSE(has("", "HELLO"));
    CHECK_FALSE(has("HELLO", ""));
    for (int word = 0; word < 1 << 11; ++word) {  // every pair of short words of two letters
        std::string given, sent;
        for (int i = 0; i < 6; ++i) given += (word >> i & 1) != 0 ? 'a' : 'b';
        for (int i = 6; i < 10; ++i) sent += (word >> i & 1) != 0 ? 'a' : 'b';
        if ((word >> 10 & 1) != 0) std::swap(given, sent);
        CAPTURE(given);
        CAPTURE(sent);
        CHECK(has(given, sent) == has_by_looking_everywhere(given, sent));
    }
}

TEST_CASE("a million equal letters cost a few comparisons each") {
    constexpr std::size_t kMany = 1'000'000;
    const std::string same(kMany, 'x');
    const auto letters = [](const std::string& text) {
        std::vector<Letter> all;
        for (const char c : text) all.push_back({c});
        return all;
    };
    const auto given = letters(same), sent = letters(same.substr(0, kMany / 2) + "y");
    g_compared = 0;
    CHECK(has_beginning(given, sent));
    CHECK(g_compared <= 3 * (given.size() + sent.size()));
    const auto other = letters("y" + same);
    g_compared = 0;
    CHECK_FALSE(has_beginning(given, other));
    CHECK(g_compared <= 3 * (given.size() + other.size()));
}

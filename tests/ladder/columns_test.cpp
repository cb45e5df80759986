#include <doctest/doctest.h>

#include "app/cli/columns.hpp"

using namespace socketscope::cli;

TEST_CASE("columns are characters, not bytes") {
    CHECK(columns("") == 0);
    CHECK(columns("a→b") == 3);
    CHECK(padded("→", 3) == "→  ");
    CHECK(padded("abcd", 3) == "abcd");
    CHECK(columns("漢字") == 4);
    CHECK(columns("e\u0301") == 1);  // a combining accent
    CHECK(padded("漢", 3) == "漢 ");
    CHECK(shortened("漢字漢字", 4, true) == "漢…");
    CHECK(shortened("abcdef", 4, true) == "abc…");
    CHECK(shortened("abcdef", 4, false) == "a...");
    CHECK(shortened("abcd", 4, true) == "abcd");
}

TEST_CASE("text is wrapped at spaces, and anywhere if there are none") {
    using Lines = std::vector<std::string>;
    CHECK(wrapped("one two three", 8, 2) == Lines{"one two", "  three"});
    CHECK(wrapped("abcdefghij", 4, 1) == Lines{"abcd", " efg", " hij"});
    CHECK(wrapped("", 4, 2) == Lines{""});
    CHECK(wrapped("→→→→→", 3, 0) == Lines{"→→→", "→→"});
    CHECK(wrapped("漢字漢", 3, 0) == Lines{"漢", "字", "漢"});
    CHECK(wrapped("漢字", 1, 0) == Lines{"漢", "字"});
}

TEST_CASE("plain ASCII has a word for every mark") {
    CHECK(to_ascii("├─ bytes 1–6 ─▶┤ ✗ “x”…") == "|- bytes 1-6 ->| x \"x\"...");
    CHECK(to_ascii("ü") == "?");
}

#include "core/script/token.hpp"

#include <doctest/doctest.h>

using namespace socketscope::script;

namespace {

Token only(std::string_view line) {
    const auto tokens = tokenize(line);
    REQUIRE(tokens.size() == 2);
    REQUIRE(tokens[1].kind == Tok::end);
    return tokens[0];
}

}  // namespace

TEST_CASE("numbers have units of size and time") {
    CHECK(only("64").value == 64);
    CHECK(only("0x45").value == 0x45);
    CHECK(only("100_000").value == 100000);
    CHECK(only("64KB").value == 65536);
    CHECK(only("1MB").value == 1048576);
    CHECK(only("10ms").value == 10'000'000);
    CHECK(only("10ms").kind == Tok::duration);
    CHECK(only("1.5s").value == 1'500'000'000);
    CHECK(only("20µs").value == 20'000);
    CHECK(only("0.000000001s").value == 1);
    CHECK(only("9223372036854775807").value == INT64_MAX);
}

TEST_CASE("numbers that can't be read say why") {
    for (const auto* text :
         {"9223372036854775808", "99999999999GB", "0x", "5xyz", "1.5KB", "1.5", "99999999999h"}) {
        CAPTURE(text);
        CHECK(only(text).kind == Tok::bad);
        CHECK_FALSE(only(text).bytes.empty());
    }
}

TEST_CASE("tokens know their columns, and a range is no fraction") {
    const auto tokens = tokenize("  x = 1..20 -> \"a b\"... # end");
    REQUIRE(tokens.size() == 9);
    CHECK(tokens[0].column == 3);
    CHECK(tokens[3].text == "..");
    CHECK(tokens[5].text == "->");
    CHECK(tokens[6].bytes == "a b");
    CHECK(tokens[7].text == "...");
    CHECK(tokenize("# end", Comments::keep)[0].kind == Tok::comment);
}

TEST_CASE("what is shown to people stays on one line and is short") {
    CHECK(printable("a\nb\x01") == "a\\x0ab\\x01");
    CHECK(printable(std::string(100, 'x')).size() == 40 + 3);
    CHECK(printable(std::string(39, 'x') + "µµ") == std::string(39, 'x') + "…");
}

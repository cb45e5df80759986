#include "core/story/byte_ranges.hpp"

#include <string>

#include <doctest/doctest.h>

using socketscope::story::ByteRanges;

namespace {

std::string missing(const ByteRanges& ranges, std::uint64_t begin, std::uint64_t end) {
    std::string text;
    ranges.for_missing(begin, end, [&](std::uint64_t from, std::uint64_t to) {
        text += "[" + std::to_string(from) + "," + std::to_string(to) + ")";
    });
    return text;
}

}  // namespace

TEST_CASE("ranges of bytes: what is missing between them") {
    ByteRanges ranges;
    CHECK(missing(ranges, 3, 5) == "[3,5)");
    CHECK(missing(ranges, 5, 5) == "");
    ranges.add(10, 20);
    ranges.add(30, 40);
    ranges.add(7, 7);
    CHECK(missing(ranges, 0, 50) == "[0,10)[20,30)[40,50)");
    CHECK(missing(ranges, 12, 18) == "");
    CHECK(missing(ranges, 15, 35) == "[20,30)");
    ranges.add(20, 25);  // touches the first
    ranges.add(35, 60);
    CHECK(missing(ranges, 0, 100) == "[0,10)[25,30)[60,100)");
    ranges.add(0, 70);
    CHECK(missing(ranges, 0, 100) == "[70,100)");
}

#include "core/model/time.hpp"

#include <doctest/doctest.h>

using namespace socketscope::model;

TEST_CASE("durations have three significant digits and a unit") {
    CHECK(format_duration(0) == "0 ns");
    CHECK(format_duration(850) == "850 ns");
    CHECK(format_duration(12'345) == "12.3 µs");
    CHECK(format_duration(4'071'000) == "4.07 ms");
    CHECK(format_duration(999'499) == "999 µs");
    CHECK(format_duration(999'600) == "1.00 ms");
    CHECK(format_duration(1'500'000'000) == "1.50 s");
    CHECK(format_duration(-4'071'000) == "-4.07 ms");
}

TEST_CASE("milliseconds for rulers") {
    CHECK(format_ms(72'000'000, 1) == "72.0");
    CHECK(format_ms(19'549'000, 2) == "19.55");
}

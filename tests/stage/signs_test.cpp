#include "app/stage/signs.hpp"

#include <doctest/doctest.h>

#include "tests/stage/judge.hpp"

using namespace socketscope;

TEST_CASE("each sign of the help stays within its picture, and says what it means") {
    const auto signs = stage::signs(tests::fixed_measure);
    CHECK(signs.size() >= 10);
    const stage::StageInput nothing;
    for (const stage::Sign& sign : signs) {
        CAPTURE(sign.means);
        CHECK(!sign.means.empty());
        CHECK(!sign.picture.shapes.empty());
        CHECK(tests::joined(tests::faults(sign.picture, nothing)) == "");
    }
}

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "app/stage/spread.hpp"

using socketscope::stage::Spread;
using socketscope::stage::spread;

namespace {

std::vector<Spread> some(std::mt19937& random, std::size_t count) {
    std::uniform_real_distribution<float> place(0, 200), extent(0, 30);
    std::vector<Spread> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back({place(random), extent(random), 0});
    std::sort(items.begin(), items.end(),
              [](const Spread& a, const Spread& b) { return a.wanted < b.wanted; });
    return items;
}

}  // namespace

TEST_CASE("things that have room stay where they are") {
    std::vector<Spread> items{{20, 10, 0}, {50, 10, 0}, {90, 10, 0}};
    CHECK(spread(items, 0, 100) == 1.0f);
    CHECK(items[0].placed == doctest::Approx(20));
    CHECK(items[1].placed == doctest::Approx(50));
    CHECK(items[2].placed == doctest::Approx(90));
}

TEST_CASE("things at one place move apart evenly, in their order") {
    std::vector<Spread> items{{50, 20, 0}, {50, 20, 0}, {50, 20, 0}};
    spread(items, 0, 100);
    CHECK(items[0].placed == doctest::Approx(30));
    CHECK(items[1].placed == doctest::Approx(50));
    CHECK(items[2].placed == doctest::Approx(70));
}

TEST_CASE("whatever is given, nothing overlaps, the order is kept, all stay inside") {
    std::mt19937 random(1);
    for (int run = 0; run < 500; ++run) {
        std::vector<Spread> items = some(random, 1 + static_cast<std::size_t>(run) % 12);
        const float scale = spread(items, 0, 200);
        float end = -0.01f;
        for (const Spread& item : items) {
            CHECK(item.placed - item.extent * scale / 2 >= end - 0.01f);
            end = item.placed + item.extent * scale / 2;
        }
        CHECK(end <= 200.01f);
    }
}

TEST_CASE("a small change of the input moves nothing far") {
    std::mt19937 random(2);
    std::uniform_real_distribution<float> nudge(-0.1f, 0.1f);
    for (int run = 0; run < 500; ++run) {
        std::vector<Spread> items = some(random, 8), nudged = items;
        for (Spread& item : nudged) {
            item.wanted += nudge(random);
            item.extent = std::max(0.0f, item.extent + nudge(random));
        }
        spread(items, 0, 200);
        spread(nudged, 0, 200);
        for (std::size_t i = 0; i < items.size(); ++i)
            CHECK(std::abs(items[i].placed - nudged[i].placed) < 2.0f);
    }
}

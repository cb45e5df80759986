#include "app/player/clock.hpp"

#include <random>

#include <doctest/doctest.h>

using namespace socketscope::player;
using namespace socketscope::model;

TEST_CASE("story time shrinks idle gaps and stretches busy moments") {
    const StoryClock clock({10 * kMicrosecond, 20 * kMicrosecond, 2 * kSecond}, 2 * kSecond);
    const double busy = clock.to_story(20 * kMicrosecond) - clock.to_story(10 * kMicrosecond);
    const double idle = clock.to_story(2 * kSecond) - clock.to_story(20 * kMicrosecond);
    CHECK(busy >= 0.09);
    CHECK(idle <= 1.7);
    CHECK(idle > busy);
}

TEST_CASE("both ways agree and are monotone") {
    std::mt19937_64 chance(7);
    std::vector<TimeNs> times;
    for (int i = 0; i < 500; ++i) times.push_back(static_cast<TimeNs>(chance() % (3 * kSecond)));
    const StoryClock clock(times, 4 * kSecond);
    for (const TimeNs t : times) CHECK(clock.to_true(clock.to_story(t)) == t);
    TimeNs last_true = -1;
    double last_story = -1;
    for (int i = 0; i <= 1000; ++i) {
        const double story = clock.length() * i / 1000;
        CHECK(clock.to_true(story) >= last_true);
        last_true = clock.to_true(story);
        const double back = clock.to_story(i * (4 * kSecond) / 1000);
        CHECK(back >= last_story);
        last_story = back;
    }
    CHECK(last_true == 4 * kSecond);
}

TEST_CASE("an empty recording has a clock too") {
    CHECK(StoryClock().length() == 0);
    CHECK(StoryClock().to_true(3) == 0);
    const StoryClock clock({}, 0);
    CHECK(clock.length() > 0);
    CHECK(clock.to_true(1e9) == clock.end());
    CHECK(clock.to_story(-5) == 0);
}

TEST_CASE("a gap lasts longer in story time when it is longer, within bounds") {
    double last = 0;
    for (TimeNs gap = 1; gap < 100 * kSecond; gap *= 3) {
        const double seconds = StoryClock::gap_seconds(gap);
        CHECK(seconds >= last);
        CHECK(seconds <= 1.6);
        last = seconds;
    }
}

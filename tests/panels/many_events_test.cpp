// A long recording must not make a frame slow: what is drawn is in proportion to pixels, not to events.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "tests/panels/shown.hpp"
#include "tests/stage/long_lane.hpp"

using namespace socketscope;

namespace {

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// The quickest of some frames: the machine may be busy with other things.
double frame_ms(std::uint32_t messages) {
    player::State state;
    player::show(state, tests::long_recording(messages));
    REQUIRE(state.events.size() >= messages);
    test::Screen screen(style::ThemeName::dark, 1);
    screen.draw(state, 1280, 720);
    double best_ms = 1e9;
    for (int i = 1; i <= 20; ++i) {
        state.t = state.end * i / 20;
        const double begin = cpu_ms();
        screen.draw(state, 1280, 720);
        best_ms = std::min(best_ms, cpu_ms() - begin);
    }
    return best_ms;
}

}  // namespace

TEST_CASE("a frame takes hardly longer with a hundred times the events") {
    const double few = frame_ms(1'250), many = frame_ms(125'000);
    MESSAGE("2,500 calls: " << few << " ms, 250,000 calls: " << many << " ms");
    CHECK(many < 10 * few);  // as long as nothing walks over all events: a hundred times as many
}

// A long recording must not make a frame slow: what is drawn is in proportion to pixels, not to events.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "tests/panels/shown.hpp"

using namespace socketscope;

namespace {

std::unique_ptr<trace::Trace> recording_of(std::size_t calls) {
    auto trace = std::make_unique<trace::Trace>();
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("unix/dgram");
    lane.endpoints = {{"server", model::Host::server, "s = socket()\n"},
                      {"client", model::Host::client, "c = socket()\n"}};
    lane.start_ns = model::kSecond;
    for (std::size_t i = 0; i < calls; ++i) {
        model::CallRecord call;
        call.call = model::Call::getsockname;
        call.enter_ns = lane.start_ns + static_cast<model::TimeNs>(i) * 4'000;
        call.exit_ns = call.enter_ns + 1'500;
        call.endpoint = static_cast<std::uint8_t>(i % 2);
        call.fd = 5;
        call.line = 1;
        lane.calls.push_back(call);
    }
    lane.end_ns = lane.calls.back().exit_ns;
    lane.complete = true;
    trace->lanes.push_back(std::move(lane));
    return trace;
}

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// The quickest of some frames: the machine may be busy with other things.
double frame_ms(std::size_t calls) {
    player::State state;
    player::show(state, recording_of(calls));
    REQUIRE(state.events.size() >= calls);
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
    const double few = frame_ms(2'500), many = frame_ms(250'000);
    MESSAGE("2,500 calls: " << few << " ms, 250,000 calls: " << many << " ms");
    CHECK(many < 10 * few);  // as long as nothing walks over all events: a hundred times as many
}

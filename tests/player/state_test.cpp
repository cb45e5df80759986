#include "app/player/state.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::player;
using model::kMillisecond;

namespace {

// A lane of UNIX datagram calls, one each millisecond.
std::unique_ptr<trace::Trace> recording(int calls) {
    auto trace = std::make_unique<trace::Trace>();
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("unix/dgram");
    lane.endpoints = {{"server", model::Host::server, ""}, {"client", model::Host::client, ""}};
    lane.start_ns = 1'000'000'000;
    for (int i = 1; i <= calls; ++i) {
        model::CallRecord call;
        call.call = model::Call::getsockname;
        call.enter_ns = lane.start_ns + i * kMillisecond;
        call.exit_ns = call.enter_ns + 1000;
        call.endpoint = 1;
        call.fd = 5;
        lane.calls.push_back(call);
    }
    lane.end_ns = lane.start_ns + (calls + 1) * kMillisecond;
    lane.complete = true;
    trace->lanes.push_back(std::move(lane));
    return trace;
}

State showing(int calls) {
    State state;
    show(state, recording(calls));
    return state;
}

}  // namespace

TEST_CASE("stepping goes from event to event and stops at the edges") {
    State state = showing(3);
    REQUIRE(state.events.size() >= 3);
    std::vector<TimeNs> stops{0};
    for (std::size_t i = 0; i < state.events.size() + 3; ++i) {
        apply(state, StepEvent{1});
        if (state.t != stops.back()) stops.push_back(state.t);
    }
    CHECK(state.t == state.end);
    for (std::size_t i = 1; i < stops.size(); ++i) CHECK(stops[i] > stops[i - 1]);
    for (auto stop = stops.rbegin() + 1; stop != stops.rend(); ++stop) {
        apply(state, StepEvent{-1});
        CHECK(state.t == *stop);
    }
    apply(state, StepEvent{-1});
    CHECK(state.t == 0);
}

TEST_CASE("playing goes on, stops at the end, and begins anew") {
    State state = showing(3);
    apply(state, TogglePlay{});
    REQUIRE(state.playing);
    for (int i = 0; i < 10'000 && state.playing; ++i) advance(state, 1.0 / 60);
    CHECK(!state.playing);
    CHECK(state.t == state.end);
    apply(state, TogglePlay{});
    CHECK(state.playing);
    CHECK(state.t == 0);
}

TEST_CASE("true time is true") {
    State state = showing(3);
    apply(state, SetClock{ClockKind::true_time});
    apply(state, SetSpeed{0.01});
    apply(state, TogglePlay{});
    advance(state, 0.1);
    CHECK(state.t == kMillisecond);
}

TEST_CASE("a loop goes round") {
    State state = showing(3);
    apply(state, SetLoop{kMillisecond, 2 * kMillisecond});
    apply(state, Seek{kMillisecond});
    apply(state, TogglePlay{});
    for (int i = 0; i < 600; ++i) {
        advance(state, 1.0 / 60);
        CHECK(state.t >= kMillisecond);
        CHECK(state.t <= 2 * kMillisecond);
    }
    CHECK(state.playing);
}

TEST_CASE("nonsense is kept within bounds") {
    State state = showing(2);
    apply(state, Seek{-5});
    CHECK(state.t == 0);
    apply(state, Seek{INT64_MAX});
    CHECK(state.t == state.end);
    apply(state, SetSpeed{1e9});
    CHECK(state.speed == 4);
    apply(state, SetScale{0});
    CHECK(state.scale == 1);
    apply(state, GoToBeat{99});
    apply(state, Answer{7, 1});
    apply(state, Select{{model::RefKind::packet, 9, 999, 0}, true});
    CHECK(state.t == state.end);
}

TEST_CASE("Esc lets go of what is chosen, then of the filter") {
    State state;
    show(state, std::make_unique<trace::Trace>());
    apply(state, SetFilter{"lost"});
    state.selected = {model::RefKind::packet, 0, 0, 0};
    apply(state, Dismiss{});
    CHECK_FALSE(state.selected);
    CHECK(state.filter == "lost");
    apply(state, Dismiss{});
    CHECK(state.filter.empty());
}

TEST_CASE("without a recording every command is harmless") {
    State state;
    for (const Command& command : std::initializer_list<Command>{TogglePlay{}, StepEvent{1}, StepBeat{-1},
                                                                 GoToEdge{true}, Select{}, Dismiss{}}) {
        CHECK(!apply(state, command).has_value());
        advance(state, 1);
        CHECK(state.t == 0);
    }
    CHECK(!state.playing);
}

TEST_CASE("what the session must do comes back") {
    State state;
    CHECK(apply(state, Quit{}).has_value());
    CHECK(apply(state, OpenLesson{"x"}).has_value());
    CHECK(!apply(state, ToggleHelp{}).has_value());
    CHECK(state.help);
    apply(state, Dismiss{});
    CHECK(!state.help);
}

TEST_CASE("the loop key marks its begin, also at the very start, closes the loop and lets it go") {
    State state = showing(5);
    apply(state, MarkLoop{});
    CHECK(state.loop_mark == 0);
    CHECK(!state.looping());
    apply(state, Seek{3 * kMillisecond});
    apply(state, MarkLoop{});
    CHECK(state.looping());
    CHECK(state.loop_from == 0);
    CHECK(state.loop_to == 3 * kMillisecond);
    apply(state, MarkLoop{});
    CHECK(!state.looping());
    // Backwards is as good as forwards; a mark that is not wanted goes with Escape.
    apply(state, MarkLoop{});
    apply(state, Seek{kMillisecond});
    apply(state, MarkLoop{});
    CHECK(state.loop_from == kMillisecond);
    CHECK(state.loop_to == 3 * kMillisecond);
    apply(state, MarkLoop{});
    apply(state, MarkLoop{});
    apply(state, Dismiss{});
    CHECK(!state.loop_mark.has_value());
}

TEST_CASE("a loop that is chosen elsewhere takes the playhead along") {
    State state = showing(9);
    apply(state, Seek{8 * kMillisecond});
    apply(state, SetLoop{2 * kMillisecond, 4 * kMillisecond});
    CHECK(state.t == 2 * kMillisecond);
    apply(state, Seek{7 * kMillisecond});
    apply(state, TogglePlay{});
    CHECK(state.t == 2 * kMillisecond);
    CHECK(state.playing);
}

TEST_CASE("the field for a path is opened, keeps what was typed, and is closed first by Esc") {
    State state;
    state.message = "a problem";
    CHECK(apply(state, AskForFile{}).has_value());  // the window gives it the keyboard
    CHECK(state.asks_for_file);
    CHECK(!apply(state, TypePath{"~/a.md"}));
    apply(state, Dismiss{});
    CHECK(!state.asks_for_file);
    CHECK(state.path == "~/a.md");
    CHECK(state.message == "a problem");
    const auto opens = apply(state, OpenFile{"~/a.md", true});
    REQUIRE(opens.has_value());
    CHECK(std::get<OpenFile>(*opens).typed);
}

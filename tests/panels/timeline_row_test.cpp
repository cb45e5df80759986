#include "app/panels/timeline_row.hpp"

#include <doctest/doctest.h>

#include "tests/panels/shown.hpp"
#include "tests/stage/long_lane.hpp"

using namespace socketscope;
using panels::BarRun;

namespace {

// One program, two calls of 10 ms and a recv that blocks for 50 ms: 100 ms in all, one column each on an axis of 100.
player::State three_calls() {
    auto trace = std::make_unique<trace::Trace>();
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("unix/dgram");
    lane.endpoints = {{"client", model::Host::client, ""}};
    lane.start_ns = model::kSecond;
    const auto add = [&](model::Call what, model::TimeNs from_ms, model::TimeNs to_ms) {
        model::CallRecord call;
        call.call = what;
        call.fd = 3;
        call.enter_ns = lane.start_ns + from_ms * model::kMillisecond;
        call.exit_ns = lane.start_ns + to_ms * model::kMillisecond;
        lane.calls.push_back(call);
    };
    add(model::Call::getsockname, 0, 10);
    add(model::Call::getsockname, 20, 30);
    add(model::Call::recv, 40, 90);
    lane.end_ns = lane.start_ns + 100 * model::kMillisecond;
    trace->lanes.push_back(std::move(lane));
    player::State state;
    state.clock_kind = player::ClockKind::true_time;
    player::show(state, std::move(trace));
    return state;
}

panels::TimelineRow row_of(const player::State& state, float left, float right) {
    const panels::TimeAxis axis(state, left, right);
    return panels::make_row(*state.lanes[0].story, 0, axis, panels::columns_of(state, axis, 2), 7);
}

}  // namespace

TEST_CASE("columns of equal doing are one bar; blocked ones are told apart") {
    const player::State state = three_calls();
    const auto row = row_of(state, 0, 100);
    REQUIRE(row.bars.size() == 1);
    REQUIRE(row.bars[0].size() == 3);
    CHECK(row.bars[0][0] == BarRun{0, 10, false});
    CHECK(row.bars[0][1] == BarRun{20, 30, false});
    CHECK(row.bars[0][2] == BarRun{40, 90, true});
    REQUIRE(row.signs.size() == 1);  // what was received; the bars show the rest
    CHECK(state.lanes[0].story->events()[row.signs[0].event].kind == story::MarkKind::receive);
}

TEST_CASE("calls shorter than a column light it") {
    const auto row = row_of(three_calls(), 0, 2);  // 50 ms each
    REQUIRE(row.bars[0].size() == 2);
    CHECK(row.bars[0][0] == BarRun{0, 1, false});
    CHECK(row.bars[0][1] == BarRun{1, 2, true});
}

TEST_CASE("columns are wider where no edge could be seen, and still cover the whole axis") {
    player::State state;
    player::show(state, tests::long_recording(5'000));
    const auto columns = [&](float right) {
        const panels::TimeAxis axis(state, 0, right);
        return panels::columns_of(state, axis, 2);
    };
    CHECK(columns(2'000).width == 1);
    CHECK(columns(2'000).times.size() == 2'001);
    CHECK(columns(500).width == 2);
    CHECK(columns(500).times.size() == 251);
    CHECK(columns(500).times.back() == state.end);
    player::apply(state, player::ZoomTimeline{0, state.end / 10});
    CHECK(columns(500).width == 1);
    const auto row = row_of(state, 0, 500);
    REQUIRE(row.bars.size() == 2);
    for (const auto& bars : row.bars) CHECK(bars.back().end <= 500);
}

TEST_CASE("the timeline follows zoom and clock") {
    player::State state = three_calls();
    test::Screen screen(style::ThemeName::dark, 1);
    const auto vertices = [&] {
        screen.draw(state, 1280, 720);
        return ImGui::GetDrawData()->TotalVtxCount;
    };
    const int whole = vertices();
    CHECK(vertices() == whole);
    player::apply(state, player::ZoomTimeline{0, 15 * model::kMillisecond});
    CHECK(vertices() != whole);  // one bar is left
    player::apply(state, player::ZoomTimeline{});
    CHECK(vertices() == whole);
}

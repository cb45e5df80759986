// What stays and what goes when a recording is shown, and when it has grown; a filter over many events.
#include "app/player/recording.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/player/event_filter.hpp"
#include "app/player/state.hpp"

using namespace socketscope;
using namespace socketscope::player;

namespace {

std::shared_ptr<const trace::Trace> calls(std::size_t count) {
    auto trace = std::make_shared<trace::Trace>();
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("unix/dgram");
    lane.endpoints = {{"client", model::Host::client, ""}};
    lane.start_ns = 1000;
    for (std::size_t i = 0; i < count; ++i) {
        model::CallRecord call;
        call.call = i % 2 ? model::Call::getsockname : model::Call::listen;
        call.enter_ns = 2000 + static_cast<model::TimeNs>(i) * 5'000;
        call.exit_ns = call.enter_ns + 500;
        call.fd = 3;
        lane.calls.push_back(call);
    }
    lane.end_ns = lane.calls.empty() ? 2000 : lane.calls.back().exit_ns;
    trace->lanes.push_back(std::move(lane));
    return trace;
}

}  // namespace

TEST_CASE("a recording that has grown keeps what a person chose; another one does not") {
    State state;
    show(state, read_recording(calls(10), nullptr));
    const auto revision = state.revision;
    apply(state, Select{{model::RefKind::call, 0, 3, 0}, false});
    apply(state, ZoomTimeline{100, 20'000});
    const Recording before = grow(state, read_recording(calls(20), nullptr));
    CHECK(before.trace->lanes[0].calls.size() == 10);
    CHECK(before.lanes[0].story->events().size() == 10);  // still whole: it is freed elsewhere
    CHECK(state.events.size() == 20);
    CHECK(state.revision != revision);
    CHECK(state.selected.index == 3);
    CHECK(state.view_to == 20'000);
    show(state, read_recording(calls(5), nullptr));
    CHECK_FALSE(state.selected);
    CHECK(state.view_to == 0);
    CHECK(state.events.size() == 5);
}

TEST_CASE("the program whose code is shown first is one that does something") {
    auto trace = std::make_shared<trace::Trace>(*calls(10));
    trace->lanes[0].endpoints = {{"server", model::Host::server, "wait(client.send)"},
                                 {"client", model::Host::client, "..."}};
    CHECK(read_recording(trace, nullptr).acting.endpoint == 0);  // calls() are the first program's
    for (model::CallRecord& call : trace->lanes[0].calls) call.endpoint = 1;
    CHECK(read_recording(trace, nullptr).acting.endpoint == 1);
    trace->lanes[0].calls.clear();
    CHECK(read_recording(trace, nullptr).acting.endpoint == 0);  // nothing has happened yet
}

TEST_CASE("a filter over many events goes on slice by slice, as long as there is time") {
    State state;
    show(state, read_recording(calls(4 * kFilterSlice), nullptr));
    apply(state, SetFilter{"listen"});
    CHECK(filtering(state));
    CHECK(row_count(state) == kFilterSlice / 2);
    continue_filter(state, [] { return false; });  // no time at all: one slice, so that it comes to its end
    CHECK(row_count(state) == kFilterSlice);
    int asked = 0;
    continue_filter(state, [&] { return ++asked < 100; });
    CHECK(asked == 1);  // between the third and the last
    CHECK_FALSE(filtering(state));
    CHECK(row_count(state) == 2 * kFilterSlice);
    apply(state, SetFilter{"no such thing"});
    CHECK(row_count(state) == 0);
    apply(state, SetFilter{""});
    CHECK_FALSE(filtering(state));
    CHECK(row_count(state) == state.events.size());
}

TEST_CASE("a recording that grows leaves what a filter has found, and the filter goes on behind it") {
    State state;
    show(state, read_recording(calls(4 * kFilterSlice), nullptr));
    apply(state, SetFilter{"listen"});
    continue_filter(state, [&] { return state.filter_seen < 3 * kFilterSlice; });
    const std::vector<std::size_t> found = state.filtered;
    REQUIRE(found.size() == 3 * kFilterSlice / 2);
    for (const std::size_t slices : {8U, 9U}) {  // a run goes on faster than the filter
        grow(state, read_recording(calls(slices * kFilterSlice), nullptr));
        REQUIRE(row_count(state) >= found.size());
        CHECK(std::equal(found.begin(), found.end(), state.filtered.begin()));
    }
    CHECK(state.filter_seen == 5 * kFilterSlice);  // a slice with each growth
    continue_filter(state, [] { return true; });
    CHECK_FALSE(filtering(state));
    CHECK(row_count(state) == 9 * kFilterSlice / 2);
}

TEST_CASE("a filter sees what a story tells otherwise of old events when the recording has grown") {
    const auto small = calls(3 * kFilterSlice);
    State state;
    show(state, read_recording(small, nullptr));
    apply(state, SetFilter{"listen"});
    continue_filter(state, [] { return true; });
    // The third call is another one now, the fourth too; all else stands where it was, and there is more of it.
    auto more = std::make_shared<trace::Trace>(*calls(6 * kFilterSlice));
    more->lanes[0].calls[2].call = model::Call::getsockname;
    more->lanes[0].calls[3].call = model::Call::listen;
    grow(state, read_recording(more, nullptr));
    CHECK(row_of_event(state, 2) == 1);  // as found before: it is looked at again behind the new ones
    continue_filter(state, [] { return true; });
    CHECK_FALSE(filtering(state));
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i < more->lanes[0].calls.size(); ++i)
        if (more->lanes[0].calls[i].call == model::Call::listen) expected.push_back(i);
    CHECK(state.filtered == expected);
}

TEST_CASE("an event that a grown recording tells of in between moves the rows behind it") {
    State state;
    show(state, read_recording(calls(3 * kFilterSlice), nullptr));
    apply(state, SetFilter{"listen"});
    continue_filter(state, [] { return true; });
    auto more = std::make_shared<trace::Trace>(*calls(3 * kFilterSlice));
    auto& list = more->lanes[0].calls;
    model::CallRecord late = list[20];
    late.call = model::Call::close;
    late.enter_ns += 1000, late.exit_ns += 1000;
    list.insert(list.begin() + 21, late);
    grow(state, read_recording(more, nullptr));
    CHECK(row_count(state) >= 11);
    CHECK(event_of_row(state, 10) == 20);
    CHECK(event_of_row(state, 11) == 23);  // never a row that does not belong: 22 would be as before
    continue_filter(state, [] { return true; });
    CHECK(row_count(state) == 3 * kFilterSlice / 2);
}

TEST_CASE("a filter that finds very many moves nothing that it has found") {
    State state;
    show(state, read_recording(calls(40 * kFilterSlice), nullptr));
    apply(state, SetFilter{"client"});
    const std::size_t* first = state.filtered.data();
    continue_filter(state, [] { return true; });
    CHECK(row_count(state) == state.events.size());
    CHECK(state.filtered.data() == first);
}

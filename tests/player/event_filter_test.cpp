#include "app/player/event_filter.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::player;

TEST_CASE("every word of the filter must be there, in any case and order") {
    CHECK(matches("client send(4, \"HELLO\", 5) = 5", ""));
    CHECK(matches("client send(4, \"HELLO\", 5) = 5", "hello CLIENT"));
    CHECK(!matches("client send(4, \"HELLO\", 5) = 5", "hello server"));
    CHECK(matches("a b", "  a  b "));
}

TEST_CASE("rows and events agree, with and without a filter") {
    State state;
    auto trace = std::make_unique<trace::Trace>();
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("unix/dgram");
    lane.endpoints = {{"client", model::Host::client, ""}};
    lane.start_ns = 1000;
    for (int i = 0; i < 6; ++i) {
        model::CallRecord call;
        call.call = i % 2 ? model::Call::getsockname : model::Call::listen;
        call.enter_ns = 2000 + i * 1'000'000;
        call.exit_ns = call.enter_ns + 500;
        call.fd = 3;
        if (i % 2 == 0) call.result = -1, call.error = 95;
        lane.calls.push_back(call);
    }
    trace->lanes.push_back(lane);
    show(state, std::move(trace));
    CHECK(row_count(state) == state.events.size());
    apply(state, SetFilter{"listen"});
    REQUIRE(row_count(state) == 3);
    for (std::size_t row = 0; row < 3; ++row) CHECK(row_of_event(state, event_of_row(state, row)) == row);
    CHECK(row_of_event(state, SIZE_MAX) == SIZE_MAX);
    apply(state, SetFilter{"no such thing"});
    CHECK(row_count(state) == 0);
    CHECK(row_of_event(state, 0) == SIZE_MAX);
    apply(state, SetFilter{""});
    CHECK(row_count(state) == state.events.size());
}

TEST_CASE("lane, program and text count together: each word may stand in any of them") {
    State state;
    auto trace = std::make_unique<trace::Trace>();
    for (const char* kind : {"unix/dgram", "inet/dgram"}) {
        trace::LaneTrace lane;
        lane.kind = *model::parse_kind(kind);
        lane.endpoints = {{"client", model::Host::client, ""}, {"server", model::Host::server, ""}};
        lane.start_ns = 1000;
        for (const int endpoint : {0, 1}) {
            model::CallRecord call;
            call.call = model::Call::close;
            call.enter_ns = 2000 + endpoint * 1000;
            call.exit_ns = call.enter_ns + 500;
            call.endpoint = static_cast<std::uint8_t>(endpoint);
            call.fd = 3 + endpoint;
            lane.calls.push_back(call);
        }
        trace->lanes.push_back(lane);
    }
    show(state, std::move(trace));
    REQUIRE(state.events.size() == 4);
    const auto rows = [&](const char* filter) {
        apply(state, SetFilter{filter});
        return row_count(state);
    };
    CHECK(rows("close") == 4);
    CHECK(rows("CLIENT close") == 2);
    CHECK(rows("unix server CLOSE(4) 0") == 1);
    CHECK(rows("unix server close(3)") == 0);
    CHECK(rows("inet/dgram client server") == 0);  // no row has both
    for (std::size_t event = 0; event < 4; ++event) {
        apply(state, SetFilter{"inet"});
        const auto place = state.events[event];
        CHECK((row_of_event(state, event) != SIZE_MAX &&
               event_of_row(state, row_of_event(state, event)) == event) == (place.lane == 1));
    }
}

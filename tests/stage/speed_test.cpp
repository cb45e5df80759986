#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "app/stage/layout.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;

namespace {

// Of several tries the quickest: what the work costs when nobody else is in the way.
double quickest_ms(const stage::StageInput& input) {
    double best = 1e9;
    for (int i = 0; i < 15; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const stage::Scene scene = stage::layout(input);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        CHECK(!scene.shapes.empty());
        best = std::min(best, took.count());
    }
    return best;
}

// A UNIX datagram lane of half a million sends and as many receives.
trace::LaneTrace long_lane(std::uint32_t messages) {
    trace::LaneTrace lane;
    lane.kind = {model::Domain::local, model::SocketType::dgram, 0};
    lane.endpoints = {{"client", model::Host::client, ""}, {"server", model::Host::server, ""}};
    lane.complete = true;
    lane.arena = "ping!";
    model::TimeNs t = 0;
    const auto call = [&](std::uint8_t endpoint, model::Call what, int fd, std::int64_t result) {
        model::CallRecord record;
        record.enter_ns = t += 1000;
        record.exit_ns = t += 1000;
        record.endpoint = endpoint;
        record.call = what;
        record.fd = fd;
        record.result = result;
        if (what == model::Call::socket) {
            record.args[0] = model::c_domain(model::Domain::local);
            record.args[1] = model::c_type(model::SocketType::dgram);
        }
        if (what == model::Call::send || what == model::Call::recv) {
            record.args[0] = 5;
            record.data = {0, 5};
        }
        lane.calls.push_back(record);
    };
    call(1, model::Call::socket, -1, 3);
    call(0, model::Call::socket, -1, 3);
    call(1, model::Call::bind, 3, 0);
    call(0, model::Call::connect, 3, 0);
    for (std::uint32_t m = 0; m < messages; ++m) {
        call(0, model::Call::send, 3, 5);
        if (m >= 100) call(1, model::Call::recv, 3, 5);  // a hundred always wait in the queue
    }
    lane.end_ns = t;
    return lane;
}

}  // namespace

TEST_CASE("a lesson's layout takes less than a millisecond") {
    for (const std::string& name : recorded_names()) {
        const Recorded& r = recorded(name);
        for (const model::TimeNs t : {r.end / 3, r.end / 2, r.end}) {
            CAPTURE(name);
            CHECK(quickest_ms(stage_of(r, {}, t, {})) < 1.0);
        }
    }
}

TEST_CASE("with a million events it takes less than three") {
    const trace::LaneTrace lane = long_lane(500'000);
    const story::Story story(lane);
    const stage::LanePlan plan(story);
    stage::StageInput input;
    input.width = 664;
    input.height = 500;
    input.measure = fixed_measure;
    input.lanes = {{&story, &plan, "", 0}};
    for (const model::TimeNs t : {lane.end_ns / 2, lane.end_ns}) {
        input.t = t;
        CHECK(quickest_ms(input) < 3.0);
    }
}

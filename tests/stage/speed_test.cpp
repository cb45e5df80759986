#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "app/stage/layout.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;

namespace {

model::TimeNs processor_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * model::kSecond + time.tv_nsec;
}

// Processor time of the quickest of several tries: what the work costs when nobody else is in the way.
model::TimeNs quickest_ns(const stage::StageInput& input) {
    model::TimeNs best = model::kSecond;
    for (int i = 0; i < 15; ++i) {
        const model::TimeNs begin = processor_ns();
        const stage::Scene scene = stage::layout(input);
        best = std::min(best, processor_ns() - begin);
        CHECK(!scene.shapes.empty());
    }
    return best;
}

// A UNIX datagram lane of so many sends and nearly as many receives.
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

// Its cost in milliseconds stands in tests/bench; here: it is that of the picture, not of the recording.
TEST_CASE("a hundred times as many events make a layout hardly dearer") {
    const auto cost_ns = [](std::uint32_t messages) {
        const trace::LaneTrace lane = long_lane(messages);
        const story::Story story(lane);
        const stage::LanePlan plan(story);
        stage::StageInput input;
        input.width = 664;
        input.height = 500;
        input.measure = fixed_measure;
        input.lanes = {{&story, &plan, "", 0}};
        model::TimeNs dearest = 0;
        for (const model::TimeNs t : {lane.end_ns / 2, lane.end_ns}) {
            input.t = t;
            dearest = std::max(dearest, quickest_ns(input));
        }
        return dearest;
    };
    const model::TimeNs few = cost_ns(5'000), many = cost_ns(500'000);
    MESSAGE("layout of 10,000 events: ", few / 1000, " us, of 1,000,000: ", many / 1000, " us");
    CHECK(many < 10 * few);
}

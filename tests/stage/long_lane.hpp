// A long recording for tests whose subject is what it costs.
#pragma once

#include <cstdint>
#include <memory>

#include "core/trace/trace.hpp"

namespace socketscope::tests {

// A UNIX datagram lane of so many sends and nearly as many receives.
inline trace::LaneTrace long_lane(std::uint32_t messages) {
    trace::LaneTrace lane;
    lane.kind = {model::Domain::local, model::SocketType::dgram, 0};
    lane.endpoints = {{"client", model::Host::client, ""}, {"server", model::Host::server, ""}};
    lane.complete = true;
    lane.arena = "ping!";
    model::TimeNs t = 0;
    const auto call = [&](std::uint8_t endpoint, model::Call what, int fd, std::int32_t result) {
        model::CallRecord record;
        record.enter_ns = t += 1000;
        record.exit_ns = t += 1000;
        record.endpoint = endpoint;
        record.call = what;
        record.fd = fd;
        record.result = result;
        if (what == model::Call::socket) {
            record.args.first = model::c_domain(model::Domain::local);
            record.args.second = model::c_type(model::SocketType::dgram);
        }
        if (what == model::Call::send || what == model::Call::recv) {
            record.args.first = 5;
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

inline std::unique_ptr<trace::Trace> long_recording(std::uint32_t messages) {
    auto trace = std::make_unique<trace::Trace>();
    trace->lanes.push_back(long_lane(messages));
    return trace;
}

}  // namespace socketscope::tests

// UDP as tests make it: the server's socket 0 at 192.0.2.2:7000, the client's socket 1 without a port of its own.
#pragma once

#include "tests/story/build_trace.hpp"

namespace socketscope::tests {

struct UdpScene : TraceBuilder {
    UdpScene() : TraceBuilder("inet/dgram") {
        socket(1, 3, 0);
        bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
        socket(0, 3, 2 * ms);
    }
    void sends(std::string_view data, model::TimeNs at) {
        sendto(0, 3, data, sockaddr4("192.0.2.2", 7000), at);
    }
    using TraceBuilder::packet;
    std::uint32_t packet(std::string_view data, model::TimeNs sent, model::TimeNs delivered) {
        return udp(model::Host::client, 50000, 7000, data, sent, delivered);
    }
    // Sent, and delivered 10 ms later.
    std::uint32_t passes(std::string_view data, model::TimeNs at) {
        sends(data, at);
        return packet(data, at + 1, at + 10 * ms);
    }
    // By the server's socket.
    void reads(std::string_view data, model::TimeNs at) { recv(1, 3, 64, data, at, at + 5); }
};

}  // namespace socketscope::tests

// A TCP connection as tests make it.
#pragma once

#include "tests/story/build_trace.hpp"

namespace socketscope::tests {

// Its sockets, in the order in which they are made.
inline constexpr std::uint32_t kListener = 0, kClient = 1, kAccepted = 2;

// A connection with 10 ms each way; client = fd 3, listener = fd 3, accepted = fd 4; established at 30 ms.
struct TcpScene : TraceBuilder {
    explicit TcpScene(std::uint32_t client_isn = 100, std::uint32_t server_isn = 500)
        : TraceBuilder("inet/stream"), c(client_isn), s(server_isn) {
        socket(1, 3, 0);
        bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
        listen(1, 3, 2 * ms);
        socket(0, 3, 3 * ms);
        connect(0, 3, sockaddr4("192.0.2.2", 7000), 10 * ms, 30 * ms + 20 * us);
        tcp(model::Host::client, {c, 0, packet::kSyn, ""}, 10 * ms, 20 * ms);
        tcp(model::Host::server, {s, c + 1, packet::kSyn | packet::kAck, ""}, 20 * ms, 30 * ms);
        tcp(model::Host::client, {c + 1, s + 1, packet::kAck, ""}, 30 * ms, 40 * ms);
    }
    void accepted(model::TimeNs at) { accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, at); }
    std::uint32_t data(std::uint32_t offset, const std::string& bytes, model::TimeNs sent,
                       model::TimeNs delivered) {
        return tcp(model::Host::client, {c + 1 + offset, s + 1, packet::kPsh | packet::kAck, bytes}, sent,
                   delivered);
    }
    std::uint32_t ack(std::uint32_t offset, model::TimeNs sent, model::TimeNs delivered) {
        return tcp(model::Host::server, {s + 1, c + 1 + offset, packet::kAck, ""}, sent, delivered);
    }
    std::uint32_t c, s;
};

}  // namespace socketscope::tests

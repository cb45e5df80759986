// Makes small traces by hand, for tests: calls and packets as they are recorded, with true headers and checksums.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/packet/packet.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::tests {

inline constexpr model::TimeNs ms = model::kMillisecond;
inline constexpr model::TimeNs us = model::kMicrosecond;

// The socket addresses of the two hosts, as sockaddr bytes.
std::string sockaddr4(std::string_view host, std::uint16_t port);  // "192.0.2.1"
std::string sockaddr_unix(std::string_view path);                  // "@name" is abstract

struct Segment {
    std::uint32_t seq{0}, ack{0};
    std::uint8_t flags{packet::kAck};
    std::string payload;
    std::uint16_t window{0xffff};
    int window_scale{-1};                           // ≥ 0: with the option
    std::uint16_t from_port{40000}, to_port{7000};  // as the client sends it
};

class TraceBuilder {
public:
    explicit TraceBuilder(std::string_view kind);  // endpoints: 0 = client, 1 = server; t = 0 at start

    struct Made {
        std::uint32_t index;
    };
    // A call of an endpoint from `enter` to `exit` (kNever: has not returned).
    model::CallRecord& call(int endpoint, model::Call call, int fd, model::TimeNs enter, model::TimeNs exit,
                            std::int64_t result = 0);
    // The usual ones. They take 10 µs unless said otherwise.
    void socket(int endpoint, int fd, model::TimeNs at);
    void bind(int endpoint, int fd, const std::string& sockaddr, model::TimeNs at);
    void listen(int endpoint, int fd, model::TimeNs at);
    void connect(int endpoint, int fd, const std::string& sockaddr, model::TimeNs enter, model::TimeNs exit,
                 int error = 0);
    void accept(int endpoint, int fd, int made, const std::string& peer, model::TimeNs enter,
                model::TimeNs exit);
    std::uint32_t send(int endpoint, int fd, std::string_view data, model::TimeNs at,
                       std::int64_t result = -2);
    std::uint32_t sendto(int endpoint, int fd, std::string_view data, const std::string& to,
                         model::TimeNs at);
    std::uint32_t recv(int endpoint, int fd, std::int64_t room, std::string_view given, model::TimeNs enter,
                       model::TimeNs exit, std::int32_t flags = 0);
    void refused(int endpoint, model::Call what, int fd, int error, model::TimeNs enter, model::TimeNs exit);
    void shutdown(int endpoint, int fd, int how, model::TimeNs at);
    void setsockopt(int endpoint, int fd, int level, int name, std::int64_t value, model::TimeNs at);
    void close(int endpoint, int fd, model::TimeNs at);

    // Packets. delivered = kNever: dropped by a rule at `sent`.
    std::uint32_t packet(model::Host from, std::string bytes, model::TimeNs sent, model::TimeNs delivered);
    std::uint32_t tcp(model::Host from, const Segment& segment, model::TimeNs sent, model::TimeNs delivered);
    std::uint32_t udp(model::Host from, std::uint16_t from_port, std::uint16_t to_port,
                      std::string_view payload, model::TimeNs sent, model::TimeNs delivered);
    void corrupt(std::uint32_t packet);  // one bit of its last byte, on the way
    void duplicate(std::uint32_t packet, model::TimeNs delivered);

    // Calls in the order of enter_ns, as a recording has them. Indices from before stay valid only if made in order.
    trace::LaneTrace take();
    trace::LaneTrace lane;
    model::ByteRange keep(std::string_view bytes);  // in the lane's arena
};

std::string ip4_packet(model::Host from, std::uint8_t protocol, const std::string& payload,
                       std::uint16_t id = 0, std::uint16_t fragment_field = 0);
std::string tcp_bytes(model::Host from, const Segment& segment);
std::string udp_bytes(model::Host from, std::uint16_t from_port, std::uint16_t to_port,
                      std::string_view payload);

}  // namespace socketscope::tests

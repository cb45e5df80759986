// What the wire costs: time added to a datagram's way, and packets a second, beside the same over bare loopback.
//
// Goals: at most 30 µs added one way at zero impairment; at least 100,000 packets a second.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "core/packet/packet.hpp"
#include "core/wire/carrier.hpp"
#include "core/wire/wire.hpp"

using namespace socketscope;
using model::Host;
using socket::Fd;

namespace {

sockaddr_in ipv4(const char* text, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, text, &address.sin_addr);
    return address;
}

// A client's and a server's UDP socket, connected to each other: over the wire, or on the client's own loopback.
struct Pair {
    std::unique_ptr<host::Hosts> hosts{host::Hosts::open()};
    std::unique_ptr<wire::Wire> link;
    std::unique_ptr<trace::PacketLog> log;
    Fd client, server;

    explicit Pair(bool over_the_wire) {
        if (over_the_wire) {
            link = std::make_unique<wire::Wire>(hosts->take_link_end(Host::client),
                                                hosts->take_link_end(Host::server));
            log = std::make_unique<trace::PacketLog>();
            link->begin_lane({}, 1, *log);
        }
        client = hosts->make_socket(Host::client, AF_INET, SOCK_DGRAM, 0).fd;
        server = hosts->make_socket(over_the_wire ? Host::server : Host::client, AF_INET, SOCK_DGRAM, 0).fd;
        const sockaddr_in client_name = ipv4(over_the_wire ? "192.0.2.1" : "127.0.0.1", 7001);
        const sockaddr_in server_name = ipv4(over_the_wire ? "192.0.2.2" : "127.0.0.1", 7000);
        name(client, client_name, server_name);
        name(server, server_name, client_name);
    }
    ~Pair() {
        if (link) link->end_run();
    }

private:
    static void name(const Fd& fd, const sockaddr_in& own, const sockaddr_in& peer) {
        const timeval limit{1, 0};  // a lost datagram is counted, and does not hang the benchmark
        ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        const int buffer = 4 * 1024 * 1024;
        ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
        if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
            ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0)
            throw std::system_error(errno, std::generic_category(), "the benchmark's socket");
    }
};

// A server that sends back what it is sent, in a thread of its own.
class Echo {
public:
    explicit Echo(const Pair& pair) : pair_(pair), thread_([this] { run(); }) {}
    ~Echo() {
        stop_ = true;
        ::send(pair_.client.get(), "", 1, 0);
        thread_.join();
    }

private:
    void run() {
        char bytes[64];
        for (;;) {
            const ssize_t size = ::recv(pair_.server.get(), bytes, sizeof bytes, 0);
            if (stop_) return;
            if (size > 0) ::send(pair_.server.get(), bytes, static_cast<std::size_t>(size), 0);
        }
    }

    const Pair& pair_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

constexpr int kRoundTrips = 200;

// Half of a round trip: the time of one way, a block's median.
double way_us(const Pair& pair, double& lost) {
    std::vector<double> times;
    char bytes[64] = "x";
    for (int i = 0; i < kRoundTrips; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        ::send(pair.client.get(), bytes, 20, 0);
        lost += ::recv(pair.client.get(), bytes, sizeof bytes, 0) < 0;
        times.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / 2);
    }
    return median(std::move(times));
}

// Blocks over loopback and over the wire take turns, and each is compared with its neighbour: how fast a sleeping
// thread is woken differs from minute to minute by more than the wire takes.
void one_way(benchmark::State& state) {
    const Pair loopback(false), wire(true);
    const Echo near(loopback), far(wire);
    std::vector<double> bare, carried, added;
    double lost = 0;
    for (auto _ : state) {
        bare.push_back(way_us(loopback, lost));
        carried.push_back(way_us(wire, lost));
        added.push_back(carried.back() - bare.back());
    }
    state.counters["loopback_us"] = median(bare);
    state.counters["wire_us"] = median(carried);
    state.counters["added_us"] = median(added);
    state.counters["lost"] = lost;
}
BENCHMARK(one_way)->Iterations(51)->UseRealTime()->Unit(benchmark::kMillisecond);

// Bursts of a thousand datagrams, each burst sent and then received: packets a second, recorded.
void packets(benchmark::State& state, bool over_the_wire) {
    Pair pair(over_the_wire);
    constexpr int kBurst = 1000;
    const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
    std::int64_t received = 0;
    double lost = 0;
    for (auto _ : state) {
        for (int i = 0; i < kBurst; ++i) ::send(pair.client.get(), payload.data(), payload.size(), 0);
        char bytes[2048];
        int got = 0;
        while (got<kBurst&& ::recv(pair.server.get(), bytes, sizeof bytes, 0)> 0) ++got;
        received += got;
        lost += kBurst - got;
    }
    state.counters["lost"] = lost;
    state.SetItemsProcessed(received);
}
BENCHMARK_CAPTURE(packets, loopback, false)->Arg(20)->Arg(1400)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(packets, wire, true)->Arg(20)->Arg(1400)->UseRealTime()->Unit(benchmark::kMillisecond);

// The carrier alone: decode, decide, record, hand over; no system call.
void carrier(benchmark::State& state) {
    packet::Address client, server;
    client.version = server.version = 4;
    client.bytes[3] = 1;
    server.bytes[3] = 2;
    const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
    const std::string bytes = packet::ipv4(client, server, 17, packet::udp_header(7001, 7000, payload));
    trace::PacketLog log;
    model::TimeNs now = 0;
    wire::Carrier carrier(
        wire::Carrier::Form::ip_packets, [&] { return ++now; }, [](const wire::Arrival&) { return 0; });
    model::LinkSpec link;
    if (state.range(1)) {
        link.delay_ns = 1000;
        link.jitter_ns = 100;
        link.loss = 0.01;
        link.reorder = 0.01;
        link.reorder_hold_ns = 100;
    }
    carrier.begin_lane(link, 1, log);
    for (auto _ : state) carrier.arrived({Host::client, bytes, 0});
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(carrier)->Args({20, 0})->Args({1400, 0})->Args({20, 1})->ArgNames({"bytes", "impaired"});

}  // namespace

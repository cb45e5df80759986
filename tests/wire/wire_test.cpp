// The wire between two real hosts: what programs send arrives, rules bite, and trouble is said, not suffered.
#include "core/wire/wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <iterator>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/model/problem.hpp"
#include "core/packet/packet.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;
using model::Host;
using model::kMillisecond;
using model::kSecond;
using model::PacketClass;
using socket::Fd;

namespace {

struct Endpoint {
    sockaddr_storage bytes{};
    socklen_t size{0};
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

Endpoint endpoint(Host host, bool ipv6, std::uint16_t port) {
    Endpoint made;
    const std::string text = host::address_of(host::Rung::tun, host, ipv6);
    if (ipv6) {
        auto& in6 = reinterpret_cast<sockaddr_in6&>(made.bytes);
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(port);
        ::inet_pton(AF_INET6, text.c_str(), &in6.sin6_addr);
        made.size = sizeof in6;
    } else {
        auto& in = reinterpret_cast<sockaddr_in&>(made.bytes);
        in.sin_family = AF_INET;
        in.sin_port = htons(port);
        ::inet_pton(AF_INET, text.c_str(), &in.sin_addr);
        made.size = sizeof in;
    }
    return made;
}

// Two hosts with a wire between them, on the forced rung or the best one; nothing on a machine that can't.
struct Lab {
    std::unique_ptr<host::Hosts> hosts;
    std::unique_ptr<wire::Wire> link;
    trace::PacketLog log;

    Lab() {
        hosts = host::Hosts::open();
        if (hosts->report().rung > host::Rung::veth) {
            test::skipped("two hosts with a wire", hosts->report().missing + hosts->report().name);
            return;
        }
        link = std::make_unique<wire::Wire>(hosts->take_link_end(Host::client),
                                            hosts->take_link_end(Host::server));
    }
    explicit operator bool() const { return link != nullptr; }
    ~Lab() {
        if (link) link->end_run();
    }

    // A socket of that host whose calls end after two seconds: a broken wire fails the test, it does not hang it.
    Fd make(Host host, int domain, int type, int protocol = 0) const {
        host::MadeSocket made = hosts->make_socket(host, domain, type, protocol);
        REQUIRE(made.error == 0);
        const timeval limit{2, 0};
        ::setsockopt(made.fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(made.fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        return std::move(made.fd);
    }
    void wait_for_packets(std::size_t count) const {
        trace::LaneTrace lane;
        const auto cursor = log.make_cursor();
        while (lane.packets.size() < count) {
            log.collect(lane, *cursor);
            std::this_thread::yield();
        }
    }
    std::vector<model::PacketRecord> packets(trace::LaneTrace& lane) const {
        log.collect(lane, *log.make_cursor());
        return lane.packets;
    }
};

std::string receive(const Fd& fd, int flags = 0) {
    char bytes[2048];
    const ssize_t size = ::recv(fd.get(), bytes, sizeof bytes, flags);
    return size < 0 ? std::string("recv: ") + std::strerror(errno)
                    : std::string(bytes, static_cast<std::size_t>(size));
}

struct Connection {
    Fd listener, server, client;
};
Connection connect_tcp(Lab& lab, bool ipv6) {
    const int domain = ipv6 ? AF_INET6 : AF_INET;
    Connection made{lab.make(Host::server, domain, SOCK_STREAM), Fd(),
                    lab.make(Host::client, domain, SOCK_STREAM)};
    Endpoint server = endpoint(Host::server, ipv6, 7000);
    REQUIRE(::bind(made.listener.get(), server.get(), server.size) == 0);
    REQUIRE(::listen(made.listener.get(), 1) == 0);
    REQUIRE(::connect(made.client.get(), server.get(), server.size) == 0);
    made.server = Fd(::accept(made.listener.get(), nullptr, nullptr));
    REQUIRE(made.server);
    return made;
}

}  // namespace

TEST_CASE("UDP and TCP cross the wire over IPv4 and IPv6 and are recorded") {
    Lab lab;
    if (!lab) return;
    for (const bool ipv6 : {false, true}) {
        CAPTURE(ipv6);
        trace::PacketLog log;
        lab.link->begin_lane({}, 1, log);
        const int domain = ipv6 ? AF_INET6 : AF_INET;
        const Fd server = lab.make(Host::server, domain, SOCK_DGRAM);
        const Fd client = lab.make(Host::client, domain, SOCK_DGRAM);
        Endpoint to = endpoint(Host::server, ipv6, 7000);
        REQUIRE(::bind(server.get(), to.get(), to.size) == 0);
        REQUIRE(::sendto(client.get(), "datagram", 8, 0, to.get(), to.size) == 8);
        CHECK(receive(server) == "datagram");
        {
            const Connection tcp = connect_tcp(lab, ipv6);
            REQUIRE(::send(tcp.client.get(), "segment", 7, MSG_NOSIGNAL) == 7);
            CHECK(receive(tcp.server) == "segment");
        }
        CHECK(lab.link->wait_quiet(20 * kMillisecond, 2 * kSecond));
        lab.link->end_run();
        trace::LaneTrace lane;
        log.collect(lane, *log.make_cursor());
        REQUIRE(lane.packets.size() >= 8);  // datagram, handshake, segment, ACK, FINs
        for (const auto& packet : lane.packets) {
            const packet::Headers headers = packet::decode(lane.bytes(packet.bytes));
            CHECK(headers.version == (ipv6 ? 6 : 4));
            CHECK((headers.is_tcp() || headers.is_udp()));  // no noise
            CHECK(headers.checksum_ok);                     // whole: no offload
            CHECK(packet.verdict == model::Verdict::delivered);
            CHECK(packet.delivered_ns >= packet.sent_ns);
        }
        CHECK(packet::decode(lane.bytes(lane.packets[0].bytes)).payload_size == 8);
        CHECK(packet::classify(packet::decode(lane.bytes(lane.packets[1].bytes))) == PacketClass::syn);
    }
}

TEST_CASE("a fragmented datagram and an ICMP error cross the wire") {
    Lab lab;
    if (!lab) return;
    lab.link->begin_lane({}, 1, lab.log);
    const Fd client = lab.make(Host::client, AF_INET, SOCK_DGRAM);
    Endpoint nobody = endpoint(Host::server, false, 9);
    REQUIRE(::connect(client.get(), nobody.get(), nobody.size) == 0);
    const std::string large(4000, 'x');
    REQUIRE(::send(client.get(), large.data(), large.size(), 0) == 4000);
    CHECK(receive(client) == "recv: Connection refused");
    CHECK(lab.link->wait_quiet(20 * kMillisecond, 2 * kSecond));
    trace::LaneTrace lane;
    const auto packets = lab.packets(lane);
    REQUIRE(packets.size() == 4);
    for (int i = 0; i < 3; ++i)
        CHECK(packet::decode(lane.bytes(packets[static_cast<std::size_t>(i)].bytes)).fragment);
    CHECK(packet::decode(lane.bytes(packets[3].bytes)).is_icmp());
}

TEST_CASE("a raw socket's ping is answered by the other host's kernel") {
    Lab lab;
    if (!lab) return;
    lab.link->begin_lane({}, 1, lab.log);
    const Fd raw = lab.make(Host::client, AF_INET, SOCK_RAW, IPPROTO_ICMP);
    Endpoint server = endpoint(Host::server, false, 0);
    const std::string echo = packet::icmp_echo(7, 1, "hello");
    REQUIRE(::sendto(raw.get(), echo.data(), echo.size(), 0, server.get(), server.size) > 0);
    const std::string reply = receive(raw);
    const packet::Headers headers = packet::decode(reply);
    CHECK(headers.is_icmp());
    CHECK(headers.icmp_type == 0);
    CHECK(headers.icmp_id == 7);
}

TEST_CASE("a dropped segment is retransmitted by the kernel") {
    Lab lab;
    if (!lab) return;
    model::LinkSpec link;
    model::LinkRule rule;
    rule.what = PacketClass::data;
    rule.nth = 2;
    link.rules = {rule};
    lab.link->begin_lane(link, 1, lab.log);
    const Connection tcp = connect_tcp(lab, false);
    const int yes = 1;
    ::setsockopt(tcp.client.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    std::string received;
    for (const char* message : {"one ", "two ", "three"})
        ::send(tcp.client.get(), message, std::strlen(message), 0);
    while (received.size() < 13) {
        const std::string more = receive(tcp.server);
        REQUIRE(more.rfind("recv:", 0) != 0);
        received += more;
    }
    CHECK(received == "one two three");
    CHECK(lab.link->wait_quiet(20 * kMillisecond, 2 * kSecond));
    trace::LaneTrace lane;
    const auto packets = lab.packets(lane);
    int lost = 0, copies = 0;
    for (const auto& packet : packets) {
        const packet::Headers headers = packet::decode(lane.bytes(packet.bytes));
        const std::string_view payload = lane.bytes(packet.bytes).substr(headers.payload_offset);
        copies += payload.substr(0, 4) == "two ";
        if (packet.verdict != model::Verdict::dropped) continue;
        ++lost;
        CHECK(packet.cause == model::Cause::rule);
        CHECK(packet.rule == 1);
    }
    CHECK(lost == 1);
    CHECK(copies == 2);
    tcp_info info{};
    socklen_t size = sizeof info;
    REQUIRE(::getsockopt(tcp.client.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
    CHECK(info.tcpi_total_retrans == 1);
}

TEST_CASE("the wire delays, and delivers on time") {
    Lab lab;
    if (!lab) return;
    model::LinkSpec link;
    link.delay_ns = 200 * kMillisecond;
    lab.link->begin_lane(link, 1, lab.log);
    const Fd server = lab.make(Host::server, AF_INET, SOCK_DGRAM);
    const Fd client = lab.make(Host::client, AF_INET, SOCK_DGRAM);
    Endpoint to = endpoint(Host::server, false, 7000);
    REQUIRE(::bind(server.get(), to.get(), to.size) == 0);
    for (int i = 0; i < 5; ++i) REQUIRE(::sendto(client.get(), "x", 1, 0, to.get(), to.size) == 1);
    lab.wait_for_packets(5);
    CHECK_FALSE(lab.link->wait_quiet(kMillisecond, 5 * kMillisecond));  // they are in flight
    for (int i = 0; i < 5; ++i) CHECK(receive(server) == "x");
    CHECK(
        lab.link->wait_quiet(kMillisecond, kSecond));  // a delivery is logged behind the write that makes it
    trace::LaneTrace lane;
    for (const auto& packet : lab.packets(lane)) {
        CHECK(packet.due_ns == packet.sent_ns + 200 * kMillisecond);
        CHECK(packet.delivered_ns >= packet.due_ns);
    }
}

TEST_CASE("a person's command reaches a packet in flight") {
    Lab lab;
    if (!lab) return;
    model::LinkSpec link;
    link.delay_ns = 10 * kSecond;
    lab.link->begin_lane(link, 1, lab.log);
    const Fd server = lab.make(Host::server, AF_INET, SOCK_DGRAM);
    const Fd client = lab.make(Host::client, AF_INET, SOCK_DGRAM);
    Endpoint to = endpoint(Host::server, false, 7000);
    REQUIRE(::bind(server.get(), to.get(), to.size) == 0);
    for (const char* message : {"a", "b"})
        REQUIRE(::sendto(client.get(), message, 1, 0, to.get(), to.size) == 1);
    lab.wait_for_packets(2);
    lab.link->command({wire::Act::drop, 0});
    lab.link->command({wire::Act::release, 1});
    CHECK(receive(server) == "b");
    CHECK(lab.link->wait_quiet(kMillisecond, kSecond));
    trace::LaneTrace lane;
    lab.packets(lane);
    CHECK(lane.packets[0].cause == model::Cause::person);
    CHECK(lane.packets[0].verdict == model::Verdict::dropped);
    CHECK(lane.packets[1].verdict == model::Verdict::delivered);
}

TEST_CASE("several people's commands at once, while packets fly: each packet has one fate") {
    Lab lab;
    if (!lab) return;
    constexpr std::uint32_t kPackets = 300;
    model::LinkSpec link;
    link.delay_ns = 2 * kMillisecond;
    lab.link->begin_lane(link, 1, lab.log);
    const Fd server = lab.make(Host::server, AF_INET, SOCK_DGRAM);
    const Fd client = lab.make(Host::client, AF_INET, SOCK_DGRAM);
    Endpoint to = endpoint(Host::server, false, 7000);
    REQUIRE(::bind(server.get(), to.get(), to.size) == 0);
    std::vector<std::thread> people;
    for (std::uint32_t person = 0; person < 3; ++person)
        people.emplace_back([&, person] {
            constexpr wire::Act kActs[] = {
                wire::Act::hold, wire::Act::duplicate, wire::Act::swap_with_next, wire::Act::corrupt,
                wire::Act::drop, wire::Act::release,   wire::Act::duplicate,      wire::Act::hold};
            for (std::uint32_t i = person; i < 3 * kPackets; ++i)
                lab.link->command({kActs[i % std::size(kActs)], i % kPackets});
        });
    for (std::uint32_t i = 0; i < kPackets; ++i)
        REQUIRE(::sendto(client.get(), "0123456789", 10, 0, to.get(), to.size) == 10);
    lab.wait_for_packets(kPackets);
    for (std::thread& person : people) person.join();
    lab.link->end_run();  // what is still held is dropped now
    trace::LaneTrace lane;
    lab.packets(lane);
    CHECK(lane.packets.size() >= kPackets);
    for (const model::PacketRecord& packet : lane.packets) {
        CAPTURE(&packet - lane.packets.data());
        CHECK(packet.verdict != model::Verdict::in_flight);
        if (packet.verdict == model::Verdict::dropped) CHECK(packet.cause != model::Cause::none);
        const bool changed = (packet.flags & model::kCorrupted) != 0;
        CHECK(lane.bytes(changed ? packet.delivered_bytes : packet.bytes).size() == 38);
    }
}

TEST_CASE("a killed helper is a sentence, not a crash or a hang") {
    Lab lab;
    if (!lab) return;
    lab.link->begin_lane({}, 1, lab.log);
    REQUIRE(::kill(lab.hosts->helper_pid(), SIGKILL) == 0);
    try {
        lab.hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0);
        FAIL("a socket came from a dead helper");
    } catch (const model::Failure& failure) {
        CHECK(failure.problem().why.find("signal 9") != std::string::npos);
    }
    CHECK_THROWS_AS(lab.hosts->device_drops(Host::client), model::Failure);
    lab.link->end_run();
}

TEST_CASE("an end that can't be read any more is said by failure(), and the wire still answers") {
    // A folder's descriptor is always ready and never readable (EISDIR), as a vanished TUN device is (EBADFD).
    host::LinkEnd client, server;
    client.fd = Fd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    wire::Wire wire(std::move(client), std::move(server));
    while (wire.failure().empty()) std::this_thread::yield();
    CHECK(wire.failure().find("client") != std::string::npos);
    trace::PacketLog log;
    wire.begin_lane({}, 1, log);
    CHECK(wire.wait_quiet(kMillisecond, kSecond));
    wire.end_run();
}

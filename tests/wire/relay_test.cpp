// The relay of the loopback rung: datagrams between sockets of this process, both ways, impaired and recorded.
#include "core/wire/relay.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "core/socket/fd.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;
using model::Host;
using model::kMillisecond;
using model::kSecond;
using socket::Address;
using socket::Fd;

namespace {

struct Program {
    Fd fd;
    Address own;

    explicit Program(bool ipv6) : fd(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const timeval limit{2, 0};
        ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        const Address any = ipv6 ? *socket::inet6_address("::1", 0) : *socket::inet_address("127.0.0.1", 0);
        if (::bind(fd.get(), any.get(), any.size()) < 0) return;
        socklen_t size = Address::capacity();
        ::getsockname(fd.get(), own.get(), &size);
        own.set_size(size);
    }
    void send(const std::string& text, const Address& to) const {
        REQUIRE(::sendto(fd.get(), text.data(), text.size(), 0, to.get(), to.size()) ==
                static_cast<ssize_t>(text.size()));
    }
    std::string receive(Address* from = nullptr) const {
        char bytes[2048];
        Address sender;
        socklen_t size = Address::capacity();
        const ssize_t got = ::recvfrom(fd.get(), bytes, sizeof bytes, 0, sender.get(), &size);
        sender.set_size(size);
        if (from) *from = sender;
        return got < 0 ? std::strerror(errno) : std::string(bytes, static_cast<std::size_t>(got));
    }
};

std::vector<model::PacketRecord> packets_of(const trace::PacketLog& log) {
    trace::LaneTrace lane;
    log.collect(lane, *log.make_cursor());
    return lane.packets;
}

}  // namespace

TEST_CASE("datagrams cross the relay both ways, also to a connected socket") {
    for (const bool ipv6 : {false, true}) {
        const Program server(ipv6), client(ipv6);
        if (server.own.empty()) {
            test::skipped("the relay over IPv6", "::1 can't be bound");
            continue;
        }
        wire::Relay relay;
        trace::PacketLog log;
        relay.begin_lane({}, 1, log);
        const Address reach_server = relay.publish(Host::server, server.own);
        CHECK(relay.publish(Host::server, server.own).bytes() == reach_server.bytes());
        REQUIRE(::connect(client.fd.get(), reach_server.get(), reach_server.size()) == 0);
        client.send("question", reach_server);
        Address sender;
        CHECK(server.receive(&sender) == "question");
        CHECK(sender.bytes() != client.own.bytes());
        server.send("answer", sender);
        CHECK(client.receive() == "answer");  // connected: comes from the address that it knows
        server.send("", sender);
        CHECK(client.receive().empty());
        relay.end_run();
        const auto packets = packets_of(log);
        REQUIRE(packets.size() == 3);
        CHECK(packets[0].from == Host::client);
        CHECK(packets[1].from == Host::server);
        CHECK(packets[1].bytes.size == 6);
        for (const auto& packet : packets) {
            CHECK((packet.flags & model::kPayloadOnly) != 0);
            CHECK(packet.verdict == model::Verdict::delivered);
        }
    }
}

TEST_CASE("two programs that publish their addresses reach each other by them") {
    const Program server(false), client(false), second(false);
    wire::Relay relay;
    trace::PacketLog log;
    relay.begin_lane({}, 1, log);
    const Address reach_server = relay.publish(Host::server, server.own);
    const Address reach_client = relay.publish(Host::client, client.own);
    Address sender;
    server.send("you first", reach_client);
    CHECK(client.receive(&sender) == "you first");
    CHECK(sender.bytes() == reach_server.bytes());
    client.send("1", reach_server);
    CHECK(server.receive(&sender) == "1");
    CHECK(sender.bytes() == reach_client.bytes());
    second.send("2", reach_server);
    CHECK(server.receive(&sender) == "2");
    CHECK(sender.bytes() != reach_client.bytes());
    relay.end_run();
}

TEST_CASE("the relay drops and delays by the lane's rules") {
    const Program server(false), client(false);
    wire::Relay relay;
    trace::PacketLog log;
    model::LinkSpec link;
    link.delay_ns = 20 * kMillisecond;
    model::LinkRule rule;
    rule.nth = 2;
    link.rules = {rule};
    relay.begin_lane(link, 1, log);
    const Address reach_server = relay.publish(Host::server, server.own);
    for (const char* text : {"1", "2", "3"}) client.send(text, reach_server);
    CHECK(server.receive() == "1");
    CHECK(server.receive() == "3");
    CHECK(relay.wait_quiet(kMillisecond, kSecond));
    const auto packets = packets_of(log);
    REQUIRE(packets.size() == 3);
    CHECK(packets[1].cause == model::Cause::rule);
    CHECK(packets[2].delivered_ns >= packets[2].sent_ns + 20 * kMillisecond);
    relay.end_run();
}

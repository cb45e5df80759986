#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using story::kNone;
using story::Piece;
using story::Story;

TEST_CASE("ping by hand: the kernel answers, and the reader gets the IP header too") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    const std::string echo = packet::icmp_echo(7, 1, "ping");
    std::string reply = echo;
    reply[0] = 0;
    reply[2] = reply[3] = 0;
    const std::uint16_t sum = packet::checksum(reply);
    reply[2] = static_cast<char>(sum >> 8);
    reply[3] = static_cast<char>(sum & 0xff);
    b.sendto(0, 3, echo, sockaddr4("192.0.2.2", 0), 10 * ms);
    b.packet(Host::client, ip4_packet(Host::client, 1, echo), 10 * ms + 1, 20 * ms);
    const std::string answer = ip4_packet(Host::server, 1, reply);
    b.packet(Host::server, answer, 20 * ms + 1, 30 * ms);
    b.recv(0, 3, 200, answer, 15 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.packets()[0].socket == 0);
    CHECK(story.pieces(story.packets()[0].pieces)[0] == Piece{0, 0, 12});
    CHECK(story.packets()[1].socket == kNone);
    CHECK(story.packets()[1].to_socket == 0);
    CHECK(given(story, 0) == "?[32]");
    CHECK(story.losses().empty());
}

TEST_CASE(
    "a raw reader gets a copy with the header before the sender's bytes; the UDP socket still gets its own") {
    TraceBuilder b("inet/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
    auto& raw = b.call(1, model::Call::socket, -1, 2 * ms, 2 * ms + 5, 4);
    raw.args.first = 2;
    raw.args.second = 3;
    raw.args.third = 17;
    b.socket(0, 3, 3 * ms);
    b.sendto(0, 3, "HELLO", sockaddr4("192.0.2.2", 7000), 10 * ms);
    const std::string bytes = udp_bytes(Host::client, 50000, 7000, "HELLO");
    b.packet(Host::client, bytes, 10 * ms + 1, 20 * ms);
    b.recv(1, 3, 64, "HELLO", 30 * ms, 30 * ms + 5);
    b.recv(1, 4, 64, bytes, 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+5]");
    CHECK(given(story, 1) == "?[28] #1[0+5]");
}

TEST_CASE("what no UDP socket takes is lost for UDP, though a raw socket there got a copy") {
    TraceBuilder b("inet/dgram");
    b.call(1, model::Call::socket, -1, 2 * ms, 2 * ms + 5, 4).args = {2, 3, 17};
    b.socket(0, 3, 3 * ms);
    b.sendto(0, 3, "HELLO", sockaddr4("192.0.2.2", 7000), 10 * ms);
    const std::string bytes = udp_bytes(Host::client, 50000, 7000, "HELLO");
    b.packet(Host::client, bytes, 10 * ms + 1, 20 * ms);
    b.recv(1, 4, 64, bytes, 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(given(story, 0) == "?[28] #1[0+5]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::no_listener);
    CHECK(story.losses()[0].why.find("A raw socket there got a copy") != std::string::npos);
}

TEST_CASE("a large raw packet in fragments is one message, and is read as one") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    b.socket(1, 3, 0);
    const std::string echo = packet::icmp_echo(7, 1, std::string(2000, 'x'));
    b.sendto(0, 3, echo, sockaddr4("192.0.2.2", 0), 10 * ms);
    constexpr std::uint16_t kMore = 0x2000;
    b.packet(Host::client, ip4_packet(Host::client, 1, echo.substr(0, 1480), 9, kMore), 10 * ms + 1, 22 * ms);
    b.packet(Host::client, ip4_packet(Host::client, 1, echo.substr(1480), 9, 1480 / 8), 10 * ms + 2, 21 * ms);
    const std::string whole = ip4_packet(Host::client, 1, echo, 9);
    b.recv(1, 3, 4000, whole, 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.pieces(story.packets()[0].pieces)[0] == Piece{0, 0, 1480});
    CHECK(story.pieces(story.packets()[1].pieces)[0] == Piece{0, 1480, 528});
    CHECK(story.receive_queue_at(1, story.begin_ns() + 22 * ms).items.size() == 1);
    CHECK(given(story, 0) == "?[20] #1[0+2008]");
}

TEST_CASE(
    "a raw reader gets a UDP datagram whole that crossed the wire in fragments, in any order and twice") {
    TraceBuilder b("inet/raw:udp");
    b.socket(1, 3, 0);
    b.call(0, model::Call::socket, -1, 20 * us, 30 * us, 4).args = {2, 2, 0};
    b.call(1, model::Call::socket, -1, 20 * us, 30 * us, 4).args = {2, 2, 0};
    b.bind(1, 4, sockaddr4("192.0.2.2", 7000), 1 * ms);
    const std::string first(1000, 'x'), second(1100, 'y');
    std::string pieces;
    SUBCASE("of one send") {
        b.sendto(0, 4, first + second, sockaddr4("192.0.2.2", 7000), 10 * ms);
        pieces = "#1[0+2100]";
    }
    SUBCASE("of two, joined") {
        b.sendto(0, 4, first, sockaddr4("192.0.2.2", 7000), 10 * ms);
        b.lane.calls.back().args.second = 0x8000;  // MSG_MORE
        b.sendto(0, 4, second, sockaddr4("192.0.2.2", 7000), 10 * ms + 20 * us);
        pieces = "#1[0+1000] #2[0+1100]";
    }
    const std::string datagram = packet::udp_header(50000, 7000, first + second);
    constexpr std::uint16_t kMore = 0x2000;
    b.packet(Host::client, ip4_packet(Host::client, 17, datagram.substr(0, 1480), 9, kMore), 11 * ms,
             22 * ms);
    const std::uint32_t last = b.packet(
        Host::client, ip4_packet(Host::client, 17, datagram.substr(1480), 9, 1480 / 8), 11 * ms + 2, 21 * ms);
    b.duplicate(last, 21 * ms + 1);
    b.recv(1, 3, 4000, ip4_packet(Host::client, 17, datagram, 9), 30 * ms, 30 * ms + 5);
    b.recv(1, 4, 4000, first + second, 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "?[28] " + pieces);
    CHECK(given(story, 1) == pieces);
    CHECK(story.losses().empty());
}

TEST_CASE("header bytes that the kernel fills in come from no send call (IP_HDRINCL)") {
    TraceBuilder b("inet/raw:udp");
    b.socket(1, 3, 0);
    b.socket(0, 3, 0);
    b.setsockopt(0, 3, 0, 3, 1, 1 * ms);
    const std::string sent = ip4_packet(Host::client, 17, packet::udp_header(7, 9, "hi"));
    const std::string arrived = ip4_packet(Host::client, 17, packet::udp_header(7, 9, "hi"), 0x1234);
    b.sendto(0, 3, sent, sockaddr4("192.0.2.2", 0), 10 * ms);
    b.packet(Host::client, arrived, 10 * ms + 1, 20 * ms);
    b.recv(1, 3, 100, arrived, 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(given(story, 0) == "#1[0+4] ?[2] #1[6+4] ?[2] #1[12+18]");  // identification, checksum
}

TEST_CASE("MSG_MORE joins raw sends into one packet, but not those with a header of their own") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    b.socket(1, 3, 0);
    const std::string echo = packet::icmp_echo(7, 1, "ONETWO");
    const auto sends = [&](std::string_view data, std::int32_t flags, model::TimeNs at) {
        b.sendto(0, 3, data, sockaddr4("192.0.2.2", 0), at);
        b.lane.calls.back().args.second = flags;
    };
    sends(echo.substr(0, 11), 0x8000, 10 * ms);
    b.refused(0, model::Call::send, 3, 14, 10 * ms + 50 * us,
              10 * ms + 60 * us);  // EFAULT: nothing to look at
    sends(echo.substr(11), 0, 11 * ms);
    const std::string packet = ip4_packet(Host::client, 1, echo);
    b.packet(Host::client, packet, 11 * ms + 1, 20 * ms);
    b.recv(1, 3, 100, packet, 30 * ms, 30 * ms + 5);
    b.setsockopt(0, 3, 0, 3, 1, 39 * ms);
    sends(packet, 0x8000, 40 * ms);
    b.packet(Host::client, packet, 40 * ms + 1, 50 * ms);
    b.recv(1, 3, 30, packet.substr(0, 30), 60 * ms, 60 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    const auto carried = story.pieces(story.packets()[0].pieces);
    REQUIRE(carried.size() == 2);
    CHECK(carried[1] == Piece{1, 0, 3});
    CHECK(given(story, 0) == "?[20] #1[0+11] #2[0+3]");
    CHECK(story.pieces(story.packets()[1].pieces)[0] == Piece{2, 0, 34});
    CHECK(given(story, 1) == "#3[0+30]");
    CHECK(story.send_queue_at(0, 10 * ms).items.size() == 1);
    CHECK(story.send_queue_at(0, 41 * ms).items.empty());
}

TEST_CASE(
    "what a raw socket sends to its own host is read there, the sender's copy, too, and no packet shows it") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    b.socket(0, 4, 1 * us);
    const std::string echo = packet::icmp_echo(7, 1, "ping");
    std::string reply = echo;
    reply[0] = 0;
    reply.replace(2, 2, 2, '\0');
    const std::string request = ip4_packet(Host::client, 1, echo),
                      answer = ip4_packet(Host::client, 1, reply);
    SUBCASE("127.0.0.1") {
        b.sendto(0, 3, echo, sockaddr4("127.0.0.1", 0), 10 * ms);
    }
    SUBCASE("an address of the host") {
        b.sendto(0, 3, echo, sockaddr4("192.0.2.1", 0), 10 * ms);
    }
    for (int fd : {3, 4}) b.recv(0, fd, 100, request, (17 + fd) * ms, (17 + fd) * ms + 5);
    b.recv(0, 3, 100, answer, 25 * ms, 25 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    for (std::size_t i = 0; i < 2; ++i) CHECK(given(story, i) == "?[20] #1[0+12]");
    CHECK(given(story, 2) == "?[32]");  // the kernel's own
    CHECK(story.send_queue_at(0, 11 * ms).items.empty());
    CHECK(story.receive_queue_at(1, 15 * ms).items.size() == 1);
    CHECK(story.receive_queue_at(1, 22 * ms).items.empty());
    CHECK(story.losses().empty());
}

namespace {

std::string sockaddr6(std::string_view last_byte) {
    std::string bytes(28, '\0');
    bytes[0] = 10;
    bytes.replace(23, 1, last_byte);
    return bytes;
}

}  // namespace

TEST_CASE(
    "a raw socket without a bind() knows its own address by what another socket has: it is there, read or "
    "not") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    b.socket(0, 4, 1 * us);
    SUBCASE("known") {
        b.bind(0, 4, sockaddr4("192.0.2.1", 0), 1 * ms);
    }
    SUBCASE("not known") {}
    b.sendto(0, 3, packet::icmp_echo(7, 1, "ping"), sockaddr4("192.0.2.1", 0), 10 * ms);
    const auto lane = b.take();
    const Story story(lane);
    const bool known = !story.sockets()[1].local.empty();
    CHECK(story.receive_queue_at(1, 15 * ms).items.size() == (known ? 1 : 0));
    CHECK((story.why({model::RefKind::message, 0, 0, 0}).find("not known") == std::string::npos) == known);
}

TEST_CASE("the checksum that the kernel writes (IPV6_CHECKSUM, ICMPv6) is no part of what was sent") {
    std::string written;
    std::size_t checksum_at = 0;
    TraceBuilder b("inet6/raw:udp");
    SUBCASE("IPV6_CHECKSUM") {
        b.socket(0, 3, 0);
        b.setsockopt(0, 3, 41, 7, 6, 1 * ms);
        written = packet::udp_header(7, 7000, "hi");
        checksum_at = 6;
    }
    SUBCASE("ICMPv6") {
        auto& raw = b.call(0, model::Call::socket, -1, 0, 1 * us, 3);
        raw.args = {10, 3, 58};
        written = packet::icmp6_echo(7, 1, "ping");
        checksum_at = 2;
    }
    packet::Address from, to;
    from.version = to.version = 6;
    from.bytes[15] = 1, to.bytes[15] = 2;
    const auto protocol = static_cast<std::uint8_t>(checksum_at == 2 ? 58 : 17);
    std::string arrived = written;
    arrived.replace(checksum_at, 2, "\x12\x34");
    b.sendto(0, 3, written, sockaddr6("\x02"), 10 * ms);
    b.packet(Host::client, packet::ipv6(from, to, protocol, arrived), 10 * ms + 1, 20 * ms);
    written[checksum_at + 3] ^= 1;  // not the checksum: another packet
    b.packet(Host::client, packet::ipv6(from, to, protocol, written), 10 * ms + 2, 21 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.packets()[0].pieces.count == 1);
    CHECK(story.pieces(story.packets()[0].pieces)[0].message == 0);
    CHECK(story.packets()[1].pieces.count == 0);
}

TEST_CASE("what a raw reader of the own host has no room for is lost") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    const std::string echo = packet::icmp_echo(7, 1, "ping");
    b.sendto(0, 3, echo, sockaddr4("127.0.0.1", 0), 10 * ms);
    b.recv(0, 3, 30, ip4_packet(Host::client, 1, echo).substr(0, 30), 20 * ms, 20 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "?[20] #1[0+10]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::truncated);
    CHECK(story.losses()[0].piece == Piece{0, 10, 2});
    CHECK(story.losses()[0].why.find("30 of 32 bytes") != std::string::npos);
}

TEST_CASE("a raw packet in fragments of which one is dropped is lost whole, once") {
    TraceBuilder b("inet/raw");
    b.socket(0, 3, 0);
    b.socket(1, 3, 0);
    const std::string echo = packet::icmp_echo(7, 1, std::string(2000, 'x'));
    b.sendto(0, 3, echo, sockaddr4("192.0.2.2", 0), 10 * ms);
    constexpr std::uint16_t kMore = 0x2000;
    SUBCASE("the first") {
        b.packet(Host::client, ip4_packet(Host::client, 1, echo.substr(0, 1480), 9, kMore), 10 * ms + 1,
                 model::kNever);
        b.packet(Host::client, ip4_packet(Host::client, 1, echo.substr(1480), 9, 1480 / 8), 10 * ms + 2,
                 21 * ms);
    }
    SUBCASE("the second") {
        b.packet(Host::client, ip4_packet(Host::client, 1, echo.substr(0, 1480), 9, kMore), 10 * ms + 1,
                 21 * ms);
        b.packet(Host::client, ip4_packet(Host::client, 1, echo.substr(1480), 9, 1480 / 8), 10 * ms + 2,
                 model::kNever);
    }
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::wire);
    CHECK(story.losses()[0].piece == Piece{0, 0, 2008});
    CHECK(story.losses()[0].why.find("one of 2 fragments") != std::string::npos);
}

TEST_CASE("a raw packet of a protocol that nobody takes is lost, as the other kernel’s answer shows") {
    TraceBuilder b("inet/raw:253");
    b.socket(0, 3, 0);
    const auto sends = [&](std::string_view data, std::uint16_t id, model::TimeNs at) {
        b.sendto(0, 3, data, sockaddr4("192.0.2.2", 0), at);
        b.packet(Host::client, ip4_packet(Host::client, 253, std::string(data), id), at + 1, at + 2 * ms);
    };
    sends("quiet", 1, 10 * ms);  // taken, or its answer was held back: not known
    sends("nobody", 2, 20 * ms);
    const std::string unreachable =
        std::string("\x03\x02\0\0\0\0\0\0", 8) + ip4_packet(Host::client, 253, "nobody", 2);
    b.packet(Host::server, ip4_packet(Host::server, 1, unreachable), 23 * ms, 25 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::no_listener);
    CHECK(story.losses()[0].evidence == story::Evidence::observed);
    CHECK(story.losses()[0].piece == Piece{1, 0, 6});
    CHECK(story.losses()[0].packet == 1);
    CHECK(story.losses()[0].why.find("packet 3") != std::string::npos);
}

TEST_CASE("a raw socket that connects later got what came before from anybody") {
    TraceBuilder b("inet/raw:253");
    b.socket(0, 3, 0);
    b.socket(1, 3, 0);
    b.sendto(0, 3, "early", sockaddr4("192.0.2.2", 0), 10 * ms);
    const std::string packet = ip4_packet(Host::client, 253, "early");
    b.packet(Host::client, packet, 10 * ms + 1, 20 * ms);
    b.connect(1, 3, sockaddr4("192.0.2.77", 0), 30 * ms, 30 * ms + 5);
    b.recv(1, 3, 100, packet, 40 * ms, 40 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "?[20] #1[0+5]");
}

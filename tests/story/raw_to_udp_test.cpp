// Datagrams that raw sockets write, UDP header and all: for UDP sockets, and for raw readers beside them.
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

TEST_CASE(
    "a datagram that a raw socket wrote is given to a UDP socket without the header, and lost with it") {
    TraceBuilder b("inet/raw:udp");
    b.socket(0, 3, 0);
    auto& udp = b.call(1, model::Call::socket, -1, 20 * us, 30 * us, 4);
    udp.args = {2, 2, 0};
    b.bind(1, 4, sockaddr4("192.0.2.2", 7000), 1 * ms);
    const auto sends = [&](std::string_view data, model::TimeNs at, model::TimeNs delivered) {
        const std::string written = packet::udp_header(7, 7000, data);
        b.sendto(0, 3, written, sockaddr4("192.0.2.2", 0), at);
        b.packet(Host::client, ip4_packet(Host::client, 17, written), at + 1, delivered);
    };
    sends("ONE", 10 * ms, 20 * ms);
    sends("LOST", 11 * ms, model::kNever);
    sends("", 12 * ms, 22 * ms);
    b.recv(1, 4, 100, "ONE", 30 * ms, 30 * ms + 5);
    b.recv(1, 4, 100, "", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.pieces(story.packets()[0].pieces)[0] == Piece{0, 0, 11});
    CHECK(given(story, 0) == "#1[8+3]");
    CHECK_FALSE(story.receives()[1].end_of_file);
    CHECK(story.messages()[0].to_socket == 1);
    CHECK(story.receive_queue_at(1, 25 * ms).items.size() == 2);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::wire);
    CHECK(story.losses()[0].piece == Piece{1, 0, 12});
}

TEST_CASE("a raw datagram to the own host is a UDP socket's there, if length and checksum are right") {
    TraceBuilder b("inet/raw:raw");  // IPPROTO_RAW: with a header of its own, and it reads nothing
    b.socket(0, 3, 0);
    auto& udp = b.call(0, model::Call::socket, -1, 20 * us, 30 * us, 4);
    udp.args = {2, 2, 0};
    b.bind(0, 4, sockaddr4("192.0.2.1", 7000), 1 * ms);
    packet::Address own;
    own.version = 4;
    own.bytes[0] = 192, own.bytes[2] = 2, own.bytes[3] = 1;
    const auto sends = [&](std::uint16_t port, std::string_view data, int checksum, model::TimeNs at) {
        std::string written = packet::udp_header(7, port, data);
        written[7] = static_cast<char>(checksum);
        written = packet::ipv4(own, own, 17, written);
        written.replace(2, 2, 2, '\0');  // the kernel sets the length
        b.sendto(0, 3, written, sockaddr4("192.0.2.1", 0), at);
    };
    sends(7000, "ONE", 0, 10 * ms);
    sends(7000, "BAD", 1, 11 * ms);
    sends(9, "NOBODY", 0, 12 * ms);
    b.recv(0, 4, 100, "ONE", 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[28+3]");
    CHECK(story.receive_queue_at(1, 20 * ms).items.size() == 1);
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[0].place == story::LossPlace::checksum);
    CHECK(story.losses()[0].piece == Piece{1, 0, 31});
    CHECK(story.losses()[1].place == story::LossPlace::no_listener);
    CHECK(story.losses()[1].piece == Piece{2, 0, 34});
    CHECK(story.send_queue_at(0, 13 * ms).items.empty());
}

TEST_CASE(
    "a raw datagram that another raw socket of the host reads is not lost, though no UDP socket takes it") {
    TraceBuilder b("inet/raw:udp");
    b.socket(0, 3, 0);
    b.socket(1, 3, 0);
    std::string written = packet::udp_header(7, 9, "hi");
    SUBCASE("no UDP socket has the port") {}
    SUBCASE("its checksum is wrong, so that UDP drops it") {
        written[7] = 1;
    }
    b.sendto(0, 3, written, sockaddr4("192.0.2.2", 0), 10 * ms);
    const std::string packet = ip4_packet(Host::client, 17, written);
    b.packet(Host::client, packet, 10 * ms + 1, 20 * ms);
    auto& udp = b.call(1, model::Call::socket, -1, 20 * us, 30 * us, 4);  // UDP is at work on that host
    udp.args = {2, 2, 0};
    b.recv(1, 3, 100, packet, 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "?[20] #1[0+10]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].piece.message == kNone);
}

TEST_CASE(
    "of a datagram that a raw socket wrote a raw reader gets all, a UDP socket the payload, each in its "
    "queue") {
    TraceBuilder b("inet/raw:udp");
    b.socket(0, 3, 0);
    auto& udp = b.call(0, model::Call::socket, -1, 20 * us, 30 * us, 4);
    udp.args = {2, 2, 0};
    b.bind(0, 4, sockaddr4("127.0.0.1", 7000), 1 * ms);
    const std::string written = packet::udp_header(7, 7000, "ONETWO");
    b.sendto(0, 3, written.substr(0, 11), sockaddr4("127.0.0.1", 0), 10 * ms);
    b.lane.calls.back().args.second = 0x8000;
    b.sendto(0, 3, written.substr(11), sockaddr4("127.0.0.1", 0), 11 * ms);
    b.recv(0, 3, 100, ip4_packet(Host::client, 17, written), 20 * ms, 20 * ms + 5);
    b.close(0, 4, 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "?[20] #1[0+11] #2[0+3]");
    CHECK(story.receive_queue_at(1, 25 * ms).bytes == 6);
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[0].piece == Piece{0, 8, 3});
    CHECK(story.losses()[1].piece == Piece{1, 0, 3});
}

TEST_CASE("what a raw reader cuts off a datagram of a raw socket is counted with the header") {
    TraceBuilder b("inet/raw:udp");
    b.socket(0, 3, 0);
    b.socket(1, 3, 0);
    auto& udp = b.call(1, model::Call::socket, -1, 20 * us, 30 * us, 4);
    udp.args = {2, 2, 0};
    b.bind(1, 4, sockaddr4("192.0.2.2", 7000), 1 * ms);
    const std::string written = packet::udp_header(7, 7000, "hi");
    b.sendto(0, 3, written, sockaddr4("192.0.2.2", 0), 10 * ms);
    const std::string packet = ip4_packet(Host::client, 17, written);
    b.packet(Host::client, packet, 10 * ms + 1, 20 * ms);
    b.recv(1, 3, 24, packet.substr(0, 24), 30 * ms, 30 * ms + 5);
    b.recv(1, 4, 100, "hi", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 1) == "#1[8+2]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].piece == Piece{0, 4, 6});
}

TEST_CASE("joined raw sends go the way of the first, to the address of the last (IPv4)") {
    TraceBuilder b("inet/raw:udp");
    b.socket(0, 3, 0);
    for (int fd : {4, 5}) {
        auto& udp = b.call(0, model::Call::socket, -1, fd * 20 * us, fd * 20 * us + 5, fd);
        udp.args = {2, 2, 0};
        b.bind(0, fd, sockaddr4(fd == 4 ? "127.0.0.1" : "192.0.2.1", 7000), fd * ms);
    }
    const std::string written = packet::udp_header(7, 7000, "ONETWO");
    b.sendto(0, 3, written.substr(0, 11), sockaddr4("127.0.0.1", 0), 10 * ms);
    b.lane.calls.back().args.second = 0x8000;
    b.sendto(0, 3, written.substr(11), sockaddr4("192.0.2.1", 0), 11 * ms);
    b.recv(0, 5, 100, "ONETWO", 20 * ms, 20 * ms + 5);
    b.refused(0, model::Call::recv, 4, 11, 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[8+3] #2[0+3]");
    CHECK(story.losses().empty());
}

TEST_CASE(
    "the kernel's checksum (IPV6_CHECKSUM) is wrong for joined sends to two addresses: UDP drops that") {
    const std::string loopback = std::string("\x0a", 1) + std::string(22, '\0') + '\1' + std::string(4, '\0');
    std::string other = loopback;
    bool arrives = true;
    SUBCASE("one address") {}
    SUBCASE("two") {
        other[8] = 0x20;
        arrives = false;
    }
    TraceBuilder b("inet6/raw:udp");
    b.socket(0, 3, 0);
    b.setsockopt(0, 3, 41, 7, 6, 100 * us);
    auto& udp = b.call(0, model::Call::socket, -1, 20 * us, 30 * us, 4);
    udp.args = {10, 2, 0};
    std::string bound = loopback;
    bound.replace(2, 2, "\x1b\x58");  // port 7000
    b.bind(0, 4, bound, 1 * ms);
    const std::string written = packet::udp_header(7, 7000, "ONETWO");
    b.sendto(0, 3, written.substr(0, 11), loopback, 10 * ms);
    b.lane.calls.back().args.second = 0x8000;
    b.sendto(0, 3, written.substr(11), other, 11 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.receive_queue_at(1, 20 * ms).items.size() == (arrives ? 1 : 0));
}

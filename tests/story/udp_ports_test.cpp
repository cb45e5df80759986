// Which socket a datagram is from, and which it is for: ports, peers, groups, the own host.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/invariants.hpp"
#include "tests/story/udp_scene.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::kNone;
using story::LossPlace;
using story::Piece;
using story::Story;

namespace {

constexpr auto C = model::Host::client;
constexpr auto S = model::Host::server;

}  // namespace

TEST_CASE("nobody has the port: ICMP says so, and names the socket that it is for") {
    UdpScene b;
    b.sendto(0, 3, "ONE", sockaddr4("192.0.2.2", 9), 10 * ms);
    const auto p = b.udp(C, 50000, 9, "ONE", 10 * ms + 1, 20 * ms);
    std::string icmp("\x03\x03\0\0\0\0\0\0", 8);
    icmp += udp_bytes(C, 50000, 9, "ONE");
    const std::uint16_t sum = packet::checksum(icmp);
    icmp[2] = static_cast<char>(sum >> 8);
    icmp[3] = static_cast<char>(sum & 0xff);
    b.packet(S, ip4_packet(S, 1, icmp), 20 * ms + 1, 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].evidence == story::Evidence::observed);
    CHECK(story.losses()[0].packet == p);
    CHECK(story.packets()[1].role == story::PacketRole::icmp);
    CHECK(story.packets()[1].to_socket == 1);
    CHECK(story.packets()[1].socket == kNone);
    CHECK(story.describe_packet(1) == "ICMP port unreachable");
}

TEST_CASE("each datagram that nobody takes has its own answer, by what that quotes") {
    UdpScene b;
    const auto sends = [&](std::string_view data, model::TimeNs at) {
        b.sendto(0, 3, data, sockaddr4("192.0.2.2", 9), at);
        b.udp(C, 50000, 9, data, at + 1, 20 * ms + at);
    };
    sends("ONE", 10 * ms);
    sends("THREE", 11 * ms);
    sends("UNANSWERED", 12 * ms);
    for (const char* data : {"ONE", "THREE"})
        b.packet(S, ip4_packet(S, 1, std::string("\x03\x03\0\0\0\0\0\0", 8) + udp_bytes(C, 50000, 9, data)),
                 40 * ms, 50 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 3);
    CHECK(story.losses()[0].why.find("(packet 4)") != std::string::npos);
    CHECK(story.losses()[1].why.find("(packet 5)") != std::string::npos);
    CHECK(story.losses()[2].evidence == story::Evidence::inferred);
}

TEST_CASE("two equal datagrams that nobody takes: an answer each") {
    UdpScene b;
    for (const model::TimeNs at : {10 * ms, 11 * ms}) {
        b.sendto(0, 3, "SAME", sockaddr4("192.0.2.2", 9), at);
        b.udp(C, 50000, 9, "SAME", at + 1, 20 * ms + at);
    }
    const auto answer = [&](model::TimeNs at) {
        return b.packet(
            S, ip4_packet(S, 1, std::string("\x03\x03\0\0\0\0\0\0", 8) + udp_bytes(C, 50000, 9, "SAME")), at,
            at + 10 * ms);
    };
    const auto first = answer(40 * ms);
    bool second = true;
    SUBCASE("both are answered") {
        answer(41 * ms);
    }
    SUBCASE("the wire doubles the only answer") {
        b.duplicate(first, 52 * ms);
        second = false;
    }
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[0].why.find("(packet 3)") != std::string::npos);
    CHECK((story.losses()[1].why.find("(packet 4)") != std::string::npos) == second);
    CHECK((story.losses()[1].evidence == story::Evidence::observed) == second);
}

TEST_CASE("a connected socket takes only what its peer sends") {
    TraceBuilder b("inet/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
    b.connect(1, 3, sockaddr4("192.0.2.1", 50001), 2 * ms, 2 * ms + 5);
    b.socket(0, 3, 3 * ms);
    b.sendto(0, 3, "stranger", sockaddr4("192.0.2.2", 7000), 10 * ms);
    b.udp(C, 50000, 7000, "stranger", 10 * ms + 1, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
}

TEST_CASE("sockets without a port yet: the datagram is of the one that sent to that address, and first") {
    UdpScene b;
    b.socket(0, 4, 2 * ms);
    b.socket(1, 4, 2 * ms);
    b.bind(1, 4, sockaddr4("192.0.2.2", 8000), 3 * ms);
    b.sendto(0, 4, "same", sockaddr4("192.0.2.2", 7000), 10 * ms);
    b.sendto(0, 3, "same", sockaddr4("192.0.2.2", 8000), 11 * ms);
    b.udp(C, 50001, 8000, "same", 11 * ms + 1, 21 * ms);  // read from the device in this order
    b.udp(C, 50002, 7000, "same", 11 * ms + 2, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.pieces(story.packets()[0].pieces)[0].message == 1);
    CHECK(story.pieces(story.packets()[1].pieces)[0].message == 0);
    CHECK(story.sockets()[1].local == "192.0.2.1:50001");
}

TEST_CASE("behind a relay with several sockets: a datagram went to the one that was given its bytes") {
    TraceBuilder b("inet/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("127.0.0.1", 7000), 1 * ms);
    b.socket(1, 4, 0);
    b.bind(1, 4, sockaddr4("127.0.0.1", 8000), 1 * ms);
    b.socket(0, 3, 2 * ms);
    // Published addresses: nobody's own. The relay reads one mailbox and then the other.
    b.sendto(0, 3, "to the first", sockaddr4("127.0.0.1", 41000), 10 * ms);
    b.sendto(0, 3, "to the second", sockaddr4("127.0.0.1", 42000), 10 * ms + 1);
    for (const char* text : {"to the second", "to the first"}) {
        const std::uint32_t p = b.packet(C, text, 10 * ms + 10 * us, 20 * ms);
        b.lane.packets[p].flags |= model::kPayloadOnly;
    }
    b.recv(1, 3, 64, "to the first", 5 * ms, 21 * ms);
    b.recv(1, 4, 64, "to the second", 22 * ms, 23 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.losses().empty());
    CHECK(story.messages()[0].to_socket == 0);
    CHECK(story.messages()[1].to_socket == 1);
    CHECK(given(story, 1) == "#2[0+13]");
}

namespace {

// Socket 0 at the server, socket 1 at the client, both bound to port 5000 of their host; socket 2 of the client sends
// to a group.
struct GroupScene : TraceBuilder {
    GroupScene() : TraceBuilder("inet/dgram") {
        for (int endpoint : {1, 0}) {
            socket(endpoint, 3, (1 - endpoint) * us);
            bind(endpoint, 3, sockaddr4("0.0.0.0", 5000), 1 * ms + (1 - endpoint) * us);
        }
        socket(0, 4, 2 * ms);
    }
    void joins(int endpoint, int fd, model::TimeNs at) {
        auto& call = this->call(endpoint, model::Call::setsockopt, fd, at, at + 5);
        call.args = {0, 35, 0};
        call.extra = keep(std::string("\xef\x09\x09\x09\0\0\0\0\0\0\0\0", 12));
    }
    void to_group(std::string_view data, model::TimeNs at) {
        sendto(0, 4, data, sockaddr4("239.9.9.9", 5000), at);
        std::string bytes = udp_bytes(C, 50000, 5000, data);
        bytes.replace(16, 4, "\xef\x09\x09\x09");
        bytes.replace(26, 2, 2, '\0');  // UDP: without a checksum
        bytes.replace(10, 2, 2, '\0');
        const std::uint16_t sum = packet::checksum(std::string_view(bytes).substr(0, 20));
        bytes[10] = static_cast<char>(sum >> 8), bytes[11] = static_cast<char>(sum & 0xff);
        packet(C, bytes, at + 1, at + 1 * ms);
    }
};

}  // namespace

TEST_CASE(
    "a datagram to a group is copied to every socket bound there; nobody gets it before one has joined") {
    GroupScene b;
    b.socket(1, 4, 2 * ms);
    b.bind(1, 4, sockaddr4("0.0.0.0", 5000), 3 * ms);
    b.to_group("nobody", 10 * ms);
    b.joins(1, 4, 12 * ms);
    b.to_group("members", 20 * ms);
    b.recv(1, 3, 64, "members", 30 * ms, 30 * ms + 5);
    b.recv(1, 4, 64, "members", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    for (std::size_t r = 0; r < 2; ++r) CHECK(given(story, r) == "#2[0+7]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].piece == Piece{0, 0, 6});
    CHECK(story.losses()[0].why.find("joined the group") != std::string::npos);
}

TEST_CASE("a group that another socket of the host has joined is not what a closed socket lacked") {
    GroupScene b;
    b.socket(1, 4, 2 * ms);
    b.joins(1, 4, 3 * ms);
    b.close(1, 3, 5 * ms);
    b.to_group("ONE", 10 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].why.find("closed") != std::string::npos);
}

TEST_CASE("members on the sender's own host get a copy that no packet shows, unless the sender said no") {
    GroupScene b;
    b.joins(0, 3, 3 * ms);
    b.to_group("ONE", 10 * ms);
    b.recv(0, 3, 64, "ONE", 20 * ms, 20 * ms + 5);
    b.setsockopt(0, 4, 0, 34, 0, 25 * ms);
    b.to_group("TWO", 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+3]");
    CHECK(story.messages()[0].to_socket == 1);
    CHECK(story.receive_queue_at(1, 15 * ms).items.size() == 1);
    CHECK(story.receive_queue_at(1, 35 * ms).items.empty());
    REQUIRE(story.losses().size() == 2);  // nobody in the other host had joined
    CHECK(story.losses()[0].repaired);
    CHECK_FALSE(story.losses()[1].repaired);
}

TEST_CASE("a socket that forgets its peer forgets the port that the kernel had chosen") {
    UdpScene b;
    b.connect(0, 3, sockaddr4("192.0.2.2", 7000), 3 * ms, 3 * ms + 5);
    b.send(0, 3, "ONE", 10 * ms);
    b.packet("ONE", 10 * ms + 1, 20 * ms);
    b.connect(0, 3, std::string(2, '\0'), 21 * ms, 21 * ms + 5);
    b.sends("TWO", 22 * ms);
    const auto later = b.udp(C, 50001, 7000, "TWO", 22 * ms + 1, 23 * ms);
    b.reads("ONE", 30 * ms);
    b.reads("TWO", 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.packets()[later].socket == 1);
    CHECK(given(story, 1) == "#2[0+3]");
    CHECK(story.sockets()[1].local == "192.0.2.1:50001");
}

TEST_CASE("a datagram to the sender's own host needs no wire, and is lost where no socket takes it") {
    TraceBuilder b("inet/dgram");
    b.socket(0, 3, 0);
    b.bind(0, 3, sockaddr4("192.0.2.1", 7000), 1 * ms);
    b.socket(0, 4, 2 * ms);
    b.sendto(0, 4, "here", sockaddr4("192.0.2.1", 7000), 3 * ms);
    b.sendto(0, 4, "nobody", sockaddr4("192.0.2.1", 9), 4 * ms);
    b.recv(0, 3, 64, "here", 5 * ms, 5 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+4]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].piece == Piece{1, 0, 6});
}

TEST_CASE("inside a host what UDP_SEGMENT cuts arrives as segments, or whole where UDP_GRO asks for it") {
    TraceBuilder b("inet/dgram");
    b.socket(0, 3, 0);
    b.bind(0, 3, sockaddr4("127.0.0.1", 7000), 1 * ms);
    b.socket(0, 4, 2 * ms);
    b.setsockopt(0, 4, 17, 103, 2, 3 * ms);
    std::vector<std::string> expected;
    SUBCASE("segments") {
        b.sendto(0, 4, "ABCDE", sockaddr4("127.0.0.1", 7000), 10 * ms);
        for (const char* part : {"AB", "CD", "E"}) b.recv(0, 3, 64, part, 20 * ms, 20 * ms + 5);
        expected = {"#1[0+2]", "#1[2+2]", "#1[4+1]"};
    }
    SUBCASE("whole") {
        b.setsockopt(0, 3, 17, 104, 1, 4 * ms);
        b.sendto(0, 4, "ABCDE", sockaddr4("127.0.0.1", 7000), 10 * ms);
        b.recv(0, 3, 64, "ABCDE", 20 * ms, 20 * ms + 5);
        expected = {"#1[0+5]"};
    }
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.receives().size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(given(story, i) == expected[i]);
    CHECK(story.receive_queue_at(0, 15 * ms).bytes == 5);
}

TEST_CASE("what is sent to INADDR_ANY goes to this host") {
    UdpScene b;  // two hosts
    b.socket(0, 4, 2 * ms);
    b.bind(0, 4, sockaddr4("127.0.0.1", 7000), 2 * ms + 50 * us);
    b.sendto(0, 3, "here", sockaddr4("0.0.0.0", 7000), 3 * ms);
    b.sendto(0, 3, "nobody", sockaddr4("0.0.0.0", 9), 4 * ms);
    b.recv(0, 4, 64, "here", 5 * ms, 5 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+4]");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.send_queue_at(1, 5 * ms).items.empty());
}

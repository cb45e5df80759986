// What stays in the sender's own host: whose address it is, who takes it there, and the raw sockets beside.
#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/invariants.hpp"
#include "tests/story/udp_scene.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using story::Evidence;
using story::LossPlace;
using story::Piece;
using story::Story;

namespace {

constexpr int kConnectionRefused = 111;

struct OwnHostScene : UdpScene {
    OwnHostScene() { lane.addresses = {{Host::client, "192.0.2.1"}, {Host::server, "192.0.2.2"}}; }
    void raw_socket(int endpoint, int fd, model::TimeNs at) {
        call(endpoint, model::Call::socket, -1, at, at + 5, fd).args = {2, 3, 17};
    }
    void sends_to_client(std::string_view data, std::uint16_t port, model::TimeNs at) {
        sendto(0, 3, data, sockaddr4("192.0.2.1", port), at);
    }
};

// As a raw socket reads what its own host was sent: the kernel's IP header, and a UDP header with a source port that
// the trace does not tell and a checksum that inside a host is left unfinished.
std::string read_raw(std::uint16_t port, std::string_view data) {
    packet::Address own;
    own.version = 4;
    own.bytes[0] = 192, own.bytes[2] = 2, own.bytes[3] = 1;
    std::string datagram = packet::udp_header(43210, port, data);
    datagram[6] = '\x84';
    return packet::ipv4(own, own, 17, datagram);
}

}  // namespace

TEST_CASE("a recorded address of the own host needs no socket to be known as such") {
    OwnHostScene b;
    b.sends_to_client("NOBODY", 9, 10 * ms);
    SUBCASE("recorded: no socket there takes it") {
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].place == LossPlace::no_listener);
        CHECK(story.losses()[0].evidence == Evidence::inferred);
        CHECK(story.losses()[0].piece == Piece{0, 0, 6});
    }
    SUBCASE("a trace without addresses: not known") {
        b.lane.addresses.clear();
        const auto lane = b.take();
        const Story story(lane);
        CHECK(story.losses().empty());
        CHECK(story.why({model::RefKind::message, 0, 0, 0}).find("is not known") != std::string::npos);
    }
}

TEST_CASE(
    "ECONNREFUSED shows that the own host answered: the loss is observed, for what was sent to the peer") {
    OwnHostScene b;
    b.sends_to_client("BEFORE", 8, 10 * ms);
    b.connect(0, 3, sockaddr4("192.0.2.1", 9), 20 * ms, 20 * ms + 5);
    b.send(0, 3, "REFUSED", 30 * ms);
    b.sends_to_client("ELSEWHERE", 8, 31 * ms);
    b.refused(0, model::Call::recv, 3, kConnectionRefused, 40 * ms, 40 * ms + 5);
    b.send(0, 3, "AFTER", 50 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 4);
    CHECK(story.losses()[0].evidence == Evidence::inferred);
    CHECK(story.losses()[1].evidence == Evidence::observed);
    CHECK(story.losses()[1].why.find("recv() failed with ECONNREFUSED") != std::string::npos);
    CHECK(story.losses()[2].evidence == Evidence::inferred);
    CHECK(story.losses()[3].evidence == Evidence::inferred);
}

TEST_CASE("a raw socket reads what a UDP socket sends to its own host, behind two headers of the kernel") {
    OwnHostScene b;
    b.raw_socket(0, 4, 3 * ms);
    b.raw_socket(1, 4, 3 * ms);
    SUBCASE("one send, though no UDP socket takes it") {
        b.sends_to_client("HELLO", 9, 10 * ms);
        b.recv(0, 4, 100, read_raw(9, "OTHER"), 20 * ms, 20 * ms + 5);
        b.recv(0, 4, 100, read_raw(9, "HELLO"), 21 * ms, 21 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(given(story, 0) == "?[33]");
        CHECK(given(story, 1) == "?[28] #1[0+5]");
        CHECK(story.receive_queue_at(2, 15 * ms).bytes == 5);
        CHECK(story.receive_queue_at(3, 15 * ms).items.empty());
    }
    SUBCASE("no room for all of it") {
        b.sends_to_client("HELLO", 9, 10 * ms);
        b.recv(0, 4, 30, read_raw(9, "HELLO").substr(0, 30), 20 * ms, 20 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(given(story, 0) == "?[28] #1[0+2]");
        REQUIRE(story.losses().size() == 2);
        CHECK(story.losses()[1].place == LossPlace::truncated);
        CHECK(story.losses()[1].piece == Piece{0, 2, 3});
    }
    SUBCASE("joined sends (MSG_MORE)") {
        b.sends_to_client("ONE", 9, 10 * ms);
        b.lane.calls.back().args.second = 0x8000;
        b.sends_to_client("TWO", 9, 11 * ms);
        b.recv(0, 4, 100, read_raw(9, "ONETWO"), 20 * ms, 20 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(given(story, 0) == "?[28] #1[0+3] #2[0+3]");
    }
    SUBCASE("before it is cut (UDP_SEGMENT)") {
        b.setsockopt(0, 3, 17, 103, 2, 9 * ms);
        b.bind(0, 3, sockaddr4("192.0.2.1", 7001), 9 * ms + 5);
        b.sends_to_client("HELLO", 7001, 10 * ms);
        b.recv(0, 4, 100, read_raw(7001, "HELLO"), 20 * ms, 20 * ms + 5);
        b.recv(0, 3, 100, "HE", 21 * ms, 21 * ms + 5);
        b.recv(0, 3, 100, "LL", 22 * ms, 22 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(given(story, 0) == "?[28] #1[0+5]");
        CHECK(given(story, 1) == "#1[0+2]");
        CHECK(given(story, 2) == "#1[2+2]");
    }
}

TEST_CASE("both hosts have the same address: the raw sockets of both programs read it") {
    OwnHostScene b;
    b.lane.addresses = {{Host::client, "127.0.0.1"}, {Host::server, "127.0.0.1"}};
    b.raw_socket(1, 4, 3 * ms);
    b.sendto(0, 3, "HELLO", sockaddr4("127.0.0.1", 9), 10 * ms);
    b.recv(1, 4, 100, read_raw(9, "HELLO"), 20 * ms, 20 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "?[28] #1[0+5]");
}

TEST_CASE(
    "a port that the kernel chose inside a host is known from recvfrom(), or by what its socket was given") {
    OwnHostScene b;
    b.bind(0, 3, sockaddr4("192.0.2.1", 7001), 3 * ms);
    b.socket(0, 5, 4 * ms);
    b.socket(0, 6, 4 * ms + 20 * us);
    b.sendto(0, 5, "QUESTION", sockaddr4("192.0.2.1", 7001), 10 * ms);
    b.recv(0, 3, 64, "QUESTION", 11 * ms, 11 * ms + 5);
    SUBCASE("told") {
        auto& call = b.lane.calls.back();
        call.call = model::Call::recvfrom;
        call.extra = b.keep(sockaddr4("192.0.2.1", 43210));
        b.sends_to_client("UNREAD", 43210, 12 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(story.losses().empty());
        CHECK(story.messages()[1].to_socket == 2);
        CHECK(story.sockets()[2].local == "192.0.2.1:43210");
    }
    SUBCASE("given") {
        b.sends_to_client("ANSWER", 43210, 12 * ms);
        b.recv(0, 5, 64, "ANSWER", 13 * ms, 13 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(story.losses().empty());
        CHECK(given(story, 1) == "#2[0+6]");
    }
    SUBCASE("neither: nobody") {
        b.sends_to_client("ANSWER", 43210, 12 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(story.losses().size() == 1);
    }
}

TEST_CASE(
    "a header that a raw send brought is read with it inside a host, but for what the kernel fills in") {
    OwnHostScene b;
    b.raw_socket(0, 4, 3 * ms);
    b.setsockopt(0, 4, 0, 3, 1, 4 * ms);  // IP_HDRINCL
    std::string written = read_raw(9, "HELLO");
    b.sendto(0, 4, written, sockaddr4("192.0.2.1", 0), 10 * ms);
    written.replace(4, 2, "ID");
    written.replace(10, 2, "ok");
    b.recv(0, 4, 100, written, 11 * ms, 11 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+4] ?[2] #1[6+4] ?[2] #1[12+21]");
}

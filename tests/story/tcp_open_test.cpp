// Connections that carry bytes from the first packet on: TCP Fast Open (RFC 7413).
#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using packet::kAck;
using packet::kSyn;
using story::CellState;
using story::LossPlace;
using story::Piece;
using story::Story;

namespace {

constexpr std::int64_t kMsgFastOpen = 0x20000000;
constexpr auto C = Host::client;
constexpr auto S = Host::server;
const std::string kServer = sockaddr4("192.0.2.2", 7000);

// A listener, and a client whose sendto() of 5 bytes connects as well; 10 ms each way.
struct FastOpen : TraceBuilder {
    explicit FastOpen(std::uint32_t acknowledged) : TraceBuilder("inet/stream") {
        socket(1, 3, 0);
        bind(1, 3, kServer, 1 * ms);
        listen(1, 3, 2 * ms);
        socket(0, 3, 3 * ms);
        const std::uint32_t send = sendto(0, 3, "HELLO", kServer, 10 * ms);
        lane.calls[send].args.second = kMsgFastOpen;
        lane.calls[send].exit_ns = 31 * ms;
        tcp(C, {100, 0, kSyn, "HELLO"}, 10 * ms + 50 * us, 20 * ms);
        tcp(S, {500, 101 + acknowledged, kSyn | kAck, ""}, 20 * ms + 100 * us, 30 * ms);
        tcp(C, {101 + acknowledged, 501, kAck, ""}, 30 * ms + 50 * us, 40 * ms);
    }
};

}  // namespace

TEST_CASE(
    "bytes that came with the SYN and were acknowledged are in the queue before the handshake is over") {
    FastOpen b(5);
    // The connection is in the queue of accept() before the wire reads the SYN ACK.
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 20 * ms + 40 * us);
    b.recv(1, 4, 64, "HELLO", 20 * ms + 50 * us, 20 * ms + 60 * us);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.sockets().size() == 3);
    CHECK(story.sockets()[1].peer == 2);
    CHECK(story.sockets()[1].remote == "192.0.2.2:7000");
    CHECK(story.sockets()[1].local == "192.0.2.1:40000");
    REQUIRE(story.receives().size() == 1);
    REQUIRE(story.receives()[0].pieces.count == 1);
    CHECK(given(story, 0) == "#1[0+5]");
    REQUIRE(story.packets()[0].pieces.count == 1);
    CHECK(story.pieces(story.packets()[0].pieces)[0] == Piece{0, 0, 5});
    CHECK(story.packets()[0].role == story::PacketRole::syn);
    CHECK(story.describe_packet(0) == "SYN, bytes 1–5 #1");
    CHECK(story.state_at(2, 20 * ms + 60 * us)->state == "SYN_RCVD");
    CHECK(story.state_at(2, 41 * ms)->state == "ESTABLISHED");
    CHECK(story.state_at(1, 31 * ms)->state == "ESTABLISHED");
    CHECK(story.send_queue_at(1, 25 * ms).items.at(0).state == CellState::sent);
    CHECK(story.send_queue_at(1, 30 * ms + 1).bytes == 0);
    CHECK(story.receive_queue_at(2, 20 * ms + 45 * us).bytes == 5);
    CHECK(story.losses().empty());
    CHECK(story.retransmissions() == 0);
}

TEST_CASE("a listener that answers the SYN alone throws its bytes away; they are sent again") {
    FastOpen b(0);
    b.tcp(C, {101, 501, kAck, "HELLO"}, 30 * ms + 60 * us, 40 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 41 * ms);
    b.recv(1, 4, 64, "HELLO", 42 * ms, 43 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].packet == 0);
    CHECK(story.losses()[0].place == LossPlace::truncated);
    CHECK(story.losses()[0].piece == Piece{0, 0, 5});
    CHECK(story.losses()[0].repaired);
    CHECK(story.packets()[3].first_copy == 0);
    CHECK(story.send_queue_at(1, 30 * ms + 55 * us).bytes == 5);
    CHECK(story.receive_queue_at(2, 40 * ms + 1).bytes == 5);
    CHECK(given(story, 0) == "#1[0+5]");
}

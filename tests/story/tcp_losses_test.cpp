// What a TCP connection loses: on the way, behind a hole, unread, with a reset.
#include <vector>

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/invariants.hpp"
#include "tests/story/tcp_scene.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using packet::kAck;
using packet::kFin;
using packet::kRst;
using story::LossPlace;
using story::Piece;
using story::Story;

namespace {

constexpr auto C = model::Host::client;
constexpr auto S = model::Host::server;

}  // namespace

TEST_CASE("a corrupted segment is dropped by the receiver") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "HELLO", 50 * ms);
    const auto bad = scene.data(0, "HELLO", 50 * ms + 1, 60 * ms);
    scene.corrupt(bad);
    const auto again = scene.data(0, "HELLO", 300 * ms, 310 * ms);
    scene.recv(1, 4, 64, "HELLO", 311 * ms, 311 * ms + 5);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receive_queue_at(kAccepted, 70 * ms).bytes == 0);
    CHECK(story.receive_queue_at(kAccepted, 310 * ms).bytes == 5);
    CHECK(story.packets()[again].first_copy == bad);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::checksum);
    CHECK(story.losses()[0].evidence == story::Evidence::inferred);
    CHECK(story.losses()[0].repaired);
}

TEST_CASE("close() with unread bytes loses them and resets the connection") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "HELLO", 50 * ms);
    scene.data(0, "HELLO", 50 * ms + 1, 60 * ms);
    scene.close(1, 4, 70 * ms);
    scene.tcp(S, {scene.s + 1, scene.c + 6, kRst | kAck, ""}, 70 * ms + 1 * us, 80 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::unread);
    CHECK(story.losses()[0].piece == Piece{0, 0, 5});
    CHECK(story.sockets()[kAccepted].states.back().state == "CLOSED");
    CHECK(story.sockets()[kClient].states.back().state == "CLOSED");
}

TEST_CASE("bytes behind a hole that is still there at close() are lost with the socket, each once") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "AAAA", 50 * ms);
    scene.send(0, 3, "BBBB", 51 * ms);
    const auto hole = scene.data(0, "AAAA", 50 * ms + 1, model::kNever);
    SUBCASE("the hole is never filled") {}
    SUBCASE("what lies behind it was lost once itself, and sent again") {
        scene.data(4, "BBBB", 51 * ms + 1, model::kNever);
    }
    const auto held = scene.data(4, "BBBB", 52 * ms, 62 * ms);
    scene.close(1, 4, 70 * ms);
    scene.tcp(S, {scene.s + 1, scene.c + 1, kFin | kAck, ""}, 70 * ms + 1, 80 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receive_queue_at(kAccepted, 69 * ms).held_bytes == 4);
    std::vector<story::Loss> lost;
    for (const story::Loss& loss : story.losses())
        if (!loss.repaired) lost.push_back(loss);
    REQUIRE(lost.size() == 2);
    CHECK(lost[0].packet == hole);
    CHECK(lost[0].place == LossPlace::wire);
    CHECK(lost[0].piece == Piece{0, 0, 4});
    CHECK(lost[1].packet == held);
    CHECK(lost[1].place == LossPlace::unread);
    CHECK(lost[1].at_ns == story.sockets()[kAccepted].closed_ns);
    CHECK(lost[1].piece == Piece{1, 0, 4});
}

TEST_CASE("bytes behind a hole are thrown away with the connection when a RST comes before close()") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "AAAA", 50 * ms);
    scene.send(0, 3, "BBBB", 51 * ms);
    scene.data(0, "AAAA", 50 * ms + 1, model::kNever);
    scene.data(4, "BBBB", 52 * ms, 62 * ms);
    scene.tcp(C, {scene.c + 9, scene.s + 1, kRst | kAck, ""}, 65 * ms, 75 * ms);
    scene.close(1, 4, 80 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[1].place == LossPlace::reset);
    CHECK(story.losses()[1].piece == Piece{1, 0, 4});
}

TEST_CASE("a SYN that is sent again because the RST that refused it was lost is of the same connection") {
    TraceBuilder b("inet/stream");
    b.socket(0, 3, 0);
    b.connect(0, 3, sockaddr4("192.0.2.2", 7000), 10 * ms, 1030 * ms, 111);
    const auto first = b.tcp(C, {100, 0, packet::kSyn, ""}, 10 * ms + 1, 20 * ms);
    b.tcp(S, {0, 101, kRst | kAck, ""}, 20 * ms + 1, model::kNever);
    const auto again = b.tcp(C, {100, 0, packet::kSyn, ""}, 1010 * ms, 1020 * ms);
    b.tcp(S, {0, 101, kRst | kAck, ""}, 1020 * ms + 1, 1029 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.packets()[again].first_copy == first);
    CHECK(story.packets()[again].socket == 0);
    CHECK(states(story, 0) == "CLOSED SYN_SENT CLOSED");
    CHECK(story.state_at(0, 500 * ms)->state == "SYN_SENT");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].repaired);
}

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/invariants.hpp"
#include "tests/story/tcp_scene.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using packet::kAck;
using packet::kFin;
using packet::kRst;
using packet::kSyn;
using story::kNone;
using story::PacketRole;
using story::Piece;
using story::Story;

namespace {

constexpr auto kLost = model::kNever;
const auto C = Host::client;
const auto S = Host::server;

std::string items(const story::Queue& queue) {
    constexpr const char* kNames[] = {"unsent", "sent", "again", "ready", "held", "hole"};
    std::string text;
    for (const auto& item : queue.items) {
        text += (text.empty() ? "" : " ") + std::string(kNames[static_cast<int>(item.state)]);
        text += item.piece.message == kNone ? ":?" : ":#" + std::to_string(item.piece.message + 1);
        text += "[" + std::to_string(item.piece.offset) + "+" + std::to_string(item.piece.size) + "]";
    }
    return text;
}

}  // namespace

TEST_CASE("three sends, one recv: each byte keeps its message") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "HELLO ", 50 * ms);
    scene.send(0, 3, "WORLD ", 51 * ms);
    scene.data(0, "HELLO ", 50 * ms + 1, 60 * ms);
    scene.data(6, "WORLD ", 51 * ms + 1, 61 * ms);
    scene.recv(1, 4, 64, "HELLO WORLD ", 62 * ms, 62 * ms + 5);
    scene.ack(12, 63 * ms, 73 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receives().size() == 1);
    CHECK(given(story, 0) == "#1[0+6] #2[0+6]");
    CHECK(story.messages()[1].to_socket == kAccepted);
    CHECK(story.packets()[4].role == PacketRole::data);
    CHECK(story.pieces(story.packets()[4].pieces)[0] == Piece{1, 0, 6});
    CHECK(story.packets()[5].ack_offset == 12);
    CHECK(story.describe_packet(4) == "bytes 7–12 #2");
    CHECK(story.describe_packet(5) == "ACK 13");
    CHECK(items(story.receive_queue_at(kAccepted, 60 * ms)) == "ready:#1[0+6]");
    CHECK(items(story.receive_queue_at(kAccepted, 61 * ms)) == "ready:#1[0+6] ready:#2[0+6]");
    CHECK(items(story.receive_queue_at(kAccepted, 63 * ms)) == "");
    CHECK(items(story.send_queue_at(kClient, 55 * ms)) == "sent:#1[0+6] sent:#2[0+6]");
    CHECK(items(story.send_queue_at(kClient, 73 * ms)) == "");
    CHECK(story.losses().empty());
    CHECK(story.retransmissions() == 0);
}

TEST_CASE("a lost segment: a hole, held bytes, the retransmission, a repaired loss") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "AAAA", 50 * ms);
    scene.send(0, 3, "BBBB", 51 * ms);
    scene.send(0, 3, "CCCC", 52 * ms);
    scene.data(0, "AAAA", 50 * ms + 1, 60 * ms);
    const auto lost = scene.data(4, "BBBB", 51 * ms + 1, kLost);
    scene.data(8, "CCCC", 52 * ms + 1, 62 * ms);
    scene.ack(4, 60 * ms + 1, 70 * ms);
    scene.ack(4, 62 * ms + 1, 72 * ms);
    const auto again = scene.data(4, "BBBB", 250 * ms, 260 * ms);
    scene.ack(12, 260 * ms + 1, 270 * ms);
    scene.recv(1, 4, 64, "AAAABBBBCCCC", 280 * ms, 280 * ms + 5);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(items(story.receive_queue_at(kAccepted, 65 * ms)) == "ready:#1[0+4] hole:#2[0+4] held:#3[0+4]");
    CHECK(story.receive_queue_at(kAccepted, 65 * ms).bytes == 8);
    CHECK(story.receive_queue_at(kAccepted, 65 * ms).held_bytes == 4);
    CHECK(items(story.send_queue_at(kClient, 100 * ms)) == "sent:#2[0+4] sent:#3[0+4]");
    CHECK(items(story.send_queue_at(kClient, 255 * ms)) == "again:#2[0+4] sent:#3[0+4]");
    CHECK(items(story.receive_queue_at(kAccepted, 261 * ms)) == "ready:#1[0+4] ready:#2[0+4] ready:#3[0+4]");
    CHECK(story.packets()[again].first_copy == lost);
    CHECK(story.retransmissions() == 1);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].packet == lost);
    CHECK(story.losses()[0].repaired);
    CHECK(story.losses()[0].place == story::LossPlace::wire);
    CHECK(story.losses()[0].piece == Piece{1, 0, 4});
}

TEST_CASE("sequence numbers wrap") {
    TcpScene scene(0xffff'fffd);
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "HELLO ", 50 * ms);
    scene.send(0, 3, "WORLD ", 51 * ms);
    scene.data(0, "HEL", 50 * ms + 1, 60 * ms);
    scene.data(3, "LO WORLD ", 51 * ms + 1, 61 * ms);
    scene.ack(12, 61 * ms + 1, 71 * ms);
    scene.recv(1, 4, 64, "HELLO WORLD ", 62 * ms, 62 * ms + 5);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.packets()[4].stream_begin == 3);
    CHECK(story.packets()[4].stream_end() == 12);
    CHECK(story.packets()[5].ack_offset == 12);
    CHECK(items(story.receive_queue_at(kAccepted, 61 * ms)) == "ready:#1[0+3] ready:#1[3+3] ready:#2[0+6]");
    CHECK(items(story.send_queue_at(kClient, 71 * ms)) == "");
}

TEST_CASE("a receive may return before the send that it takes from") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    auto& send = scene.lane.calls[scene.send(0, 3, "HELLO", 50 * ms)];
    send.exit_ns = 61 * ms;
    scene.data(0, "HELLO", 50 * ms + 1, 60 * ms);
    scene.recv(1, 4, 64, "HELLO", 59 * ms, 60 * ms + 5);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+5]");
    CHECK(story.receive_queue_at(kAccepted, 60 * ms + 6).bytes == 0);
}

TEST_CASE("a send that has not returned is a message as far as the wire shows it") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    auto& send = scene.lane.calls[scene.send(0, 3, "HELLO WORLD", 50 * ms, 0)];
    send.exit_ns = model::kNever;
    scene.data(0, "HELLO", 50 * ms + 1, 60 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(story.messages().size() == 1);
    CHECK(items(story.receive_queue_at(kAccepted, 60 * ms)) == "ready:#1[0+5]");
    CHECK(items(story.send_queue_at(kClient, 60 * ms)) == "sent:#1[0+5]");
}

TEST_CASE("bytes wait behind accept(): the connection is there before it") {
    TcpScene scene;
    scene.accepted(80 * ms);
    scene.send(0, 3, "HI", 50 * ms);
    scene.data(0, "HI", 50 * ms + 1, 60 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    const std::vector<std::uint32_t> waiting{kAccepted};
    CHECK(story.backlog_at(kListener, 15 * ms).empty());
    CHECK(story.backlog_at(kListener, 25 * ms).empty());  // SYN_RCVD: not finished
    CHECK(story.backlog_at(kListener, 60 * ms) == waiting);
    CHECK(story.backlog_at(kListener, 80 * ms).empty());
    CHECK(story.receive_queue_at(kAccepted, 60 * ms).bytes == 2);
    CHECK_FALSE(story.open_at(kAccepted, 60 * ms));
    CHECK(story.sockets()[kAccepted].exists_ns == 20 * ms);
    CHECK(story.sockets()[kAccepted].listener == kListener);
}

TEST_CASE("a connection that nobody accepts has a socket of its own") {
    TcpScene scene;
    scene.send(0, 3, "HI", 50 * ms);
    scene.data(0, "HI", 50 * ms + 1, 60 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 3);
    CHECK(story.sockets()[2].fd == -1);
    CHECK(story.backlog_at(kListener, 60 * ms) == std::vector<std::uint32_t>{2});
    CHECK(story.receive_queue_at(2, 60 * ms).bytes == 2);
}

TEST_CASE("the states of both ends, through a half-close") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.shutdown(0, 3, 1, 50 * ms);
    scene.tcp(C, {scene.c + 1, scene.s + 1, kFin | kAck, ""}, 50 * ms + 1 * us, 60 * ms);
    scene.tcp(S, {scene.s + 1, scene.c + 2, kAck, ""}, 60 * ms + 1, 70 * ms);
    scene.recv(1, 4, 64, "", 61 * ms, 61 * ms + 5);
    scene.close(1, 4, 80 * ms);
    scene.tcp(S, {scene.s + 1, scene.c + 2, kFin | kAck, ""}, 80 * ms + 1 * us, 90 * ms);
    scene.tcp(C, {scene.c + 2, scene.s + 2, kAck, ""}, 90 * ms + 1, 100 * ms);
    scene.close(0, 3, 110 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(states(story, kClient) == "CLOSED SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT");
    CHECK(states(story, kAccepted) == "SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
    CHECK(states(story, kListener) == "CLOSED LISTEN");
    REQUIRE(story.state_at(kClient, 75 * ms) != nullptr);
    CHECK(story.state_at(kClient, 75 * ms)->state == "FIN_WAIT_2");
    CHECK(story.state_at(kClient, 75 * ms)->cause == model::Ref{model::RefKind::packet, 0, 4, 0});
    CHECK(story.state_at(kClient, 1 * ms) == nullptr);
    CHECK(story.receives()[0].end_of_file);
    CHECK(story.packets()[3].role == PacketRole::fin);
    CHECK(story.describe_packet(6) == "ACK of FIN");
}

TEST_CASE("nobody listens: SYN, RST, ECONNREFUSED") {
    TraceBuilder b("inet/stream");
    b.socket(0, 3, 0);
    b.connect(0, 3, sockaddr4("192.0.2.2", 7000), 10 * ms, 30 * ms, 111);
    b.tcp(C, {100, 0, kSyn, ""}, 10 * ms + 1, 20 * ms);
    b.tcp(S, {0, 101, kRst | kAck, ""}, 20 * ms + 1, 29 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(states(story, 0) == "CLOSED SYN_SENT CLOSED");
    CHECK(story.packets()[1].role == PacketRole::rst);
    CHECK(story.packets()[1].socket == kNone);
    CHECK(story.events().back().kind == story::MarkKind::refused);
    CHECK(story.describe_call(1) == "connect(3, 192.0.2.2:7000) = -1 ECONNREFUSED");
}

TEST_CASE("a copy made by the wire is no retransmission, and is not delivered twice") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "HELLO", 50 * ms);
    const auto one = scene.data(0, "HELLO", 50 * ms + 1, 60 * ms);
    scene.duplicate(one, 61 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.retransmissions() == 0);
    CHECK(story.receive_queue_at(kAccepted, 62 * ms).bytes == 5);
}

TEST_CASE("windows are scaled by what both SYNs said; zero windows, probes and updates have names") {
    TraceBuilder b("inet/stream");
    b.tcp(C, {100, 0, kSyn, "", 1000, 7}, 1 * ms, 2 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, "", 1000, 4}, 3 * ms, 4 * ms);
    b.tcp(C, {101, 501, kAck, "", 1000}, 5 * ms, 6 * ms);
    b.tcp(C, {101, 501, kAck, "HELLO", 1000}, 7 * ms, 8 * ms);
    const auto full = b.tcp(S, {501, 106, kAck, "", 0}, 9 * ms, 10 * ms);
    const auto probe = b.tcp(C, {105, 501, kAck, "", 1000}, 200 * ms, 210 * ms);
    const auto update = b.tcp(S, {501, 106, kAck, "", 50}, 220 * ms, 230 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.packets()[0].window_bytes == 1000);
    CHECK(story.packets()[2].window_bytes == 128'000);
    CHECK(story.packets()[2].role == PacketRole::ack);
    CHECK(story.packets()[full].window_bytes == 0);
    CHECK(story.packets()[probe].role == PacketRole::probe);
    CHECK(story.packets()[update].role == PacketRole::window_update);
    CHECK(story.packets()[update].window_bytes == 800);
    CHECK(story.describe_packet(full) == "ACK 6 window 0");
}

TEST_CASE("MSG_PEEK leaves the bytes where they are") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "HELLO", 50 * ms);
    scene.data(0, "HELLO", 50 * ms + 1, 60 * ms);
    scene.recv(1, 4, 3, "HEL", 62 * ms, 62 * ms + 5, 2);
    scene.recv(1, 4, 9, "HELLO", 63 * ms, 63 * ms + 5);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receives()[0].peeked);
    CHECK(given(story, 0) == "#1[0+3]");
    CHECK(given(story, 1) == "#1[0+5]");
    CHECK(story.receive_queue_at(kAccepted, 62 * ms + 6).bytes == 5);
}

TEST_CASE("urgent data is read apart from the stream") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.send(0, 3, "AB", 50 * ms);
    scene.lane.calls[scene.send(0, 3, "!", 51 * ms)].args.second = 1;
    scene.send(0, 3, "CD", 52 * ms);
    scene.data(0, "AB!CD", 52 * ms + 1, 60 * ms);
    scene.recv(1, 4, 9, "AB", 61 * ms, 61 * ms + 5);
    scene.recv(1, 4, 1, "!", 62 * ms, 62 * ms + 5, 1);
    scene.recv(1, 4, 9, "CD", 63 * ms, 63 * ms + 5);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 1) == "#2[0+1]");
    CHECK(given(story, 2) == "#3[0+2]");
}

TEST_CASE("the same ports, used again, are another connection") {
    TcpScene scene;
    scene.accepted(40 * ms + 10 * us);
    scene.tcp(C, {scene.c + 1, scene.s + 1, kRst, ""}, 50 * ms, 60 * ms);
    scene.close(0, 3, 50 * ms - 20 * us);
    scene.socket(0, 3, 70 * ms);
    scene.connect(0, 3, sockaddr4("192.0.2.2", 7000), 71 * ms, 95 * ms);
    scene.tcp(C, {9000, 0, kSyn, ""}, 72 * ms, 80 * ms);
    scene.tcp(S, {8000, 9001, kSyn | kAck, ""}, 81 * ms, 90 * ms);
    scene.tcp(C, {9001, 8001, kAck, ""}, 91 * ms, 95 * ms);
    scene.accept(1, 3, 5, sockaddr4("192.0.2.1", 40000), 72 * ms, 96 * ms);
    scene.send(0, 3, "NEW", 97 * ms);
    scene.tcp(C, {9001, 8001, kAck, "NEW"}, 97 * ms + 1, 99 * ms);
    const auto lane = scene.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.sockets().size() == 5);
    CHECK(story.messages()[0].socket == 3);
    CHECK(story.messages()[0].to_socket == 4);
    CHECK(story.receive_queue_at(4, 99 * ms).bytes == 3);
    CHECK(story.retransmissions() == 0);
}

TEST_CASE("a wire that recorded no packets: the calls alone") {
    TraceBuilder b("inet/stream");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("127.0.0.1", 7000), 1 * ms);
    b.listen(1, 3, 2 * ms);
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, sockaddr4("127.0.0.1", 7000), 10 * ms, 11 * ms);
    b.accept(1, 3, 4, sockaddr4("127.0.0.1", 40000), 5 * ms, 12 * ms);
    b.send(0, 3, "HELLO", 20 * ms);
    b.recv(1, 4, 64, "HEL", 21 * ms, 21 * ms + 5);
    b.close(0, 3, 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(items(story.receive_queue_at(kAccepted, 22 * ms)) == "ready:#1[3+2]");
    CHECK(story.receive_queue_at(kAccepted, 22 * ms).items[0].evidence == story::Evidence::inferred);
    CHECK(states(story, kClient) == "CLOSED ESTABLISHED FIN_WAIT_2");
    CHECK(states(story, kAccepted) == "ESTABLISHED CLOSE_WAIT");
    CHECK(story.packets().empty());
}

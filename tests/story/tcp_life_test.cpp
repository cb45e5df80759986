// How connections begin and end: who is paired with whom, and which state each end is in.
#include <utility>

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using packet::kAck;
using packet::kFin;
using packet::kPsh;
using packet::kRst;
using packet::kSyn;
using story::LossPlace;
using story::Story;

namespace {

constexpr auto kNever = model::kNever;
const auto C = Host::client;
const auto S = Host::server;
const std::string kServer = sockaddr4("192.0.2.2", 7000);

std::string state(const Story& story, std::uint32_t socket, model::TimeNs t) {
    const auto* now = story.state_at(socket, story.begin_ns() + t);
    return now == nullptr ? "none" : now->state;
}

// A listener; sockets in the order made: 0 = the listener.
struct Listener : TraceBuilder {
    Listener() : TraceBuilder("inet/stream") {
        socket(1, 3, 0);
        bind(1, 3, kServer, 1 * ms);
        listen(1, 3, 2 * ms);
    }
    // The packets of a handshake that begins then; 10 ms each way.
    void handshake(std::uint16_t port, std::uint32_t isn, model::TimeNs at) {
        tcp(C, {isn, 0, kSyn, "", 0xffff, -1, port}, at, at + 10 * ms);
        tcp(S, {isn + 5000, isn + 1, kSyn | kAck, "", 0xffff, -1, port}, at + 10 * ms, at + 20 * ms);
        tcp(C, {isn + 1, isn + 5001, kAck, "", 0xffff, -1, port}, at + 20 * ms, at + 30 * ms);
    }
};

}  // namespace

TEST_CASE("accept(fd, NULL) tells no address: the queue of the listener is first in, first out") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.socket(0, 4, 4 * ms);
    b.connect(0, 3, kServer, 10 * ms, 10 * ms + 1, 115);
    b.connect(0, 4, kServer, 11 * ms, 11 * ms + 1, 115);
    // The second SYN overtakes the first.
    b.tcp(C, {100, 0, kSyn, "", 0xffff, -1, 40001}, 10 * ms, 40 * ms);
    b.tcp(C, {200, 0, kSyn, "", 0xffff, -1, 40002}, 11 * ms, 21 * ms);
    b.tcp(S, {600, 201, kSyn | kAck, "", 0xffff, -1, 40002}, 21 * ms, 31 * ms);
    b.tcp(C, {201, 601, kAck, "", 0xffff, -1, 40002}, 31 * ms, 41 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, "", 0xffff, -1, 40001}, 40 * ms, 50 * ms);
    b.tcp(C, {101, 501, kAck, "", 0xffff, -1, 40001}, 50 * ms, 60 * ms);
    b.accept(1, 3, 4, "", 5 * ms, 70 * ms);
    b.accept(1, 3, 5, "", 71 * ms, 72 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 5);
    CHECK(story.sockets()[3].peer == 2);  // accepted first: the one whose handshake was over first
    CHECK(story.sockets()[4].peer == 1);
    CHECK(story.sockets()[3].remote == "192.0.2.1:40002");
}

TEST_CASE("several programs that connect at once: the bytes and the answers tell who is who") {
    Listener b;
    b.lane.endpoints.push_back({"client2", C, ""});
    b.socket(0, 3, 3 * ms);
    b.socket(2, 3, 3 * ms);
    b.handshake(40001, 100, 10 * ms + 50 * us);
    b.handshake(40002, 900, 12 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40001), 5 * ms, 41 * ms);
    b.accept(1, 3, 5, sockaddr4("192.0.2.1", 40002), 42 * ms, 43 * ms);
    model::TimeNs first_returns = 30 * ms + 80 * us, second_returns = 32 * ms;  // misleading
    SUBCASE("the answers are those that it was given") {
        b.tcp(S, {5101, 101, kPsh | kAck, "to the second", 0xffff, -1, 40001}, 51 * ms, 61 * ms);
        b.tcp(S, {5901, 901, kPsh | kAck, "to the first", 0xffff, -1, 40002}, 51 * ms, 61 * ms);
        b.recv(0, 3, 64, "to the first", 50 * ms, 62 * ms);
        b.recv(2, 3, 64, "to the second", 50 * ms, 62 * ms);
    }
    SUBCASE("connect() returns when the answer comes") {
        std::swap(first_returns, second_returns);
    }
    SUBCASE("the bytes are those of the program") {
        b.send(0, 3, "of the first", 50 * ms);
        b.send(2, 3, "of the second", 50 * ms);
        // In two segments, of which the first could be either's.
        b.tcp(C, {101, 5101, kPsh | kAck, "of the ", 0xffff, -1, 40001}, 51 * ms, 61 * ms);
        b.tcp(C, {108, 5101, kPsh | kAck, "second", 0xffff, -1, 40001}, 51 * ms, 61 * ms);
        b.tcp(C, {901, 5901, kPsh | kAck, "of the first", 0xffff, -1, 40002}, 51 * ms, 61 * ms);
    }
    // Both are called before either SYN comes out.
    b.connect(0, 3, kServer, 10 * ms, first_returns);
    b.connect(2, 3, kServer, 10 * ms + 1, second_returns);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 5);
    CHECK(story.sockets()[1].remote == "192.0.2.2:7000");
    CHECK(story.sockets()[1].local == "192.0.2.1:40002");
    CHECK(story.sockets()[2].local == "192.0.2.1:40001");
    CHECK(story.sockets()[3].peer == 2);
    CHECK(story.sockets()[4].peer == 1);
}

TEST_CASE("both ends open at once: one connection, and its bytes arrive") {
    TraceBuilder b("inet/stream");
    b.socket(1, 3, 0);
    b.bind(1, 3, kServer, 1 * ms);
    b.socket(0, 3, 0);
    b.bind(0, 3, sockaddr4("192.0.2.1", 40000), 1 * ms);
    b.connect(0, 3, kServer, 10 * ms, 32 * ms);
    b.connect(1, 3, sockaddr4("192.0.2.1", 40000), 10 * ms, 32 * ms);
    b.tcp(C, {100, 0, kSyn, ""}, 10 * ms, 20 * ms);
    b.tcp(S, {500, 0, kSyn, ""}, 11 * ms, 21 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, ""}, 20 * ms, 30 * ms);
    b.tcp(C, {100, 501, kSyn | kAck, ""}, 21 * ms, 31 * ms);
    b.send(0, 3, "hi", 40 * ms);
    b.tcp(C, {101, 501, kPsh | kAck, "hi"}, 41 * ms, 51 * ms);
    b.recv(1, 3, 10, "hi", 45 * ms, 52 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 2);
    CHECK(states(story, 0) == "CLOSED SYN_SENT SYN_RCVD ESTABLISHED");
    CHECK(states(story, 1) == "CLOSED SYN_SENT SYN_RCVD ESTABLISHED");
    CHECK(story.sockets()[0].peer == 1);
    REQUIRE(story.receives().size() == 1);
    REQUIRE(story.receives()[0].pieces.count == 1);
    CHECK(story.pieces(story.receives()[0].pieces)[0].message == 0);
}

TEST_CASE("a SYN ACK that meets the ACK on the wire does not mean that the ACK was ignored") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 31 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.tcp(C, {101, 5101, kPsh | kAck, "early"}, 31 * ms, 40 * ms + 1);
    b.tcp(S, {5100, 101, kSyn | kAck, ""}, 41 * ms, 51 * ms);  // its second, read late
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 42 * ms);
    b.send(0, 3, "early", 30 * ms + 500 * us);
    b.recv(1, 4, 10, "early", 43 * ms, 44 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.losses().empty());
    CHECK(state(story, 2, 42 * ms) == "ESTABLISHED");
}

TEST_CASE("a packet with two messages that comes to a closed socket: both are told") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 31 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 42 * ms);
    b.close(1, 4, 50 * ms);
    b.send(0, 3, "ONE", 60 * ms);
    b.send(0, 3, "THREE", 61 * ms);
    b.tcp(C, {101, 5101, kPsh | kAck, "ONETHREE"}, 62 * ms, 70 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(story.losses()[i].place == LossPlace::no_listener);
        CHECK(story.losses()[i].packet == 3);
        CHECK(story.losses()[i].piece.message == i);
    }
}

TEST_CASE("no room in the backlog: a SYN without an answer is lost, an ignored ACK establishes nothing") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 1030 * ms);
    b.tcp(C, {100, 0, kSyn, ""}, 10 * ms, 20 * ms);
    b.tcp(C, {100, 0, kSyn, ""}, 1010 * ms, 1020 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, ""}, 1020 * ms, 1030 * ms);
    b.tcp(C, {101, 501, kAck, ""}, 1030 * ms, 1040 * ms);  // the queue of accept() is full
    b.send(0, 3, "early", 1050 * ms);
    b.tcp(C, {101, 501, kPsh | kAck, "early"}, 1050 * ms, 1060 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, ""}, 2020 * ms, 2030 * ms);
    b.tcp(C, {101, 501, kPsh | kAck, "early"}, 2040 * ms, 2050 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 2060 * ms);
    b.recv(1, 4, 10, "early", 2061 * ms, 2062 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[0].place == LossPlace::backlog);
    CHECK(story.losses()[0].packet == 0);
    CHECK(story.losses()[0].repaired);
    CHECK(story.losses()[1].place == LossPlace::backlog);
    CHECK(story.losses()[1].packet == 4);
    CHECK(state(story, 2, 1045 * ms) == "SYN_RCVD");
    CHECK(state(story, 1, 1045 * ms) == "ESTABLISHED");
    CHECK(story.receive_queue_at(2, story.begin_ns() + 1100 * ms).bytes == 0);
    CHECK(state(story, 2, 2055 * ms) == "ESTABLISHED");
    CHECK(story.receive_queue_at(2, story.begin_ns() + 2055 * ms).bytes == 5);
}

TEST_CASE("half open when its listener is closed: it can't become a connection any more") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 3000 * ms, 110);
    b.tcp(C, {100, 0, kSyn, ""}, 10 * ms, 20 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, ""}, 20 * ms, kNever);
    b.close(1, 3, 500 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(states(story, 2) == "SYN_RCVD CLOSED");
    CHECK(state(story, 2, 499 * ms) == "SYN_RCVD");
    CHECK(state(story, 2, 501 * ms) == "CLOSED");
}

TEST_CASE("a RST counts only where the next byte is expected") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 30 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 41 * ms);
    b.tcp(C, {150, 5101, kRst | kAck, ""}, 50 * ms, 60 * ms);  // 49 bytes too far: RFC 5961 §3.2
    b.tcp(C, {101, 5101, kRst | kAck, ""}, 150 * ms, 160 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(state(story, 2, 100 * ms) == "ESTABLISHED");
    CHECK(state(story, 2, 161 * ms) == "CLOSED");
}

TEST_CASE("a connection that never came about ends with the call that gives it up") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.tcp(C, {100, 0, kSyn, ""}, 10 * ms, kNever);
    SUBCASE("connect() times out") {
        b.connect(0, 3, kServer, 10 * ms, 3000 * ms, 110);
    }
    SUBCASE("close() while it is being made") {
        b.connect(0, 3, kServer, 10 * ms, 10 * ms + 1, 115);
        b.close(0, 3, 3000 * ms);
    }
    const auto lane = b.take();
    const Story story(lane);
    CHECK(states(story, 1) == "CLOSED SYN_SENT CLOSED");
    CHECK(state(story, 1, 2000 * ms) == "SYN_SENT");
}

TEST_CASE("TIME_WAIT outlives close(), for 60 s; a listener is closed at once") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 30 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 41 * ms);
    b.close(0, 3, 50 * ms);
    b.tcp(C, {101, 5101, kFin | kAck, ""}, 50 * ms, 60 * ms);
    b.tcp(S, {5101, 102, kAck, ""}, 60 * ms, 70 * ms);
    b.close(1, 4, 80 * ms);
    b.tcp(S, {5101, 102, kFin | kAck, ""}, 80 * ms, 90 * ms);
    b.tcp(C, {102, 5102, kAck, ""}, 90 * ms, 100 * ms);
    b.close(1, 3, 200 * ms);
    b.lane.end_ns = b.lane.start_ns + 70'000 * ms;
    const auto lane = b.take();
    const Story story(lane);
    CHECK(states(story, 1) == "CLOSED SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT CLOSED");
    CHECK(state(story, 1, 60'080 * ms) == "TIME_WAIT");
    CHECK(state(story, 1, 60'091 * ms) == "CLOSED");
    CHECK(states(story, 0) == "CLOSED LISTEN CLOSED");
    CHECK(!story.open_at(1, story.begin_ns() + 100 * ms));
}

TEST_CASE("bytes for a socket that was closed are lost once, though the RST also empties the send queue") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 30 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 41 * ms);
    b.close(1, 4, 50 * ms);
    b.tcp(S, {5101, 101, kFin | kAck, ""}, 50 * ms, 60 * ms);
    b.send(0, 3, "one", 70 * ms);
    b.tcp(C, {101, 5102, kPsh | kAck, "one"}, 70 * ms, 80 * ms);
    b.tcp(S, {5102, 0, kRst, ""}, 80 * ms, 90 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
}

TEST_CASE("MSG_TRUNC on TCP takes bytes out and throws them away: its program gets none") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 30 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 41 * ms);
    b.send(0, 3, "abcdef", 50 * ms);
    b.tcp(C, {101, 5101, kPsh | kAck, "abcdef"}, 50 * ms, 60 * ms);
    b.recv(1, 4, 4, "????", 70 * ms, 70 * ms + 5, 0x20);
    b.recv(1, 4, 4, "ef", 71 * ms, 71 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.receives()[0].pieces.count == 0);
    CHECK(story.receives()[0].cut_bytes == 4);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::truncated);
    CHECK(story.losses()[0].piece == story::Piece{0, 0, 4});
    CHECK(given(story, 1) == "#1[4+2]");
}

TEST_CASE("a socket that connects to its own address reads what it sends") {
    TraceBuilder b("inet/stream");
    b.socket(0, 3, 0);
    b.bind(0, 3, sockaddr4("192.0.2.1", 40000), 1 * ms);
    b.connect(0, 3, sockaddr4("192.0.2.1", 40000), 2 * ms, 3 * ms);
    b.send(0, 3, "to myself", 4 * ms);
    b.recv(0, 3, 100, "to myself", 5 * ms, 6 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(states(story, 0) == "CLOSED ESTABLISHED");
    REQUIRE(story.receives()[0].pieces.count == 1);
    CHECK(given(story, 0) == "#1[0+9]");
}

TEST_CASE("without packets (loopback): SO_LINGER 0 and a call that was told of a RST end both sides") {
    TraceBuilder b("inet/stream");
    const std::string server = sockaddr4("127.0.0.1", 7000);
    b.socket(1, 3, 0);
    b.bind(1, 3, server, 1 * ms);
    b.listen(1, 3, 2 * ms);
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, server, 10 * ms, 11 * ms);
    b.accept(1, 3, 4, sockaddr4("127.0.0.1", 40000), 5 * ms, 12 * ms);
    SUBCASE("SO_LINGER 0") {
        auto& option = b.call(0, model::Call::setsockopt, 3, 13 * ms, 13 * ms + 5);
        option.args.first = 1;
        option.args.second = 13;
        const std::int32_t linger[2] = {1, 0};
        option.extra = {static_cast<std::uint32_t>(b.lane.arena.size()), sizeof linger};
        b.lane.arena.append(reinterpret_cast<const char*>(linger), sizeof linger);
        b.close(0, 3, 14 * ms);
    }
    SUBCASE("ECONNRESET") {
        b.refused(1, model::Call::recv, 4, 104, 13 * ms, 14 * ms);
    }
    const auto lane = b.take();
    const Story story(lane);
    CHECK(states(story, 1) == "CLOSED ESTABLISHED CLOSED");
    CHECK(states(story, 2) == "ESTABLISHED CLOSED");
}

namespace {

// The client closes first, and the server never does; 10 ms each way. The client's end is in FIN_WAIT_2 from 80 ms on.
Listener half_closed() {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.connect(0, 3, kServer, 10 * ms, 31 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 41 * ms);
    b.close(0, 3, 60 * ms);
    b.tcp(C, {101, 5101, kFin | kAck, ""}, 60 * ms + 20 * us, 70 * ms);
    b.tcp(S, {5101, 102, kAck, ""}, 70 * ms, 80 * ms);
    return b;
}

}  // namespace

TEST_CASE("FIN_WAIT_2 behind close() ends with tcp_fin_timeout, and what comes then meets nobody") {
    auto b = half_closed();
    SUBCASE("the lesson's setting") {
        b.lane.settings = {{"net.ipv4.tcp_fin_timeout", "2"}};
    }
    SUBCASE("the socket's own") {
        auto& option = b.call(0, model::Call::setsockopt, 3, 4 * ms, 5 * ms);
        option.args.first = 6, option.args.second = 8, option.args.third = 2;  // TCP_LINGER2
    }
    b.close(1, 4, 5000 * ms);
    b.tcp(S, {5101, 102, kFin | kAck, ""}, 5000 * ms, 5010 * ms);
    b.tcp(C, {102, 0, kRst, ""}, 5010 * ms, 5020 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(state(story, 1, 2079 * ms) == "FIN_WAIT_2");
    CHECK(state(story, 1, 2081 * ms) == "CLOSED");
    CHECK(states(story, 1).find("TIME_WAIT") == std::string::npos);
}

TEST_CASE(
    "without a setting FIN_WAIT_2 lasts a minute; a program that only shut its side waits without a limit") {
    auto b = half_closed();
    b.close(1, 4, 200'000 * ms);
    SUBCASE("closed") {
        const auto lane = b.take();
        const Story story(lane);
        CHECK(state(story, 1, 60'079 * ms) == "FIN_WAIT_2");
        CHECK(state(story, 1, 60'081 * ms) == "CLOSED");
    }
    SUBCASE("shut") {
        for (auto& call : b.lane.calls) {
            if (call.call != model::Call::close || call.endpoint != 0) continue;
            call.call = model::Call::shutdown;
            call.args.first = 1;
        }
        const auto lane = b.take();
        const Story story(lane);
        CHECK(state(story, 1, 199'000 * ms) == "FIN_WAIT_2");
    }
    SUBCASE("the setting could not be made") {
        b.lane.settings = {{"net.ipv4.tcp_fin_timeout", "2"}};
        b.lane.notes.push_back(
            {0, 1, 0, model::Note::remark, 0, b.keep("could not set net.ipv4.tcp_fin_timeout to 2")});
        const auto lane = b.take();
        const Story story(lane);
        CHECK(state(story, 1, 60'079 * ms) == "FIN_WAIT_2");
    }
}

TEST_CASE(
    "bytes that were sent again and again and never arrived are lost once, however many packets were "
    "dropped") {
    Listener b;
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, kServer, 10 * ms, 31 * ms);
    b.handshake(40000, 100, 10 * ms);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 5 * ms, 42 * ms);
    b.send(0, 3, "ONE", 60 * ms);
    b.send(0, 3, "TWO", 61 * ms);
    b.send(0, 3, "unsent", 62 * ms);
    b.tcp(C, {101, 5101, kPsh | kAck, "ONE"}, 60 * ms, model::kNever);
    b.tcp(C, {104, 5101, kPsh | kAck, "TWO"}, 61 * ms, model::kNever);
    b.tcp(C, {101, 5101, kPsh | kAck, "ONETWO"}, 260 * ms, model::kNever);  // both in one, as TCP does
    b.tcp(C, {107, 5101, kRst, ""}, 700 * ms, 710 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 4);
    const story::Piece pieces[] = {{0, 0, 3}, {1, 0, 3}, {}, {2, 0, 6}};
    const LossPlace places[] = {LossPlace::wire, LossPlace::wire, LossPlace::wire, LossPlace::reset};
    for (std::size_t i = 0; i < 4; ++i) {
        CAPTURE(i);
        CHECK(story.losses()[i].piece == pieces[i]);
        CHECK(story.losses()[i].place == places[i]);
        CHECK_FALSE(story.losses()[i].repaired);
        if (i < 3) CHECK(story.losses()[i].packet == 3 + i);
    }
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(story.losses()[i].why.find("sent 2 times") != std::string::npos);
}

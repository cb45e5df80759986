#include <cstring>

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Call;
using story::kNone;
using story::Story;

TEST_CASE("a number that is used again is another socket") {
    TraceBuilder b("unix/dgram");
    b.socket(0, 3, 1 * ms);
    b.send(0, 3, "x", 2 * ms);
    b.close(0, 3, 3 * ms);
    b.socket(0, 3, 4 * ms);
    b.send(0, 3, "y", 5 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 2);
    CHECK(story.messages()[0].socket == 0);
    CHECK(story.messages()[1].socket == 1);
    CHECK(story.sockets()[0].closed_ns == 3 * ms + 10 * us);
    CHECK(story.open_at(0, 2 * ms));
    CHECK_FALSE(story.open_at(0, 4 * ms));
    CHECK(story.open_at(1, 9 * ms));
}

TEST_CASE("close() of one of two descriptors closes nothing") {
    TraceBuilder b("unix/stream");
    b.socket(0, 3, 1 * ms);
    b.call(0, Call::dup, 3, 2 * ms, 2 * ms + 1, 4);
    b.close(0, 3, 3 * ms);
    b.send(0, 4, "x", 4 * ms);
    b.close(0, 4, 5 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 1);
    CHECK(story.messages()[0].socket == 0);
    CHECK(story.sockets()[0].closed_ns == 5 * ms + 10 * us);
}

TEST_CASE("each program has descriptors of its own") {
    TraceBuilder b("unix/dgram");
    b.socket(0, 3, 1 * ms);
    b.socket(1, 3, 2 * ms);
    b.send(0, 3, "x", 3 * ms);
    b.refused(1, Call::send, 5, 9, 4 * ms, 4 * ms + 1);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.sockets().size() == 2);
    CHECK(story.messages()[0].socket == 0);
    CHECK(story.socket_of(3) == kNone);
    CHECK(story.message_of(3) == kNone);
}

TEST_CASE("socketpair makes two that are connected") {
    TraceBuilder b("unix/stream");
    const std::int32_t fds[2] = {5, 6};
    auto& call = b.call(0, Call::socketpair, -1, 1 * ms, 1 * ms + 1);
    call.args.first = 1;
    call.args.second = 1;
    call.extra = {static_cast<std::uint32_t>(b.lane.arena.size()), 8};
    b.lane.arena.append(reinterpret_cast<const char*>(fds), 8);
    b.send(0, 5, "hello", 2 * ms);
    b.recv(0, 6, 10, "hello", 3 * ms, 3 * ms + 1);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.sockets().size() == 2);
    CHECK(story.sockets()[0].peer == 1);
    CHECK(story.receive_queue_at(1, 2500 * us).bytes == 5);
    CHECK(given(story, 0) == "#1[0+5]");
}

namespace {

// What recvmsg and sendmsg carry with one descriptor: no address, then SCM_RIGHTS (cmsg(3)).
std::string rights(std::int32_t fd) {
    std::string bytes(4, '\0');
    const std::uint64_t length = 20;
    const std::int32_t level = 1, type = 1;
    bytes.append(reinterpret_cast<const char*>(&length), 8);
    bytes.append(reinterpret_cast<const char*>(&level), 4);
    bytes.append(reinterpret_cast<const char*>(&type), 4);
    bytes.append(reinterpret_cast<const char*>(&fd), 4);
    return bytes;
}

}  // namespace

TEST_CASE("a descriptor that travels by SCM_RIGHTS is the same socket under another number") {
    TraceBuilder b("unix/dgram");
    b.socket(0, 3, 1 * ms);
    b.socket(0, 4, 1500 * us);
    b.socket(1, 3, 2 * ms);
    b.bind(1, 3, sockaddr_unix("@s"), 2500 * us);
    auto& send = b.call(0, Call::sendmsg, 3, 3 * ms, 3 * ms + 1, 0);
    send.extra = {static_cast<std::uint32_t>(b.lane.arena.size()), 24};
    b.lane.arena += rights(4);
    b.close(0, 4, 4 * ms);
    auto& recv = b.call(1, Call::recvmsg, 3, 5 * ms, 5 * ms + 1, 0);
    recv.extra = {static_cast<std::uint32_t>(b.lane.arena.size()), 24};
    b.lane.arena += rights(9);
    b.send(1, 9, "from another program", 6 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.messages().back().socket == 1);  // the client's socket 4
    CHECK(story.sockets()[1].closed_ns == model::kNever);
}

TEST_CASE("descriptors come out of the socket that they went into, in whatever order; UDP passes none on") {
    TraceBuilder b("unix/dgram");
    const auto pair = [&](std::int32_t one, std::int32_t other, model::TimeNs at) {
        const std::int32_t fds[2] = {one, other};
        auto& call = b.call(0, Call::socketpair, -1, at, at + 1);
        call.args.first = 1, call.args.second = 2;
        call.extra = b.keep({reinterpret_cast<const char*>(fds), sizeof fds});
    };
    const auto passes = [&](Call what, int fd, std::int32_t passed, model::TimeNs at) {
        auto& call = b.call(0, what, fd, at, at + 1, 1);
        call.args.first = 1;
        call.data = b.keep("x");
        call.extra = b.keep(rights(passed));
    };
    pair(3, 4, 1 * ms);
    pair(5, 6, 2 * ms);
    b.socket(0, 7, 3 * ms);
    b.socket(0, 8, 4 * ms);
    auto& udp = b.call(0, Call::socket, -1, 5 * ms, 5 * ms + 1, 9);
    udp.args.first = 2, udp.args.second = 2;
    passes(Call::sendmsg, 3, 7, 10 * ms);
    passes(Call::sendmsg, 5, 8, 11 * ms);
    passes(Call::sendmsg, 9, 8, 12 * ms);
    for (const int fd : {7, 8}) b.close(0, fd, 13 * ms + fd * 100 * us);
    passes(Call::recvmsg, 6, 10, 20 * ms);
    passes(Call::recvmsg, 4, 11, 21 * ms);
    b.close(0, 10, 22 * ms);
    b.close(0, 11, 23 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.sockets()[5].closed_ns == 22 * ms + 10 * us);  // descriptor 8, received as 10
    CHECK(story.sockets()[4].closed_ns == 23 * ms + 10 * us);
}

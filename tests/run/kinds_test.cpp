// Every kind of socket, run for real: what each does with the same few calls.
#include <doctest/doctest.h>

#include <cstring>

#include "tests/run/scene_runner.hpp"

using namespace socketscope;
using tests::run_well;
using tests::scene;

TEST_CASE("connected kinds: three sends, what recv is given") {
    const auto trace = run_well(
        scene({"unix/stream", "inet/stream", "inet6/stream", "unix/seqpacket"}, {{"server", R"(s = socket()
bind(s, server) -> 0
listen(s, 1) -> 0
a = accept(s)
wait(client.done)
sleep(20ms)
recv(a, 100) -> stream: "oneTWOthree", seqpacket: "one"
recv(a, 100) -> stream: 0, seqpacket: "TWO"
)"},
                                                                                 {"client", R"(c = socket()
connect(c, server) -> 0
send(c, "one") -> 3
send(c, "TWO") -> 3
send(c, "three") -> 5
)"}}));
    // Each endpoint has descriptors of its own, from 3 on, as a program has.
    for (const auto& lane : trace.lanes)
        for (const auto& call : lane.calls)
            if (call.call == model::Call::socket) CHECK(call.result == 3);
}

TEST_CASE("datagram kinds: one send, one receive, with addresses") {
    run_well(scene({"unix/dgram", "inet/dgram", "inet6/dgram"}, {{"server", R"(s = socket()
bind(s, server) -> 0
recvfrom(s, &b, 4, 0, &peer) -> "hell"
recvfrom(s, &b, 100, 0, &peer) -> "world"
sendto(s, b, 0, peer) -> 5
recv(s, 100, MSG_TRUNC) -> any
)"},
                                                                 {"client", R"(c = socket()
bind(c, client) -> 0
sendto(c, "hello", 0, server) -> 5
sendto(c, "world", 0, server) -> 5
recv(c, 100) -> "world"
sendto(c, "", 0, server) -> 0
)"}}));
}

TEST_CASE("kinds that this kernel refuses: recorded with their errno, the lane ends by itself") {
    const auto trace = run_well(
        scene({"inet/seqpacket", "inet6/seqpacket"},
              {{"server", "s = socket() -> ESOCKTNOSUPPORT or EPROTONOSUPPORT\nbind(s, server) -> EBADF\n"},
               {"client", "wait(server.bound)\nc = socket() -> any\nconnect(c, server) -> EBADF\n"}}));
    for (const auto& lane : trace.lanes) CHECK(lane.calls.size() == 4);
}

TEST_CASE("unix/raw is a datagram socket") {
    run_well(scene({"unix/raw"},
                   {{"server", "s = socket() -> 3\ngetsockopt(s, SOL_SOCKET, SO_TYPE) -> SOCK_DGRAM\n"}}));
}

TEST_CASE("raw sockets: ping by hand") {
    if (!tests::two_hosts("raw ICMP sockets")) return;
    const auto trace = run_well(scene({"inet/raw:icmp", "inet6/raw:icmpv6"},
                                      {{"server", "sleep(1ms)\n"}, {"client", R"(c = socket() -> 3
setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, 1s)
sendto(c, icmp_echo(7, 1, "ping"), 0, server) -> inet: 12, inet6: any
recvfrom(c, &b, 200, 0, &peer) -> inet: 32, inet6: any
)"}}));
    CHECK(trace.lanes[0].packets.size() >= 2);
    // IPv4 raw sockets see the IP header (raw(7)).
    const auto& calls = trace.lanes[0].calls;
    for (const auto& call : calls)
        if (call.call == model::Call::recvfrom)
            CHECK(static_cast<unsigned char>(trace.lanes[0].bytes(call.data).at(0)) == 0x45);
}

TEST_CASE("socketpair, dup, half-close") {
    run_well(scene({"unix/stream", "unix/dgram", "unix/seqpacket"}, {{"client", R"(a, b = socketpair() -> 0
c = dup(a)
close(a) -> 0
send(c, "still open") -> 10
recv(b, 100) -> "still open"
)"}}));
    run_well(scene({"unix/stream", "inet/stream", "inet6/stream"}, {{"server", R"(s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
until eof: recv(a, 64)
send(a, "I heard all of it") -> 17
close(a)
)"},
                                                                    {"client", R"(c = socket()
connect(c, server)
send(c, "question") -> 8
shutdown(c, SHUT_WR) -> 0
send(c, "more") -> EPIPE
recv(c, 64) -> "I heard all of it"
recv(c, 64) -> 0
)"}}));
}

TEST_CASE("names: abstract, path, autobind, getsockname, unlink") {
    run_well(scene({"unix/stream"},
                   {{"server", R"(s = socket()
bind(s, abstract("hall")) -> 0
listen(s, 1)
a = accept(s)
recv(a, 9) -> "by name"
f = socket()
bind(f, unix("door")) -> 0
g = socket()
bind(g, unix("door")) -> EADDRINUSE
unlink(unix("door")) -> 0
bind(g, unix("door")) -> 0
h = socket()
bind(h, autobind()) -> 0
getsockname(h)
)"},
                    {"client",
                     "c = socket()\nconnect(c, abstract(\"hall\")) -> 0\nsend(c, \"by name\")\nd = socket()\n"
                     "connect(d, unix(\"nobody\")) -> ENOENT\n"}}));
}

TEST_CASE("a cut record says MSG_TRUNC; recvmsg shows it in its flags") {
    const auto trace =
        run_well(scene({"unix/dgram", "inet/dgram", "unix/seqpacket"}, {{"client", R"(a = socket()
close(a)
)"}}));
    CHECK(trace.lanes.size() == 3);
    const auto cut = run_well(scene({"unix/dgram", "unix/seqpacket"}, {{"client", R"(a, b = socketpair()
send(a, "0123456789")
recvmsg(b, &m, 4) -> "0123"
send(a, "0123456789")
recv(b, 4, MSG_TRUNC) -> 10
)"}}));
    for (const auto& lane : cut.lanes)
        for (const auto& call : lane.calls) {
            if (call.call == model::Call::recvmsg) CHECK((call.args.third & 0x20) != 0);  // MSG_TRUNC
            if (call.call == model::Call::recv) CHECK(lane.bytes(call.data) == "0123");
        }
}

TEST_CASE("descriptors and credentials travel") {
    const auto trace =
        run_well(scene({"unix/stream", "unix/dgram", "unix/seqpacket"}, {{"client", R"(a, b = socketpair()
c, d = socketpair()
setsockopt(b, SOL_SOCKET, SO_PASSCRED, 1)
sendmsg(a, "take this", fds=[c]) -> 9
recvmsg(b, &m, 50, fds=[&e]) -> "take this"
send(e, "through the gift") -> 16
recv(d, 50) -> "through the gift"
sendmsg(a, "me", creds=1) -> 2
recvmsg(b, &m, 50) -> "me"
)"}}));
    for (const auto& lane : trace.lanes) {
        int with_control = 0;
        for (const auto& call : lane.calls)
            if (call.call == model::Call::recvmsg) with_control += lane.bytes(call.extra).size() > 4 + 16;
        CHECK(with_control == 2);
    }
}

TEST_CASE("non-blocking: EAGAIN, EINPROGRESS, poll, FIONREAD") {
    run_well(scene({"unix/stream", "inet/stream", "inet6/stream"}, {{"server", R"(s = socket()
bind(s, server)
nonblocking(s) -> 0
listen(s, 1)
accept(s) -> EAGAIN
poll([s: POLLIN], 2s) -> POLLIN
a = accept(s)
poll([a: POLLIN], 2s) -> POLLIN
FIONREAD(a) -> 5
recv(a, 9, MSG_PEEK) -> "hello"
recv(a, 9) -> "hello"
recv(a, 9, MSG_DONTWAIT) -> EAGAIN
poll([a: POLLIN], 20ms) -> 0
)"},
                                                                    {"client", R"(c = socket()
wait(server.accept 1)
connect(c, server) -> 0
send(c, "hello")
wait(server.done)
)"}}));
}

TEST_CASE("buffer sizes are sampled where a socket is made") {
    const auto trace = run_well(scene({"unix/stream", "inet/dgram"}, {{"client", "c = socket()\n"}}));
    for (const auto& lane : trace.lanes) {
        REQUIRE(lane.samples.size() == 2);
        CHECK(lane.samples[0].what == model::Sample::send_buffer);
        CHECK(lane.samples[0].value > 1000);
        CHECK(lane.samples[0].fd == 3);
        // No call of ours beside the script's, but for closing what it left open.
        CHECK(lane.calls.size() == 2);
        CHECK((lane.calls[1].flags & model::kOurOwnCall) != 0);
    }
}

TEST_CASE("two clients, one after the other") {
    run_well(
        scene({"inet/stream", "unix/stream", "unix/seqpacket"},
              {{"server", R"(s = socket()
bind(s, server)
listen(s, 2)
repeat 2:
    a = accept(s)
    recv(a, 10) -> 3
    send(a, "ok")
    close(a)
)"},
               {"client", "c = socket()\nconnect(c, server) -> 0\nsend(c, \"one\")\nrecv(c, 9) -> \"ok\"\n"},
               {"client2",
                "wait(client.done)\nc = socket()\nconnect(c, server) -> 0\nsend(c, \"two\")\nrecv(c, 9) -> "
                "\"ok\"\n"}}));
}

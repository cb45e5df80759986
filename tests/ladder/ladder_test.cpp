#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "app/cli/columns.hpp"
#include "app/cli/ladder.hpp"
#include "tests/story/build_trace.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using packet::kAck;
using packet::kSyn;

namespace {

trace::LaneTrace tcp_with_a_loss() {
    TraceBuilder b("inet/stream");
    b.lane.link.rules.push_back(
        {model::RuleAction::drop, model::PacketClass::data, 2, Host::client, 0, "drop data 2 from client"});
    const auto C = Host::client, S = Host::server;
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("192.0.2.2", 7000), 100 * us);
    b.listen(1, 3, 200 * us);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 300 * us, 40 * ms + 50 * us);
    b.socket(0, 3, 400 * us);
    b.connect(0, 3, sockaddr4("192.0.2.2", 7000), 10 * ms, 30 * ms + 20 * us);
    b.tcp(C, {100, 0, kSyn, ""}, 10 * ms + 10 * us, 20 * ms);
    b.tcp(S, {500, 101, kSyn | kAck, ""}, 20 * ms + 10 * us, 30 * ms);
    b.tcp(C, {101, 501, kAck, ""}, 30 * ms + 10 * us, 40 * ms);
    b.send(0, 3, "HELLO ", 50 * ms);
    b.tcp(C, {101, 501, kAck, "HELLO "}, 50 * ms + 10 * us, 60 * ms);
    b.send(0, 3, "WORLD ", 51 * ms);
    b.tcp(C, {107, 501, kAck, "WORLD "}, 51 * ms + 10 * us, model::kNever);
    b.lane.packets.back().rule = 1;
    b.tcp(S, {501, 107, kAck, ""}, 60 * ms + 10 * us, 70 * ms);
    b.tcp(C, {107, 501, kAck, "WORLD "}, 260 * ms, 270 * ms);
    b.recv(1, 4, 64, "HELLO ", 55 * ms, 60 * ms + 30 * us);
    b.recv(1, 4, 64, "WORLD ", 62 * ms, 270 * ms + 30 * us);
    b.tcp(S, {501, 113, kAck, ""}, 270 * ms + 10 * us, 280 * ms);
    return b.take();
}

trace::LaneTrace unix_datagrams() {
    TraceBuilder b("unix/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("/tmp/folder/server.sock"), 100 * us);
    b.socket(0, 3, 200 * us);
    b.sendto(0, 3, "HELLO ", sockaddr_unix("/tmp/folder/server.sock"), 1 * ms);
    b.recv(1, 3, 4, "HELL", 2 * ms, 2 * ms + 5 * us);
    b.refused(1, model::Call::recv, 3, 11, 3 * ms, 3 * ms + 5 * us);
    return b.take();
}

void check_form(const std::string& text, std::size_t width) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(cli::columns(line) <= width);
        CHECK((line.empty() || line.back() != ' '));
        CHECK(line.find('\033') == std::string::npos);
    }
    CHECK(text.ends_with('\n'));
}

}  // namespace

TEST_CASE("a lost segment on a TCP ladder") {
    const auto lane = tcp_with_a_loss();
    const std::string text = cli::ladder(story::Story(lane), {});
    check_form(text, 100);
    CHECK(text == R"(  time ms client                                    wire             server
    0.010                                │                         │ socket(AF_INET, SOCK_STREAM,
                                         │                         │   0) = 3
    0.110                                │                         │ bind(3, 192.0.2.2:7000) = 0
    0.210                                │                         │ listen(3, 1) = 0
    0.300                                │                         │ accept(3) waits
    0.410 socket(AF_INET, SOCK_STREAM,   │                         ┊
            0) = 3                       │                         ┊
   10.000 connect(3, 192.0.2.2:7000)     │                         ┊
            waits                        │                         ┊
   10.010                                ┊────────── SYN ─────────▶┊ at 20.000
   20.010 at 30.000                      ┊◀─────── SYN ACK ────────┊
   30.010                                ┊────────── ACK  ╌ ╌ ╌ ╌ ╌┊
   30.020 connect(3, 192.0.2.2:7000) =   │                         ┊
            0, after 20.0 ms             │                         ┊
   40.000                                │ ╌ ╌ ╌ ╌ ╌ ACK ─────────▶┊
   40.050                                │                         │ accept(3) = 4 from
                                         │                         │   192.0.2.1:40000, after 39.8
                                         │                         │   ms
   50.000 send(3, "HELLO ", 6) = 6       │                         │
   50.010                                │───── bytes 1–6 #1  ╌ ╌ ╌│
   51.000 send(3, "WORLD ", 6) = 6       │                         │
   51.010                                │───── bytes 7–12 #2 ✗    │
          ✗ bytes 7–12 #2 lost: The wire dropped it by the rule “drop data 2 from client”.
   55.000                                │                         │ recv(4, 64) waits
   60.000                                │ ╌ ╌  bytes 1–6 #1 ─────▶┊
   60.010                                │ ╌ ╌ ╌ ╌  ACK 7 ─────────┊
   60.030                                │                         │ recv(4, 64) = 6 "HELLO ",
                                         │                         │   after 5.03 ms
   62.000                                │                         │ recv(4, 64) waits
   70.000                                │◀──────── ACK 7  ╌ ╌ ╌ ╌ ┊
  260.000                                │──── ↻ bytes 7–12 #2 ───▶┊ at 270.000
  270.010                                │ ╌ ╌ ╌ ╌ ACK 13 ─────────┊
  270.030                                │                         │ recv(4, 64) = 6 "WORLD ",
                                         │                         │   after 208 ms
  280.000                                │◀─────── ACK 13  ╌ ╌ ╌ ╌ │

Sent
  #1  client  send                  6 bytes  "HELLO "
  #2  client  send                  6 bytes  "WORLD "

Given to the programs
  server  recv = 6                  6 bytes  #1 "HELLO "
  server  recv = 6                  6 bytes  #2 "WORLD "

Lost
  ✗ bytes 7–12 #2                   The wire dropped it by the rule “drop data 2 from client”. It
                                    was sent again and arrived.

)");
}

TEST_CASE("UNIX sockets have no wire") {
    const auto lane = unix_datagrams();
    const std::string text = cli::ladder(story::Story(lane), {});
    check_form(text, 100);
    CHECK(text == R"(  time ms client                                          server
    0.010                                           │   │ socket(AF_UNIX, SOCK_DGRAM, 0) = 3
    0.110                                           │   │ bind(3, …/server.sock) = 0
    0.210 socket(AF_UNIX, SOCK_DGRAM, 0) = 3        │   │
    1.000 sendto(3, "HELLO ", 6, …/server.sock) = 6 │   │
    2.005                                           │   │ recv(3, 4) = 4 "HELL"
          ✗ 2 bytes of #1 lost: The receive call had room for 4 of 6 bytes: the rest of the
            message was thrown away (MSG_TRUNC).
    3.005                                           │   │ recv(3, 64) = -1 EAGAIN

Sent
  #1  client  sendto                6 bytes  "HELLO "

Given to the programs
  server  recv = 4                  4 bytes  #1 "HELL", 2 bytes cut off

Lost
  ✗ #1, 2 bytes                     The receive call had room for 4 of 6 bytes: the rest of the
                                    message was thrown away (MSG_TRUNC).

)");
}

TEST_CASE("narrow, wide, and plain ASCII") {
    for (const auto& lane : {tcp_with_a_loss(), unix_datagrams()})
        for (const std::size_t width : {72U, 80U, 100U, 132U}) {
            const story::Story story(lane);
            check_form(cli::ladder(story, {width, true, 600}), width);
            const std::string plain = cli::ladder(story, {width, false, 600});
            for (const char c : plain) REQUIRE((c == '\n' || (c >= 0x20 && c < 0x7f)));
            check_form(plain, width);
        }
}

TEST_CASE("the lifelines stand below one another in plain ASCII, though its marks are longer") {
    const auto lane = tcp_with_a_loss();
    const std::string text = cli::ladder(story::Story(lane), {100, false, 600});
    CHECK(text.find("again: ") != std::string::npos);
    std::istringstream lines(text.substr(0, text.find("\n\n")));
    std::set<std::size_t> places;  // of the server's lifeline
    for (std::string line; std::getline(lines, line);)
        if (line.find("again: ") != std::string::npos || line.find(" ACK ") != std::string::npos)
            places.insert(line.find_last_of("|:"));
    CHECK(places.size() == 1);
}

TEST_CASE("of several connections each packet names its own") {
    TraceBuilder b("inet/stream");
    for (const std::uint16_t port : {std::uint16_t{40001}, std::uint16_t{40002}})
        b.tcp(Host::client, {100, 0, kSyn, "", 0xffff, -1, port}, 10 * ms, 20 * ms);
    const auto lane = b.take();
    const std::string text = cli::ladder(story::Story(lane), {});
    CHECK(text.find("SYN :40001") != std::string::npos);
    CHECK(text.find("SYN :40002") != std::string::npos);
}

TEST_CASE("a long ladder says what it leaves out") {
    const auto lane = tcp_with_a_loss();
    const std::string text = cli::ladder(story::Story(lane), {100, true, 3});
    CHECK(text.find("events more") != std::string::npos);
}

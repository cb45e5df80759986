// What the story says of each TCP end, and of its queues, against what ss(8) said in both hosts while it ran: at every
// sample the state that ss names is one that the story passes through around that time, and the other way round.
#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/run/scene.hpp"
#include "tests/support/process.hpp"
#include "tests/truth/ss_compare.hpp"

using namespace socketscope;
using model::TimeNs;
using story::Story;

namespace {

struct Seen {
    trace::LaneTrace lane;
    tests::SsSamples at;
};

bool possible(run::Runner& runner) {
    const host::Rung rung = runner.rung().rung;
    if (rung != host::Rung::tun && rung != host::Rung::veth) {
        test::skipped("ss inside the hosts", runner.rung().missing);
        return false;
    }
    return test::have_tool("ss", "ss inside the hosts");
}

Seen watch(const std::string& server, const std::string& client, const model::LinkSpec& link,
           const std::string& rule = "", const std::map<std::string, std::string>& sysctl = {}) {
    run::Runner runner;
    Seen seen;
    if (!possible(runner)) return seen;
    const test::TempFolder folder;
    auto scenario = tests::scene({"inet/stream"}, {{"server", server}, {"client", client}});
    scenario.timeout_ns = 60 * model::kSecond;
    scenario.lanes[0].link = link;
    scenario.sysctl = sysctl;
    if (!rule.empty())
        scenario.lanes[0].link.rules.push_back(
            {model::RuleAction::drop, model::PacketClass::any, 0, model::Host::server, 0, rule});
    run::Options options;
    options.beside = tests::ss_beside(folder.path() + "/{host}.txt");
    seen.lane = runner.run(scenario, options).lanes.at(0);
    REQUIRE(seen.lane.refused == "");
    CHECK(tests::complaints(seen.lane) == "");
    seen.at[0] = tests::ss_samples(folder.file("client.txt"));
    seen.at[1] = tests::ss_samples(folder.file("server.txt"));
    return seen;
}

model::LinkSpec delay(TimeNs one_way) {
    model::LinkSpec link;
    link.delay_ns = one_way;
    return link;
}

std::set<std::string> compare(const Seen& seen) {
    return tests::compare_with_ss(Story(seen.lane), seen.at);
}

bool was_run(const Seen& seen) {
    return !seen.lane.endpoints.empty();
}

}  // namespace

TEST_CASE("a whole life: handshake, half-close, TIME_WAIT beyond close()") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
sleep(500ms)
recv(a, 4)                                -> "HELL"
sleep(500ms)
until eof: recv(a, 64)
send(a, "still here")                     -> 10
sleep(500ms)
close(a)
sleep(600ms)
close(s)
sleep(400ms)
)",
                            R"(
c = socket()
wait(server.listening)
connect(c, server)                        -> 0
send(c, "HELLO")                          -> 5
wait(server.recv 1)
sleep(600ms)
shutdown(c, SHUT_WR)
recv(c, 4)                                -> "stil"
wait(server.close 1)
sleep(200ms)
close(c)
sleep(400ms)
)",
                            delay(2 * model::kMillisecond));
    if (!was_run(seen)) return;
    const auto found = compare(seen);
    for (const char* state : {"LISTEN", "ESTABLISHED", "FIN_WAIT_2", "CLOSE_WAIT", "TIME_WAIT"}) {
        CAPTURE(state);
        CHECK(found.contains(state));
    }
}

TEST_CASE("both open at once, and both close at once") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
wait(client.bound)
connect(s, client)                        -> 0
wait(client.connected)
sleep(500ms)
close(s)
sleep(1500ms)
)",
                            R"(
c = socket()
bind(c, client)
wait(server.bound)
connect(c, server)                        -> 0
wait(server.connected)
sleep(500ms)
close(c)
sleep(1500ms)
)",
                            delay(400 * model::kMillisecond));
    if (!was_run(seen)) return;
    const auto found = compare(seen);
    for (const char* state : {"SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "CLOSING", "TIME_WAIT"}) {
        CAPTURE(state);
        CHECK(found.contains(state));
    }
}

TEST_CASE("no answer, given up; and a close() while it is being made") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
listen(s, 1)
wait(client.done)
)",
                            R"(
c = socket()
wait(server.listening)
setsockopt(c, IPPROTO_TCP, TCP_SYNCNT, 1)
connect(c, server)                        -> ETIMEDOUT
sleep(400ms)
d = socket()
nonblocking(d)
connect(d, server)                        -> EINPROGRESS
sleep(400ms)
close(d)
sleep(400ms)
)",
                            delay(2 * model::kMillisecond), "drop every packet from server");
    if (!was_run(seen)) return;
    CHECK(compare(seen).contains("SYN_SENT"));
}

TEST_CASE("a listener is closed while a connection to it is half open") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
listen(s, 1)
wait(client.connect 1)
sleep(300ms)
close(s)
sleep(1200ms)
)",
                            R"(
c = socket()
nonblocking(c)
wait(server.listening)
connect(c, server)                        -> EINPROGRESS
sleep(200ms)
close(c)
)",
                            delay(2 * model::kMillisecond), "drop every packet from server");
    if (!was_run(seen)) return;
    CHECK(compare(seen).contains("SYN_RCVD"));
}

TEST_CASE("a full backlog: SYN_SENT at one end and nothing at the other, until there is room") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
listen(s, 0)
wait(client.connect 2)
sleep(600ms)
a = accept(s)
b = accept(s)
recv(b, 10)                               -> "second"
sleep(400ms)
)",
                            R"(
c = socket()
d = socket()
wait(server.listening)
connect(c, server)                        -> 0
nonblocking(d)
connect(d, server)                        -> EINPROGRESS
nonblocking(d, 0)
poll(d, POLLOUT, 5s)                      -> POLLOUT
send(d, "second")                         -> 6
wait(server.done)
)",
                            delay(2 * model::kMillisecond));
    if (!was_run(seen)) return;
    CHECK(compare(seen).contains("SYN_SENT"));
}

TEST_CASE("a reader that stops: both queues fill, and a RST empties them") {
    const Seen seen = watch(R"(
s = socket()
setsockopt(s, SOL_SOCKET, SO_RCVBUF, 8000)
bind(s, server)
listen(s, 1)
a = accept(s)
sleep(600ms)
recv(a, 3000, MSG_WAITALL)                -> 3000
sleep(600ms)
close(a)
sleep(400ms)
)",
                            R"(
c = socket()
wait(server.listening)
connect(c, server)
nonblocking(c)
send(c, "x" * 40000)                      -> 1..40000
wait(server.close 1)
sleep(400ms)
)",
                            delay(2 * model::kMillisecond));
    if (!was_run(seen)) return;
    CHECK(compare(seen).contains("ESTABLISHED"));
}

TEST_CASE("the other end never closes: FIN_WAIT_2 goes on without a program for tcp_fin_timeout") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
recv(a, 10)                               -> 0
sleep(2500ms)
)",
                            R"(
c = socket()
wait(server.listening)
connect(c, server)                        -> 0
close(c)
wait(server.done)
)",
                            delay(2 * model::kMillisecond), "", {{"net.ipv4.tcp_fin_timeout", "1"}});
    if (!was_run(seen)) return;
    CHECK(compare(seen).contains("FIN_WAIT_2"));
    const Story story(seen.lane);
    REQUIRE(story.sockets().size() == 3);
    const auto& states = story.sockets()[1].states;
    CHECK(std::any_of(states.begin() + 1, states.end(),
                      [](const auto& change) { return change.state == "CLOSED"; }));
}

TEST_CASE("bytes with the SYN are in the receive queue before the handshake is over") {
    const Seen seen = watch(R"(
s = socket()
bind(s, server)
setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN, 5)
setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1)
listen(s, 1)
a = accept(s)
sleep(400ms)
recv(a, 10)                               -> "HELLO"
sleep(400ms)
close(a)
)",
                            R"(
c = socket()
setsockopt(c, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1)
wait(server.listening)
sendto(c, "HELLO", MSG_FASTOPEN, server)  -> 5
wait(server.done)
)",
                            delay(300 * model::kMillisecond), "", {{"net.ipv4.tcp_fastopen", "3"}});
    if (!was_run(seen)) return;
    const auto found = compare(seen);
    CHECK(found.contains("SYN_SENT"));
    CHECK(found.contains("SYN_RCVD"));
    CHECK(found.contains("ESTABLISHED"));
}

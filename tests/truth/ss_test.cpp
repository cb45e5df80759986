// What the story says of each TCP end, and of its queues, against what ss(8) said in both hosts while it ran: at every
// sample the state that ss names is one that the story passes through around that time, and the other way round.
#include <time.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/run/scene.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;
using model::TimeNs;
using story::kNone;
using story::Story;

namespace {

// The wire reads a packet some time after its kernel sent it, more so on a busy machine; ss takes time too.
constexpr TimeNs kTolerance = 150 * model::kMillisecond;

struct Row {
    std::string state, local, remote;
    std::uint64_t receive_queue{0}, send_queue{0};
};
struct Sample {
    TimeNs before_ns{0}, after_ns{0};  // on the trace's clock
    std::vector<Row> rows;
};

TimeNs clock_ns(clockid_t id) {
    timespec now{};
    ::clock_gettime(id, &now);
    return now.tv_sec * model::kSecond + now.tv_nsec;
}

// As the story writes it.
std::string rfc_name(const std::string& ss_state) {
    static const std::map<std::string, std::string> kNames = {
        {"LISTEN", "LISTEN"},         {"SYN-SENT", "SYN_SENT"},     {"SYN-RECV", "SYN_RCVD"},
        {"ESTAB", "ESTABLISHED"},     {"FIN-WAIT-1", "FIN_WAIT_1"}, {"FIN-WAIT-2", "FIN_WAIT_2"},
        {"CLOSE-WAIT", "CLOSE_WAIT"}, {"CLOSING", "CLOSING"},       {"LAST-ACK", "LAST_ACK"},
        {"TIME-WAIT", "TIME_WAIT"},   {"UNCONN", "CLOSED"}};
    const auto found = kNames.find(ss_state);
    return found == kNames.end() ? "?" + ss_state : found->second;
}

// Lines of the loop below: "T 1700000000123456789", rows of ss, "E …" and again.
std::vector<Sample> samples_of(const std::string& file) {
    const TimeNs ahead_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
    std::vector<Sample> samples;
    std::istringstream lines(test::read_file(file));
    Sample sample;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (first == "T") {
            sample = {};
            words >> sample.before_ns;
            sample.before_ns -= ahead_ns;
        } else if (first == "E") {
            words >> sample.after_ns;
            sample.after_ns -= ahead_ns;
            if (sample.before_ns != 0) samples.push_back(sample);
        } else if (!first.empty()) {
            Row row;
            row.state = rfc_name(first);
            words >> row.receive_queue >> row.send_queue >> row.local >> row.remote;
            sample.rows.push_back(row);
        }
    }
    return samples;
}

struct Seen {
    trace::LaneTrace lane;
    std::vector<Sample> at[2];  // client, server
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
    options.beside = "while :; do date +'T %s%N'; ss -tanH; date +'E %s%N'; sleep 0.02; done > '" +
                     folder.path() + "/{host}.txt' 2>/dev/null";
    seen.lane = runner.run(scenario, options).lanes.at(0);
    REQUIRE(seen.lane.refused == "");
    CHECK(tests::complaints(seen.lane) == "");
    seen.at[0] = samples_of(folder.file("client.txt"));
    seen.at[1] = samples_of(folder.file("server.txt"));
    return seen;
}

// Times at which something happened between the two, and both.
std::vector<TimeNs> moments(const Story& story, TimeNs begin_ns, TimeNs end_ns) {
    std::vector<TimeNs> times{begin_ns};
    for (const story::Event& event : story.events())
        if (event.at_ns > begin_ns && event.at_ns < end_ns) times.push_back(event.at_ns);
    times.push_back(end_ns);
    return times;
}

std::set<std::string> states_around(const Story& story, std::uint32_t socket, TimeNs begin_ns,
                                    TimeNs end_ns) {
    std::set<std::string> states;
    const auto* before = story.state_at(socket, begin_ns);
    states.insert(before == nullptr ? "none" : before->state);
    for (const auto& change : story.sockets()[socket].states)
        if (change.at_ns > begin_ns && change.at_ns <= end_ns) states.insert(change.state);
    return states;
}

bool of_host(const Story& story, std::uint32_t socket, int host) {
    const std::uint8_t endpoint = story.sockets()[socket].endpoint;
    return static_cast<int>(story.trace().endpoints[endpoint].host) == host;
}

bool same_ends(const story::Socket& socket, const Row& row) {
    return socket.local == row.local &&
           (row.state == "LISTEN" ? socket.listening : socket.remote == row.remote);
}

// ss counts a FIN as one byte of a queue, and of the receive queue what is in order only (tcp_diag.c).
bool queues_agree(const Story& story, std::uint32_t socket, const Row& row, TimeNs begin_ns, TimeNs end_ns) {
    bool receive = false, send = false;
    for (const TimeNs t : moments(story, begin_ns, end_ns)) {
        const auto came = story.receive_queue_at(socket, t);
        const std::uint64_t in_order = came.bytes - came.held_bytes,
                            out = story.send_queue_at(socket, t).bytes;
        receive = receive || row.receive_queue == in_order || row.receive_queue == in_order + 1;
        send = send || row.send_queue == out || row.send_queue == out + 1;
    }
    return receive && send;
}

// ss lists a half-open connection until its timer runs out, though its listener is closed (reqsk_timer_handler() in
// inet_connection_sock.c). To the story it is closed at once: nothing can come of it.
bool listener_closed(const Story& story, std::uint32_t socket, const Row& row, TimeNs now_ns) {
    const story::Socket& half_open = story.sockets()[socket];
    return row.state == "SYN_RCVD" && half_open.opened_ns == model::kNever &&
           half_open.closed_ns != model::kNever && half_open.closed_ns < now_ns;
}

// Every row of ss is a socket of the story in that state, with these queues.
void check_rows(const Story& story, int host, const Sample& sample, std::set<std::string>& found) {
    const TimeNs begin_ns = sample.before_ns - kTolerance, end_ns = sample.after_ns + kTolerance;
    for (const Row& row : sample.rows) {
        CAPTURE(host);
        CAPTURE((sample.before_ns - story.begin_ns()) / model::kMillisecond);
        CAPTURE(row.state);
        CAPTURE(row.local);
        CAPTURE(row.remote);
        CAPTURE(row.receive_queue);
        CAPTURE(row.send_queue);
        bool known = false, agrees = false, queues = false;
        for (std::uint32_t s = 0; s < story.sockets().size(); ++s) {
            if (!of_host(story, s, host) || !same_ends(story.sockets()[s], row)) continue;
            known = true;
            if (!states_around(story, s, begin_ns, end_ns).contains(row.state) &&
                !listener_closed(story, s, row, end_ns))
                continue;
            agrees = true;
            const bool has_queues = row.state == "ESTABLISHED" || row.state == "CLOSE_WAIT" ||
                                    row.state == "FIN_WAIT_1" || row.state == "FIN_WAIT_2";
            queues = queues || !has_queues || !story.open_at(s, sample.before_ns) ||
                     queues_agree(story, s, row, begin_ns, end_ns);
        }
        CHECK(known);
        CHECK(agrees);
        CHECK(queues);
        found.insert(row.state);
    }
}

// What the story knows to be in one state all the time around the sample, ss lists too.
void check_sockets(const Story& story, int host, const Sample& sample) {
    const TimeNs begin_ns = sample.before_ns - kTolerance, end_ns = sample.after_ns + kTolerance;
    for (std::uint32_t s = 0; s < story.sockets().size(); ++s) {
        const auto states = states_around(story, s, begin_ns, end_ns);
        if (!of_host(story, s, host) || states.size() != 1) continue;
        if (states.contains("none") || states.contains("CLOSED")) continue;
        CAPTURE(host);
        CAPTURE((sample.before_ns - story.begin_ns()) / model::kMillisecond);
        CAPTURE(story.sockets()[s].local);
        CAPTURE(story.sockets()[s].remote);
        CAPTURE(*states.begin());
        CHECK(std::any_of(sample.rows.begin(), sample.rows.end(),
                          [&](const Row& row) { return same_ends(story.sockets()[s], row); }));
    }
}

// The states that ss has named in either host.
std::set<std::string> compare(const Seen& seen) {
    const Story story(seen.lane);
    std::set<std::string> found;
    for (int host = 0; host < 2; ++host) {
        CHECK(seen.at[host].size() > 5);
        for (const Sample& sample : seen.at[host]) {
            if (sample.before_ns < seen.lane.start_ns || sample.after_ns > seen.lane.end_ns) continue;
            check_rows(story, host, sample, found);
            check_sockets(story, host, sample);
        }
    }
    return found;
}

model::LinkSpec delay(TimeNs one_way) {
    model::LinkSpec link;
    link.delay_ns = one_way;
    return link;
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

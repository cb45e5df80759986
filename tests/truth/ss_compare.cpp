#include "tests/truth/ss_compare.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace socketscope::tests {

using model::TimeNs;
using story::Story;

namespace {

// The wire reads a packet some time after its kernel sent it, more so on a busy machine; ss takes time too.
constexpr TimeNs kTolerance = 150 * model::kMillisecond;

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

bool same_ends(const story::Socket& socket, const SsRow& row) {
    return socket.local == row.local &&
           (row.state == "LISTEN" ? socket.listening : socket.remote == row.remote);
}

// ss counts a FIN as one byte of a queue, and of the receive queue what is in order only (tcp_diag.c).
bool queues_agree(const Story& story, std::uint32_t socket, const SsRow& row, TimeNs begin_ns,
                  TimeNs end_ns) {
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
bool listener_closed(const Story& story, std::uint32_t socket, const SsRow& row, TimeNs now_ns) {
    const story::Socket& half_open = story.sockets()[socket];
    return row.state == "SYN_RCVD" && half_open.opened_ns == model::kNever &&
           half_open.closed_ns != model::kNever && half_open.closed_ns < now_ns;
}

// Every row of ss is a socket of the story in that state, with these queues.
void check_rows(const Story& story, int host, const SsSample& sample, std::set<std::string>& found) {
    const TimeNs begin_ns = sample.before_ns - kTolerance, end_ns = sample.after_ns + kTolerance;
    for (const SsRow& row : sample.rows) {
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
void check_sockets(const Story& story, int host, const SsSample& sample) {
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
                          [&](const SsRow& row) { return same_ends(story.sockets()[s], row); }));
    }
}

}  // namespace

std::set<std::string> compare_with_ss(const Story& story, const SsSamples& at) {
    std::set<std::string> found;
    for (int host = 0; host < 2; ++host) {
        CHECK(at[host].size() > 5);
        for (const SsSample& sample : at[host]) {
            if (sample.before_ns < story.trace().start_ns || sample.after_ns > story.trace().end_ns) continue;
            check_rows(story, host, sample, found);
            check_sockets(story, host, sample);
        }
    }
    return found;
}

}  // namespace socketscope::tests

// Connections that no packet shows: AF_UNIX streams and seqpackets, and TCP where the wire recorded nothing.
// The nth successful connect() to a listener is the nth accept() from it: the backlog is first in, first out
// (listen(2)).
#include <algorithm>
#include <map>

#include "core/story/build.hpp"
#include "core/story/control.hpp"
#include "core/story/numbers.hpp"
#include "core/story/tcp_calls.hpp"

namespace socketscope::story {
namespace {

using model::Call;
using model::RefKind;

bool pairs(Transport transport) {
    return transport == Transport::unix_stream || transport == Transport::unix_seqpacket ||
           transport == Transport::tcp;
}

// The listener that a connect() to this name reached: the one bound to it last and not yet closed.
std::uint32_t listener_at(const Facts& facts, const Name& name, TimeNs enter_ns, TimeNs exit_ns) {
    std::uint32_t best = kNone;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        if (!facts.sockets[s].listening || known.bound_ns == model::kNever || known.bound_ns > exit_ns)
            continue;
        if (or_forever(facts.sockets[s].closed_ns) < enter_ns) continue;
        const bool any =
            any_host(known.local.ip) && known.local.ip.port == name.ip.port && name.ip.version != 0;
        if (!any && known.local != name) continue;
        if (best == kNone || known.bound_ns > facts.socket_facts[best].bound_ns) best = s;
    }
    return best;
}

struct Backlog {
    std::vector<std::uint32_t> connects;  // calls, in the order in which they returned
    std::vector<std::uint32_t> accepted;  // sockets, in the order in which accept() returned
};

// Sockets whose connection the packets have told, even if it never came about.
std::vector<bool> seen_on_the_wire(const Facts& facts) {
    std::vector<bool> seen(facts.sockets.size(), false);
    for (const Connection& connection : facts.connections)
        for (const ConnectionEnd& end : connection.end)
            if (end.socket != kNone) seen[end.socket] = true;
    return seen;
}

std::map<std::uint32_t, Backlog> backlogs(const Facts& facts) {
    const std::vector<bool> seen = seen_on_the_wire(facts);
    std::map<std::uint32_t, Backlog> found;
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        const model::CallRecord& call = facts.call(i);
        const std::uint32_t socket = facts.call_socket[i];
        if (socket == kNone || call.exit_ns == model::kNever || !opens_connection(facts, call)) continue;
        const SocketFacts& known = facts.socket_facts[socket];
        if (!pairs(known.transport) || known.out_stream != kNone || seen[socket]) continue;
        if (call.result < 0 && call.error != kEInProgress) continue;
        const Name name = parse_name(address_of(*facts.trace, call));
        const std::uint32_t listener = listener_at(facts, name, call.enter_ns, call.exit_ns);
        if (listener != kNone) found[listener].connects.push_back(i);
    }
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const std::uint32_t maker = facts.sockets[s].made_by;
        if (maker == kNone || facts.call(maker).call != Call::accept || facts.sockets[s].listener == kNone)
            continue;
        if (facts.socket_facts[s].out_stream == kNone && !seen[s])
            found[facts.sockets[s].listener].accepted.push_back(s);
    }
    for (auto& [listener, backlog] : found) {
        std::stable_sort(
            backlog.connects.begin(), backlog.connects.end(),
            [&](std::uint32_t a, std::uint32_t b) { return facts.call(a).exit_ns < facts.call(b).exit_ns; });
        std::stable_sort(backlog.accepted.begin(), backlog.accepted.end(),
                         [&](std::uint32_t a, std::uint32_t b) {
                             return facts.sockets[a].opened_ns < facts.sockets[b].opened_ns;
                         });
    }
    return found;
}

// The connect() that an accepted socket belongs to: by its peer's port where that is known, else the first in line.
std::size_t match(const Facts& facts, const std::vector<std::uint32_t>& connects, std::uint32_t accepted) {
    const Name peer =
        facts.socket_facts[accepted].remotes.empty() ? Name{} : facts.socket_facts[accepted].remotes[0].name;
    if (peer.ip.port != 0 || !peer.path.empty())
        for (std::size_t i = 0; i < connects.size(); ++i)
            if (facts.socket_facts[facts.call_socket[connects[i]]].local == peer) return i;
    for (std::size_t i = 0; i < connects.size(); ++i) {
        const Name& local = facts.socket_facts[facts.call_socket[connects[i]]].local;
        const bool fits = peer.empty() || local.empty() || local.ip.port == 0 || local == peer;
        if (fits && facts.call(connects[i]).enter_ns <= facts.sockets[accepted].opened_ns) return i;
    }
    return connects.size();
}

// A TCP connection without packets: what the calls let us say about the states (inferred; RFC 9293 §3.3.2).
void tcp_states(Facts& facts, const EndCalls& calls, std::uint32_t client, std::uint32_t server,
                std::uint32_t connect_call) {
    const std::uint32_t sockets[2] = {client, server};
    const auto say = [&](int end, TimeNs at_ns, const char* state, std::uint32_t call) {
        add_state(facts, sockets[end], {at_ns, state, Evidence::inferred, {RefKind::call, 0, call, 0}});
    };
    const TimeNs connected_ns = facts.call(connect_call).exit_ns;
    for (int end = 0; end < 2; ++end) say(end, connected_ns, "ESTABLISHED", connect_call);
    int first = -1;  // the end that ended its side first
    for (const EndCall& event : calls.of(client, server, connected_ns)) {
        const int peer = 1 - event.end;
        const bool resets =
            event.what == EndCall::What::closes && facts.socket_facts[sockets[event.end]].resets_on_close;
        if (resets || event.what == EndCall::What::fails) {
            for (int end = 0; end < 2; ++end) say(end, event.at_ns, "CLOSED", event.call);
            return;
        }
        if (event.end == first) continue;
        if (first < 0) {
            first = event.end;
            say(event.end, event.at_ns, "FIN_WAIT_2", event.call);
            say(peer, event.at_ns, "CLOSE_WAIT", event.call);
        } else {
            say(event.end, event.at_ns, "CLOSED", event.call);
            say(peer, event.at_ns, "TIME_WAIT", event.call);
            return;
        }
    }
}

std::uint32_t never_accepted(Facts& facts, std::uint32_t listener) {
    Socket socket;
    socket.kind = facts.sockets[listener].kind;
    socket.endpoint = facts.sockets[listener].endpoint;
    socket.opened_ns = model::kNever;
    socket.closed_ns = facts.sockets[listener].closed_ns;
    socket.listener = listener;
    SocketFacts known;
    known.transport = facts.socket_facts[listener].transport;
    known.host = facts.socket_facts[listener].host;
    facts.sockets.push_back(std::move(socket));
    facts.socket_facts.push_back(std::move(known));
    return static_cast<std::uint32_t>(facts.sockets.size() - 1);
}

// accept() tells the name or port of a peer that did not choose one: the kernel did (autobind, unix(7), ip(7)).
void learn_name(Facts& facts, std::uint32_t client, std::uint32_t server) {
    SocketFacts& known = facts.socket_facts[client];
    if (!known.local.empty() || facts.socket_facts[server].remotes.empty()) return;
    known.local = facts.socket_facts[server].remotes.front().name;
    facts.sockets[client].local = known.local.text();
}

void join(Facts& facts, std::uint32_t client, std::uint32_t server) {
    facts.sockets[client].peer = server;
    facts.sockets[server].peer = client;
    learn_name(facts, client, server);
    if (facts.socket_facts[client].transport == Transport::unix_seqpacket) return;  // records: see unix.cpp
    add_stream(facts, client, server);
    add_stream(facts, server, client);
}

// The connection was there as soon as connect() returned, before accept() gave it a descriptor.
void begin_connected(Socket& accepted, std::uint32_t connect_call) {
    const StateChange connected{
        accepted.exists_ns, "connected", Evidence::inferred, {RefKind::call, 0, connect_call, 0}};
    if (accepted.states.empty())
        accepted.states.push_back(connected);
    else
        accepted.states.front() = connected;
}

// A TCP socket that connects to its own address is connected with itself: both ends open at once (RFC 9293 §3.5).
void pair_with_itself(Facts& facts) {
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        const model::CallRecord& call = facts.call(i);
        const std::uint32_t socket = facts.call_socket[i];
        if (call.call != Call::connect || call.result != 0 || socket == kNone) continue;
        const SocketFacts& known = facts.socket_facts[socket];
        if (known.transport != Transport::tcp || known.out_stream != kNone || call.exit_ns == model::kNever)
            continue;
        if (known.local.empty() || parse_name(address_of(*facts.trace, call)) != known.local) continue;
        facts.sockets[socket].peer = socket;
        add_stream(facts, socket, socket);
        add_state(facts, socket, {call.exit_ns, "ESTABLISHED", Evidence::inferred, {RefKind::call, 0, i, 0}});
    }
}

}  // namespace

void build_pairs(Facts& facts) {
    const EndCalls calls(facts);
    for (auto& [listener, backlog] : backlogs(facts)) {
        std::vector<std::uint32_t> connects = backlog.connects;
        const auto pair = [&](std::size_t which, std::uint32_t server) {
            const std::uint32_t call = connects[which];
            connects.erase(connects.begin() + static_cast<std::ptrdiff_t>(which));
            const std::uint32_t client = facts.call_socket[call];
            Socket& accepted = facts.sockets[server];
            accepted.exists_ns = accepted.opened_ns == model::kNever
                                     ? facts.call(call).exit_ns
                                     : std::min(facts.call(call).exit_ns, accepted.opened_ns);
            if (facts.socket_facts[server].transport != Transport::tcp) begin_connected(accepted, call);
            join(facts, client, server);
            if (facts.socket_facts[client].transport == Transport::tcp)
                tcp_states(facts, calls, client, server, call);
        };
        for (const std::uint32_t server : backlog.accepted)
            if (const std::size_t which = match(facts, connects, server); which < connects.size())
                pair(which, server);
        while (!connects.empty()) pair(0, never_accepted(facts, listener));
    }
    pair_with_itself(facts);
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {  // socketpair()
        const std::uint32_t peer = facts.sockets[s].peer;
        if (peer == kNone || peer < s || facts.socket_facts[s].transport != Transport::unix_stream) continue;
        if (facts.socket_facts[s].out_stream == kNone && facts.socket_facts[peer].out_stream == kNone)
            join(facts, s, peer);
    }
    for (Stream& stream : facts.streams)
        if (!stream.wired) read_stream(facts, stream);
}

}  // namespace socketscope::story

#include "core/story/connections.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "core/story/build.hpp"
#include "core/story/control.hpp"

namespace socketscope::story {
namespace {

using model::Call;
using packet::Address;

struct FlowKey {
    Address low, high;  // the two ends in an order of their own, so that both directions meet
    bool operator==(const FlowKey&) const = default;
};
int compare(const Address& a, const Address& b) {
    if (const int order = std::memcmp(a.bytes, b.bytes, sizeof a.bytes); order != 0) return order;
    return a.version != b.version ? a.version - b.version : a.port - b.port;
}
FlowKey key_of(const packet::Headers& headers) {
    return compare(headers.from, headers.to) < 0 ? FlowKey{headers.from, headers.to}
                                                 : FlowKey{headers.to, headers.from};
}
struct FlowHash {
    static std::size_t one(const Address& address) {
        std::uint64_t high = 0, low = 0;
        std::memcpy(&high, address.bytes, 8);
        std::memcpy(&low, address.bytes + 8, 8);
        return static_cast<std::size_t>((high * 0x9e3779b97f4a7c15ULL ^ low) * 0x9e3779b97f4a7c15ULL +
                                        address.port);
    }
    std::size_t operator()(const FlowKey& key) const { return one(key.low) * 31 + one(key.high); }
};

bool is_syn(const packet::Headers& headers) {
    return (headers.tcp_flags & (packet::kSyn | packet::kAck | packet::kRst)) == packet::kSyn;
}

// The same addresses and ports, used again: a SYN with another initial sequence number.
bool begins_anew(const Connection& connection, const packet::Headers& headers) {
    if (!is_syn(headers)) return false;
    const ConnectionEnd& opener = connection.end[0];
    return !opener.isn_known || opener.address != headers.from || opener.isn != headers.seq;
}

// The listening socket that a SYN to this address reached.
std::uint32_t listener_of(const Facts& facts, const ConnectionEnd& end, TimeNs at_ns) {
    std::uint32_t best = kNone;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        const Socket& socket = facts.sockets[s];
        if (!socket.listening || known.transport != Transport::tcp || known.host != end.host) continue;
        if (known.local.ip.port != end.address.port || or_forever(socket.closed_ns) < at_ns) continue;
        if (socket.opened_ns > at_ns) continue;
        if (!any_host(known.local.ip) && known.local.ip.version != 0 &&
            !same_host(known.local.ip, end.address))
            continue;
        best = s;
    }
    return best;
}

void set_addresses(Facts& facts, Connection& connection, int end, std::uint32_t socket) {
    SocketFacts& known = facts.socket_facts[socket];
    connection.end[end].socket = socket;
    known.local.ip = connection.end[end].address;
    facts.sockets[socket].local = known.local.text();
    facts.sockets[socket].remote = connection.end[1 - end].address.to_string();
}

// connect() calls on TCP sockets that have no connection yet, by the address they ask for.
class Connects {
public:
    explicit Connects(const Facts& facts) : facts_(facts) {
        for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
            const model::CallRecord& call = facts.call(i);
            const std::uint32_t socket = facts.call_socket[i];
            if (call.call != Call::connect || socket == kNone) continue;
            if (facts.socket_facts[socket].transport != Transport::tcp) continue;
            const Name peer = parse_name(address_of(*facts.trace, call));
            if (peer.ip.version != 0) waiting_[peer.text()].push_back(i);
        }
    }

    // The call whose SYN this is: made before it, by a socket of that host, from that port if the port is known; of
    // several the one that the SYN falls into.
    std::uint32_t take(const ConnectionEnd& opener, const std::string& to, TimeNs syn_ns) {
        const auto found = waiting_.find(to);
        if (found == waiting_.end()) return kNone;
        auto& calls = found->second;
        auto best = calls.end();
        for (auto it = calls.begin(); it != calls.end() && facts_.call(*it).enter_ns <= syn_ns; ++it) {
            const SocketFacts& known = facts_.socket_facts[facts_.call_socket[*it]];
            if (known.host != opener.host) continue;
            const std::uint16_t port = known.local.ip.port;
            if (port != 0 && port != opener.address.port) continue;
            const bool exact = port != 0, inside = exit_or_forever(facts_.call(*it)) >= syn_ns;
            if (exact || inside || best == calls.end()) best = it;
            if (exact || inside) break;
        }
        if (best == calls.end()) return kNone;
        const std::uint32_t call = *best;
        calls.erase(best);
        return facts_.call_socket[call];
    }

private:
    const Facts& facts_;
    std::map<std::string, std::vector<std::uint32_t>> waiting_;
};

// Accepted sockets by the address of their peer, in the order in which accept() returned them.
std::map<std::string, std::vector<std::uint32_t>> accepted_by_peer(const Facts& facts) {
    std::map<std::string, std::vector<std::uint32_t>> accepted;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const std::uint32_t maker = facts.sockets[s].made_by;
        if (maker == kNone || facts.call(maker).call != Call::accept) continue;
        if (facts.socket_facts[s].transport == Transport::tcp) accepted[facts.sockets[s].remote].push_back(s);
    }
    return accepted;
}

std::uint32_t never_accepted(Facts& facts, std::uint32_t listener) {
    Socket socket;
    socket.kind = facts.sockets[listener].kind;
    socket.endpoint = facts.sockets[listener].endpoint;
    socket.opened_ns = model::kNever;
    socket.closed_ns = facts.sockets[listener].closed_ns;  // goes with its listener
    SocketFacts known;
    known.transport = Transport::tcp;
    known.host = facts.socket_facts[listener].host;
    facts.sockets.push_back(std::move(socket));
    facts.socket_facts.push_back(std::move(known));
    return static_cast<std::uint32_t>(facts.sockets.size() - 1);
}

bool answered(const Facts& facts, const Connection& connection) {
    return std::any_of(connection.packets.begin(), connection.packets.end(), [&](std::uint32_t p) {
        constexpr std::uint8_t kSynAck = packet::kSyn | packet::kAck;
        return (facts.packets[p].tcp_flags & kSynAck) == kSynAck;
    });
}

// When the first SYN reached the other host.
TimeNs reached(const Facts& facts, const Connection& connection) {
    for (const std::uint32_t p : connection.packets) {
        const model::PacketRecord& record = facts.record(p);
        if (record.verdict == model::Verdict::delivered && record.from == connection.end[0].host)
            return record.delivered_ns;
    }
    return facts.record(connection.packets.front()).sent_ns;
}

}  // namespace

void find_connections(Facts& facts) {
    std::unordered_map<FlowKey, std::uint32_t, FlowHash> latest;
    for (const std::uint32_t p : facts.flight_order) {
        if (facts.packets[p].protocol != 6 || facts.packets[p].role == PacketRole::fragment) continue;
        const auto headers =
            packet::decode(facts.trace->bytes(facts.record(p).bytes), packet::Checksums::skip);
        if (headers.from.version == 0 || headers.to.version == 0) continue;
        auto [entry, fresh] = latest.try_emplace(key_of(headers), 0U);
        if (fresh || begins_anew(facts.connections[entry->second], headers)) {
            entry->second = static_cast<std::uint32_t>(facts.connections.size());
            Connection connection;
            connection.end[0].host = facts.record(p).from;
            connection.end[1].host = model::other(facts.record(p).from);
            connection.end[0].address = headers.from;
            connection.end[1].address = headers.to;
            if (is_syn(headers)) {
                connection.end[0].isn = headers.seq;
                connection.end[0].isn_known = true;
            }
            facts.connections.push_back(std::move(connection));
        }
        facts.connections[entry->second].packets.push_back(p);
        facts.packet_connection[p] = entry->second;
    }
}

void assign_sockets(Facts& facts) {
    Connects connects(facts);
    auto accepted = accepted_by_peer(facts);
    for (Connection& connection : facts.connections) {
        const TimeNs syn_ns = facts.record(connection.packets.front()).sent_ns;
        const std::uint32_t client =
            connects.take(connection.end[0], connection.end[1].address.to_string(), syn_ns);
        if (client != kNone) set_addresses(facts, connection, 0, client);
        if (!answered(facts, connection)) continue;
        auto& candidates = accepted[connection.end[0].address.to_string()];
        const auto taken = std::find_if(candidates.begin(), candidates.end(), [&](std::uint32_t s) {
            return facts.sockets[s].opened_ns >= syn_ns &&
                   facts.socket_facts[s].host == connection.end[1].host;
        });
        std::uint32_t server = kNone;
        const std::uint32_t listener = listener_of(facts, connection.end[1], reached(facts, connection));
        if (taken != candidates.end()) {
            server = *taken;
            candidates.erase(taken);
        } else if (listener != kNone) {
            server = never_accepted(facts, listener);
        }
        if (server != kNone) {
            set_addresses(facts, connection, 1, server);
            facts.sockets[server].exists_ns = reached(facts, connection);
            if (facts.sockets[server].listener == kNone) facts.sockets[server].listener = listener;
        }
        if (client == kNone || server == kNone) continue;
        facts.sockets[client].peer = server;
        facts.sockets[server].peer = client;
    }
}

}  // namespace socketscope::story

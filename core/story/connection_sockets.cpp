// Which sockets stand at the ends of a TCP connection: by connect() and accept(), addresses, time and bytes.
#include <algorithm>
#include <map>
#include <tuple>

#include "core/story/build.hpp"
#include "core/story/connections.hpp"
#include "core/story/control.hpp"
#include "core/story/tcp_calls.hpp"

namespace socketscope::story {
namespace {

using model::Call;

// What the packets of a connection say of its beginning, for the end that sent `syn`.
struct Opening {
    TimeNs syn_ns{model::kNever};
    TimeNs agreed_ns{model::kNever};  // the other end's SYN reached it
    std::string sent, received;       // its first bytes, as far as the packets show them
};

// The first bytes that an end sent, up to a gap that no packet fills.
std::string first_bytes(const Facts& facts, const Connection& connection, int end) {
    constexpr std::size_t kEnough = 1024;
    std::string bytes;
    if (!connection.end[end].isn_known) return bytes;
    for (const std::uint32_t p : connection.packets) {
        if (bytes.size() >= kEnough) break;
        if (facts.record(p).from != connection.end[end].host || facts.packets[p].payload_size == 0) continue;
        const std::string_view packet = facts.trace->bytes(facts.record(p).bytes);
        const auto headers = packet::decode(packet, packet::Checksums::skip);
        const std::uint32_t syn = (headers.tcp_flags & packet::kSyn) != 0 ? 1 : 0;
        const std::uint32_t offset = headers.seq + syn - (connection.end[end].isn + 1);
        const std::string_view payload = packet.substr(headers.payload_offset, headers.payload_size);
        if (offset <= bytes.size() && bytes.size() - offset < payload.size())
            bytes += payload.substr(bytes.size() - offset);
    }
    return bytes;
}

Opening opening_of(const Facts& facts, const Connection& connection, int end) {
    Opening opening;
    for (const std::uint32_t p : connection.packets) {
        const model::PacketRecord& record = facts.record(p);
        const bool own = record.from == connection.end[end].host;
        const bool syn = (facts.packets[p].tcp_flags & packet::kSyn) != 0;
        if (own && opening.syn_ns == model::kNever) opening.syn_ns = record.sent_ns;
        if (!own && syn && opening.agreed_ns == model::kNever && record.verdict == model::Verdict::delivered)
            opening.agreed_ns = record.delivered_ns;
    }
    opening.sent = first_bytes(facts, connection, end);
    opening.received = first_bytes(facts, connection, 1 - end);
    return opening;
}

// Whether the calls' bytes and these begin alike, as far as both go.
template <typename Items, typename BytesOf>
bool begins_alike(const Items& items, std::string_view bytes, BytesOf bytes_of_item) {
    for (const std::uint32_t item : items) {
        const std::string_view given = bytes_of_item(item);
        const std::size_t size = std::min(given.size(), bytes.size());
        if (given.substr(0, size) != bytes.substr(0, size)) return false;
        bytes.remove_prefix(size);
        if (bytes.empty()) break;
    }
    return true;
}
// A packet with bytes that the socket never sent is not its own.
bool sent(const Facts& facts, std::uint32_t socket, std::string_view bytes) {
    std::size_t handed = 0;
    for (const std::uint32_t m : facts.socket_facts[socket].sends) handed += facts.messages[m].size;
    return bytes.size() <= handed && begins_alike(facts.socket_facts[socket].sends, bytes,
                                                  [&](std::uint32_t m) { return bytes_of(facts, m); });
}
bool received(const Facts& facts, std::uint32_t socket, std::string_view bytes) {
    return begins_alike(facts.socket_facts[socket].receives, bytes, [&](std::uint32_t r) {
        const Receive& receive = facts.receives[r];
        return receive.peeked ? std::string_view{} : facts.trace->bytes(facts.call(receive.call).data);
    });
}

// connect() calls, and sends that connect (MSG_FASTOPEN), on TCP sockets that have no connection yet, by the address
// that they ask for.
class Connects {
public:
    explicit Connects(const Facts& facts) : facts_(facts) {
        for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
            const model::CallRecord& call = facts.call(i);
            const std::uint32_t socket = facts.call_socket[i];
            if (socket == kNone || !opens_connection(facts, call)) continue;
            if (facts.socket_facts[socket].transport != Transport::tcp) continue;
            const Name peer = parse_name(address_of(*facts.trace, call));
            if (peer.ip.version != 0) waiting_[peer.text()].push_back(i);
        }
    }

    // The socket whose connect() this is. A known local port decides; else what fits best of several at once: its
    // first bytes are those that the programs sent and were given, the SYN falls into the call, which returned when
    // the answer came.
    std::uint32_t take(const Connection& connection, int end) {
        const auto found = waiting_.find(connection.end[1 - end].address.to_string());
        if (found == waiting_.end()) return kNone;
        const Opening opening = opening_of(facts_, connection, end);
        auto& calls = found->second;
        auto best = calls.end();
        Misfit best_misfit{};
        for (auto it = calls.begin(); it != calls.end() && facts_.call(*it).enter_ns <= opening.syn_ns;
             ++it) {
            const SocketFacts& known = facts_.socket_facts[facts_.call_socket[*it]];
            if (known.host != connection.end[end].host) continue;
            const std::uint16_t port = known.local.ip.port;
            if (port != 0 && port != connection.end[end].address.port) continue;
            const Misfit misfit = misfit_of(*it, opening);
            if (best != calls.end() && misfit >= best_misfit) continue;
            best = it;
            best_misfit = misfit;
        }
        if (best == calls.end()) return kNone;
        const std::uint32_t socket = facts_.call_socket[*best];
        calls.erase(best);
        return socket;
    }

private:
    using Misfit = std::tuple<bool, bool, bool, bool, TimeNs>;  // the first that differs decides

    Misfit misfit_of(std::uint32_t index, const Opening& opening) const {
        const model::CallRecord& call = facts_.call(index);
        const std::uint32_t socket = facts_.call_socket[index];
        const TimeNs exit_ns = exit_or_forever(call);
        const bool waits = call.result >= 0 && opening.agreed_ns != model::kNever;
        const TimeNs waited = waits ? exit_ns - opening.agreed_ns : 0;
        return {facts_.socket_facts[socket].local.ip.port == 0, !sent(facts_, socket, opening.sent),
                !received(facts_, socket, opening.received), exit_ns < opening.syn_ns,
                waited < 0 ? -waited : waited};
    }

    const Facts& facts_;
    std::map<std::string, std::vector<std::uint32_t>> waiting_;
};

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

// When the listener's kernel answered the SYN for the first time, and when the connection came into the queue of
// accept(): the first packet of the opener that its last SYN ACK did not answer. kNever: it did not.
struct Answer {
    TimeNs synack_ns{model::kNever}, ready_ns{model::kNever};
};
// When the SYN with bytes arrived that this SYN ACK answers.
TimeNs syn_before(const Facts& facts, const Connection& connection, TimeNs synack_ns) {
    TimeNs at_ns = synack_ns;
    for (const std::uint32_t p : connection.packets) {
        const model::PacketRecord& record = facts.record(p);
        const bool syn = (facts.packets[p].tcp_flags & packet::kSyn) != 0;
        if (syn && record.from == connection.end[0].host && record.verdict == model::Verdict::delivered &&
            facts.packets[p].payload_size > 0)
            at_ns = std::min(at_ns, record.delivered_ns);
    }
    return at_ns;
}

Answer answer_of(const Facts& facts, const Connection& connection) {
    constexpr std::uint8_t kSynAck = packet::kSyn | packet::kAck;
    Answer answer;
    TimeNs last_ns = model::kNever;
    for (const std::uint32_t p : connection.packets) {
        if ((facts.packets[p].tcp_flags & kSynAck) != kSynAck) continue;
        if ((facts.record(p).flags & model::kDuplicate) != 0) continue;
        last_ns = facts.record(p).sent_ns;
        if (answer.synack_ns == model::kNever) answer.synack_ns = last_ns;
        // TCP Fast Open: bytes came with the SYN and were taken. The connection is in the queue before the SYN ACK is
        // sent.
        const auto headers =
            packet::decode(facts.trace->bytes(facts.record(p).bytes), packet::Checksums::skip);
        if (bytes_acknowledged(connection, headers) == 0) continue;
        answer.synack_ns = answer.ready_ns = syn_before(facts, connection, last_ns);
        return answer;
    }
    if (last_ns == model::kNever) return answer;
    for (const std::uint32_t p : connection.packets) {
        const model::PacketRecord& record = facts.record(p);
        const bool acks =
            (facts.packets[p].tcp_flags & (packet::kSyn | packet::kAck | packet::kRst)) == packet::kAck;
        if (record.from != connection.end[0].host || !acks || !facts.packets[p].checksum_ok) continue;
        if (record.verdict != model::Verdict::delivered || record.delivered_ns < last_ns) continue;
        answer.ready_ns = std::min(or_forever(answer.ready_ns), record.delivered_ns);
    }
    return answer;
}

// Sockets that accept() returned, in that order.
class Accepted {
public:
    explicit Accepted(const Facts& facts) : facts_(facts) {
        for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
            const std::uint32_t maker = facts.sockets[s].made_by;
            if (maker == kNone || facts.call(maker).call != Call::accept) continue;
            if (facts.socket_facts[s].transport == Transport::tcp) sockets_.push_back(s);
        }
    }

    // By the address that accept() gave.
    std::uint32_t take(const Connection& connection, const Answer& answer) {
        const std::string peer = connection.end[0].address.to_string();
        return take_if([&](std::uint32_t s) {
            return facts_.sockets[s].remote == peer && facts_.sockets[s].opened_ns >= answer.synack_ns &&
                   facts_.socket_facts[s].host == connection.end[1].host;
        });
    }
    // accept(fd, NULL): the queue of the listener is first in, first out.
    std::uint32_t take_next(std::uint32_t listener, TimeNs ready_ns) {
        return take_if([&](std::uint32_t s) {
            return facts_.sockets[s].remote.empty() && facts_.sockets[s].listener == listener &&
                   facts_.sockets[s].opened_ns >= ready_ns;
        });
    }

private:
    template <typename Fits>
    std::uint32_t take_if(Fits fits) {
        const auto found = std::find_if(sockets_.begin(), sockets_.end(), fits);
        if (found == sockets_.end()) return kNone;
        const std::uint32_t socket = *found;
        sockets_.erase(found);
        return socket;
    }

    const Facts& facts_;
    std::vector<std::uint32_t> sockets_;
};

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

void set_socket(Facts& facts, Connection& connection, int end, std::uint32_t socket) {
    SocketFacts& known = facts.socket_facts[socket];
    connection.end[end].socket = socket;
    known.local.ip = connection.end[end].address;
    facts.sockets[socket].local = known.local.text();
    facts.sockets[socket].remote = connection.end[1 - end].address.to_string();
}

// A connection that a listener answered, while its socket is looked for.
struct Answered {
    Connection* connection;
    Answer answer;
    std::uint32_t listener;
};

void set_accepted(Facts& facts, const Answered& answered, std::uint32_t socket) {
    set_socket(facts, *answered.connection, 1, socket);
    facts.sockets[socket].exists_ns = answered.answer.synack_ns;
    if (facts.sockets[socket].listener == kNone) facts.sockets[socket].listener = answered.listener;
}

bool opens_too(const Facts& facts, const Connection& connection) {
    return std::any_of(connection.packets.begin(), connection.packets.end(), [&](std::uint32_t p) {
        return facts.record(p).from == connection.end[1].host &&
               (facts.packets[p].tcp_flags & (packet::kSyn | packet::kAck)) == packet::kSyn;
    });
}

}  // namespace

void assign_sockets(Facts& facts) {
    Connects connects(facts);
    Accepted accepted(facts);
    std::vector<Answered> without_address;
    for (Connection& connection : facts.connections) {
        if (const std::uint32_t client = connects.take(connection, 0); client != kNone)
            set_socket(facts, connection, 0, client);
        if (opens_too(facts, connection)) {
            if (const std::uint32_t other = connects.take(connection, 1); other != kNone)
                set_socket(facts, connection, 1, other);
            continue;
        }
        Answered answered{&connection, answer_of(facts, connection), kNone};
        if (answered.answer.synack_ns == model::kNever) continue;
        answered.listener = listener_of(facts, connection.end[1], answered.answer.synack_ns);
        if (const std::uint32_t server = accepted.take(connection, answered.answer); server != kNone)
            set_accepted(facts, answered, server);
        else if (answered.listener != kNone)
            without_address.push_back(answered);
    }
    std::stable_sort(without_address.begin(), without_address.end(),
                     [](const Answered& a, const Answered& b) {
                         return or_forever(a.answer.ready_ns) < or_forever(b.answer.ready_ns);
                     });
    for (const Answered& answered : without_address) {
        const std::uint32_t server =
            accepted.take_next(answered.listener, or_forever(answered.answer.ready_ns));
        set_accepted(facts, answered, server != kNone ? server : never_accepted(facts, answered.listener));
    }
    for (const Connection& connection : facts.connections) {
        const std::uint32_t a = connection.end[0].socket, b = connection.end[1].socket;
        if (a == kNone || b == kNone) continue;
        facts.sockets[a].peer = b;
        facts.sockets[b].peer = a;
    }
}

}  // namespace socketscope::story

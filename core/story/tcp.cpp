// TCP on the wire: follows each connection through what was sent, what arrived and what the programs called, and tells
// what is acknowledged, held, in order, lost; and the states of both ends. RFC 9293.
#include <algorithm>
#include <queue>

#include "core/story/build.hpp"
#include "core/story/connections.hpp"
#include "core/story/reassembly.hpp"
#include "core/story/segments.hpp"
#include "core/story/sequence.hpp"
#include "core/story/tcp_calls.hpp"
#include "core/story/tcp_losses.hpp"
#include "core/story/tcp_state.hpp"
#include "core/story/tcp_timers.hpp"

namespace socketscope::story {
namespace {

using model::Ref;
using model::RefKind;
using packet::Headers;

class Follower {
public:
    Follower(Facts& facts, Connection& connection, std::vector<EndCall> calls)
        : facts_(facts),
          connection_(connection),
          calls_(std::move(calls)),
          segments_(facts, connection),
          losses_(facts, connection) {}

    void follow() {
        for (const std::uint32_t p : connection_.packets)
            if (facts_.record(p).verdict == model::Verdict::delivered) delivered_.push_back(p);
        std::stable_sort(delivered_.begin(), delivered_.end(), [&](std::uint32_t a, std::uint32_t b) {
            return facts_.record(a).delivered_ns < facts_.record(b).delivered_ns;
        });
        for (const std::uint32_t p : connection_.packets) look_ahead(p);
        std::size_t sent = 0, arrived = 0, called = 0;
        while (sent < connection_.packets.size() || arrived < delivered_.size() || called < calls_.size()) {
            const TimeNs send_ns = sent < connection_.packets.size()
                                       ? facts_.record(connection_.packets[sent]).sent_ns
                                       : INT64_MAX;
            const TimeNs arrive_ns =
                arrived < delivered_.size() ? facts_.record(delivered_[arrived]).delivered_ns : INT64_MAX;
            const TimeNs call_ns = called < calls_.size() ? calls_[called].at_ns : INT64_MAX;
            expire(std::min({send_ns, arrive_ns, call_ns}));
            if (sent < connection_.packets.size() && send_ns <= arrive_ns && send_ns <= call_ns)
                on_sent(connection_.packets[sent++]);
            else if (arrived < delivered_.size() && arrive_ns <= call_ns)
                on_delivered(delivered_[arrived++]);
            else if (called < calls_.size())
                on_call(calls_[called++]);
            else
                break;
        }
        finish();
    }

private:
    static constexpr TimeNs kNoSynAck = 0;

    // What one end sends, and how far it came; its state.
    struct End {
        Reassembly arrived;                                     // of what it sends, at the other end
        using Waiting = std::pair<std::uint64_t, std::size_t>;  // end, index in Stream::flights
        std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> unacknowledged;
        bool fin_acked{false}, fin_arrived{false};
        TcpState state{TcpState::closed};
        TimeNs last_synack_ns{kNoSynAck};  // of the connection, known from the beginning
        std::uint64_t takes_with_syn{0};   // bytes that its SYN ACK acknowledges
        bool sends_fin{false}, sends_rst{false};
        TimeNs fin_came_ns{0};  // last time that the other end's FIN came
        TimeNs since_ns{0};     // when it came into its state
    };

    Stream* stream(int end) {
        const std::uint32_t index = connection_.end[end].stream;
        return index == kNone ? nullptr : &facts_.streams[index];
    }
    int end_of(std::uint32_t p) const { return facts_.record(p).from == connection_.end[0].host ? 0 : 1; }
    Headers headers_of(std::uint32_t p) const {
        return packet::decode(facts_.trace->bytes(facts_.record(p).bytes), packet::Checksums::skip);
    }
    static Ref packet_ref(std::uint32_t p) { return {RefKind::packet, 0, p, 0}; }

    void look_ahead(std::uint32_t p) {
        constexpr std::uint8_t kSynAck = packet::kSyn | packet::kAck;
        const std::uint8_t flags = facts_.packets[p].tcp_flags;
        End& end = end_[end_of(p)];
        if ((flags & packet::kFin) != 0) end.sends_fin = true;
        if ((flags & packet::kRst) != 0) end.sends_rst = true;
        if ((flags & kSynAck) != kSynAck || (facts_.record(p).flags & model::kDuplicate) != 0) return;
        end.last_synack_ns = facts_.record(p).sent_ns;
        end.takes_with_syn =
            std::max<std::uint64_t>(end.takes_with_syn, bytes_acknowledged(connection_, headers_of(p)));
    }

    void happens(int end, TcpHappening what, TimeNs at_ns, Ref cause) {
        const TcpState before = end_[end].state, after = next(before, what);
        if (after != before) end_[end].since_ns = at_ns;
        end_[end].state = after;
        const std::uint32_t socket = connection_.end[end].socket;
        if (after == before || socket == kNone) return;
        add_state(facts_, socket, {at_ns, std::string(name(after)), Evidence::inferred, cause});
    }

    // --- a packet leaves the host of `end`
    void on_sent(std::uint32_t p) {
        const int end = end_of(p);
        const Headers headers = headers_of(p);
        Packet& packet = facts_.packets[p];
        packet.socket = connection_.end[end].socket;
        packet.to_socket = connection_.end[1 - end].socket;
        segments_.read(p, end, headers);
        if ((facts_.record(p).flags & model::kDuplicate) != 0) return;  // the wire sent it, not this host
        if (packet.stream_end() > packet.stream_begin) {
            if (Stream* out = stream(end)) {
                end_[end].unacknowledged.push({packet.stream_end(), out->flights.size()});
                out->flights.push_back({p, model::kNever});
            }
        }
        const TimeNs at_ns = facts_.record(p).sent_ns;
        if ((headers.tcp_flags & packet::kRst) != 0) {
            happens(end, TcpHappening::sends_rst, at_ns, packet_ref(p));
            end_queues(end, at_ns);
        } else if ((headers.tcp_flags & packet::kSyn) != 0) {
            const bool answers = (headers.tcp_flags & packet::kAck) != 0;
            // With Fast Open the connection was there before the wire read the SYN ACK.
            const bool there = answers && end_[end].takes_with_syn > 0 && packet.socket != kNone;
            happens(end, answers ? TcpHappening::sends_synack : TcpHappening::sends_syn,
                    there ? std::min(at_ns, facts_.sockets[packet.socket].exists_ns) : at_ns, packet_ref(p));
        } else if ((headers.tcp_flags & packet::kFin) != 0) {
            happens(end, TcpHappening::ends_writing, at_ns, packet_ref(p));
        }
    }

    // --- a packet reaches the other host
    void on_delivered(std::uint32_t p) {
        const int from = end_of(p), to = 1 - from;
        const TimeNs at_ns = facts_.record(p).delivered_ns;
        const Packet& packet = facts_.packets[p];
        if (!packet.checksum_ok) {
            losses_.add(p, LossPlace::checksum, at_ns,
                        "The checksum was wrong: the kernel of the receiver dropped it and told nobody.");
            return;
        }
        if ((packet.tcp_flags & packet::kRst) != 0) {
            if (!rst_counts(p, from)) return;
            happens(to, TcpHappening::gets_rst, at_ns, packet_ref(p));
            end_queues(to, at_ns);
            return;
        }
        const bool has_data = packet.stream_end() > packet.stream_begin;
        if ((packet.tcp_flags & packet::kSyn) != 0) {
            const bool answers = (packet.tcp_flags & packet::kAck) != 0;
            happens(to, answers ? TcpHappening::gets_synack : TcpHappening::gets_syn, at_ns, packet_ref(p));
            if (answers) take_ack_of_bytes(p, to, at_ns);
            if (has_data) take_data_of_syn(p, from, at_ns);
            return;
        }
        if ((packet.tcp_flags & packet::kAck) != 0) take_ack(p, to, at_ns);
        if (end_[to].state == TcpState::syn_rcvd) {
            if (has_data)
                losses_.add(
                    p, LossPlace::backlog, at_ns,
                    "The queue of connections that wait for accept() was full: the kernel ignores what comes "
                    "for this one until there is room (listen(2)).");
            return;
        }
        if (has_data) take_data(p, from, at_ns);
        if ((packet.tcp_flags & packet::kFin) != 0) {
            end_[from].fin_arrived = true;
            end_[to].fin_came_ns = at_ns;
        }
        if (end_[from].fin_arrived && end_[from].arrived.front() >= connection_.end[from].fin_offset)
            happens(to, TcpHappening::gets_fin, at_ns, packet_ref(p));
    }

    // A RST counts if it stands exactly where the next byte is expected, or behind the last one that came; else the
    // kernel asks back with an ACK (RFC 5961 §3.2, tcp_input.c). To a SYN: if it acknowledges it (RFC 9293 §3.10.7.3).
    bool rst_counts(std::uint32_t p, int from) const {
        const Headers headers = headers_of(p);
        const int to = 1 - from;
        const End& sender = end_[from];
        if (end_[to].state == TcpState::syn_sent) return segments_.ack_offset(headers, to) == 0;
        const auto front = static_cast<std::int64_t>(sender.arrived.front());
        const bool behind_fin =
            sender.fin_arrived && sender.arrived.front() >= connection_.end[from].fin_offset;
        const std::int64_t at = unwrap(sender.arrived.front(), headers.seq, connection_.end[from].isn);
        return at == front + (behind_fin ? 1 : 0) ||
               at == static_cast<std::int64_t>(sender.arrived.highest());
    }

    void take_ack_of_bytes(std::uint32_t p, int end, TimeNs at_ns) {
        const Packet& packet = facts_.packets[p];
        if (packet.ack_offset <= segments_.acked(end) || packet.ack_offset > segments_.sent(end)) return;
        segments_.acknowledged(end, packet.ack_offset);
        Stream* out = stream(end);
        if (out == nullptr) return;
        raise(out->acked, at_ns, packet.ack_offset);
        auto& waiting = end_[end].unacknowledged;
        for (; !waiting.empty() && waiting.top().first <= packet.ack_offset; waiting.pop())
            out->flights[waiting.top().second].acked_ns = at_ns;
    }

    void take_ack(std::uint32_t p, int end, TimeNs at_ns) {
        // An ACK after which the SYN ACK is sent once more found no room in the queue of accept(): it was ignored.
        // Not if the SYN ACK only met it: the wire reads a packet some time after its kernel sent it.
        constexpr TimeNs kMeet = 5 * model::kMillisecond;
        const bool ignored =
            end_[end].state == TcpState::syn_rcvd && at_ns < end_[end].last_synack_ns - kMeet;
        if (!ignored) happens(end, TcpHappening::gets_ack_of_syn, at_ns, packet_ref(p));
        take_ack_of_bytes(p, end, at_ns);
        if (!segments_.sent_fin(end) || end_[end].fin_acked || !acks_fin(p, end)) return;
        end_[end].fin_acked = true;
        happens(end, TcpHappening::gets_ack_of_fin, at_ns, packet_ref(p));
    }

    bool acks_fin(std::uint32_t p, int end) const {
        const std::int64_t offset = segments_.ack_offset(headers_of(p), end);
        return offset > 0 && static_cast<std::uint64_t>(offset) > connection_.end[end].fin_offset;
    }

    void take_data(std::uint32_t p, int from, TimeNs at_ns) {
        const std::uint32_t receiver = connection_.end[1 - from].socket;
        Stream* in = stream(from);
        if (in == nullptr || receiver == kNone) return;
        const Packet& packet = facts_.packets[p];
        const TimeNs closed_ns = facts_.sockets[receiver].closed_ns;
        if (closed_ns == model::kNever || closed_ns >= at_ns) {
            end_[from].arrived.take(*in, packet.stream_begin, packet.stream_end(), p, at_ns);
            return;
        }
        if (packet.stream_end() <= end_[from].arrived.front()) return;
        losses_.add(p, LossPlace::no_listener, at_ns,
                    "The receiving program had closed its socket: the kernel answers such bytes with RST "
                    "(RFC 9293 §3.5.2).");
    }

    // The SYN ACK tells whether the listener took the bytes that came with the SYN, or the SYN alone (RFC 7413 §4.2).
    void take_data_of_syn(std::uint32_t p, int from, TimeNs at_ns) {
        const End& to = end_[1 - from];
        if (to.last_synack_ns == kNoSynAck) return;  // no answer: the SYN itself is refused or lost
        if (to.takes_with_syn >= facts_.packets[p].stream_end()) return take_data(p, from, at_ns);
        losses_.add(
            p, LossPlace::truncated, at_ns,
            "The listener takes no bytes with a SYN: TCP_FASTOPEN was not set, net.ipv4.tcp_fastopen does "
            "not allow it, or the cookie was missing. The kernel answered the SYN alone, and the bytes are "
            "sent again (tcp(7), RFC 7413 §4.2).");
    }

    // --- a program ends its side, or is told that the connection is no more
    void on_call(const EndCall& event) {
        const Ref cause{RefKind::call, 0, event.call, 0};
        switch (event.what) {
            case EndCall::What::fails:
                happens(event.end, TcpHappening::fails, event.at_ns, cause);
                end_queues(event.end, event.at_ns);
                break;
            case EndCall::What::closes:
                // Bytes that nobody had read, or SO_LINGER 0: it ends with RST, not with FIN.
                if (!end_[event.end].sends_fin && end_[event.end].sends_rst) break;
                [[fallthrough]];
            case EndCall::What::shuts:
                happens(event.end, TcpHappening::ends_writing, event.at_ns, cause);
                break;
        }
    }

    // After a RST nothing is sent any more: the send queue is thrown away.
    void end_queues(int end, TimeNs at_ns) {
        Stream* out = stream(end);
        if (out != nullptr && out->reset_ns == model::kNever) out->reset_ns = at_ns;
    }

    void finish() {
        losses_.tell(delivered_, {&end_[0].arrived, &end_[1].arrived});
        expire(facts_.trace->end_ns);
        for (int end = 0; end < 2; ++end) {
            Stream* s = stream(end);
            if (s == nullptr) continue;
            order_brought(facts_, *s);
            s->open_flights.build(s->flights.size(), [s](std::size_t i) { return s->flights[i].acked_ns; });
            s->open_held.build(s->held.size(), [s](std::size_t i) { return s->held[i].until_ns; });
        }
    }

    void expire(TimeNs now_ns) {
        for (int end = 0; end < 2; ++end) {
            const std::uint32_t socket = connection_.end[end].socket;
            if (socket == kNone) continue;
            const TimeNs at_ns =
                forgotten_ns(facts_, socket, end_[end].state, end_[end].since_ns, end_[end].fin_came_ns);
            if (at_ns >= now_ns) continue;
            end_[end].state = TcpState::closed;
            add_state(facts_, socket,
                      {at_ns, std::string(name(TcpState::closed)), Evidence::inferred,
                       facts_.sockets[socket].states.back().cause});
        }
    }

    Facts& facts_;
    Connection& connection_;
    std::vector<EndCall> calls_;
    Segments segments_;
    std::vector<std::uint32_t> delivered_;
    TcpLosses losses_;
    End end_[2];
};

bool has_streams(const Facts& facts, const Connection& connection) {
    return std::any_of(connection.packets.begin(), connection.packets.end(), [&](std::uint32_t p) {
        const Packet& packet = facts.packets[p];
        return packet.payload_size > 0 ||
               (packet.tcp_flags & (packet::kSyn | packet::kAck)) == (packet::kSyn | packet::kAck);
    });
}

}  // namespace

void build_tcp(Facts& facts) {
    find_connections(facts);
    assign_sockets(facts);
    const EndCalls calls(facts);
    for (Connection& connection : facts.connections) {
        if (has_streams(facts, connection))
            for (int end = 0; end < 2; ++end) {
                connection.end[end].stream =
                    add_stream(facts, connection.end[end].socket, connection.end[1 - end].socket);
                facts.streams.back().wired = true;
            }
        Follower(facts, connection, calls.of(connection)).follow();
        for (int end = 0; end < 2; ++end)
            if (connection.end[end].stream != kNone)
                read_stream(facts, facts.streams[connection.end[end].stream]);
    }
}

}  // namespace socketscope::story

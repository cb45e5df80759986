// TCP on the wire: which bytes each segment carries, what is acknowledged, held, in order; and the states of both ends.
// RFC 9293; RFC 7323 §2 (window scale). Sequence numbers are 32 bits wide and wrap: they are unwrapped to 64-bit offsets.
#include <algorithm>
#include <map>
#include <queue>

#include "core/story/build.hpp"
#include "core/story/connections.hpp"
#include "core/story/tcp_state.hpp"

namespace socketscope::story {
namespace {

using model::Call;
using model::Ref;
using model::RefKind;
using packet::Headers;

// The offset nearest to `near` whose sequence number is `seq`, if offset 0 is the byte behind the SYN.
std::int64_t unwrap(std::uint64_t near, std::uint32_t seq, std::uint32_t isn) {
    const auto distance = static_cast<std::int32_t>(seq - (isn + 1 + static_cast<std::uint32_t>(near)));
    return static_cast<std::int64_t>(near) + distance;
}
std::uint64_t at_least_0(std::int64_t offset) {
    return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
}

// What one end sends, while the connection is followed.
struct Direction {
    std::uint64_t sent{0};   // behind the highest byte sent
    std::uint64_t acked{0};  // as far as the sender knows
    std::uint64_t front{0};  // in order at the receiver
    std::uint32_t first_syn{kNone}, first_fin{kNone}, first_rst{kNone};
    struct First {
        std::uint64_t begin, end;
        std::uint32_t packet;
    };
    std::vector<First> firsts;                  // which packet carried which bytes first
    std::map<std::uint64_t, std::size_t> held;  // begin → index in Stream::held, those still open
    using Waiting = std::pair<std::uint64_t, std::size_t>;  // end, index in Stream::flights
    std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting;
    std::uint64_t last_ack{0};  // what this end acknowledged last, and the window it offered with it
    std::uint32_t last_window{0};
    bool spoke{false};  // its last packet was no SYN, so that the windows can be compared
    bool fin_acked{false}, fin_arrived{false}, syn_acked{false};
    TcpState state{TcpState::closed};
};

struct EndCall {
    TimeNs at_ns;
    std::uint32_t call;
    int end;
};

class Follower {
public:
    Follower(Facts& facts, Connection& connection, std::vector<EndCall> calls)
        : facts_(facts), connection_(connection), calls_(std::move(calls)) {}

    void follow() {
        for (const std::uint32_t p : connection_.packets)
            if (facts_.record(p).verdict == model::Verdict::delivered) delivered_.push_back(p);
        std::stable_sort(delivered_.begin(), delivered_.end(), [&](std::uint32_t a, std::uint32_t b) {
            return facts_.record(a).delivered_ns < facts_.record(b).delivered_ns;
        });
        for (int end = 0; end < 2; ++end) note_first_ends(end);
        std::size_t sent = 0, arrived = 0, called = 0;
        while (sent < connection_.packets.size() || arrived < delivered_.size() || called < calls_.size()) {
            const TimeNs send_ns = sent < connection_.packets.size()
                                       ? facts_.record(connection_.packets[sent]).sent_ns
                                       : INT64_MAX;
            const TimeNs arrive_ns =
                arrived < delivered_.size() ? facts_.record(delivered_[arrived]).delivered_ns : INT64_MAX;
            const TimeNs call_ns = called < calls_.size() ? calls_[called].at_ns : INT64_MAX;
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
    Stream* stream(int end) {
        const std::uint32_t index = connection_.end[end].stream;
        return index == kNone ? nullptr : &facts_.streams[index];
    }
    int end_of(std::uint32_t p) const { return facts_.record(p).from == connection_.end[0].host ? 0 : 1; }
    Headers headers_of(std::uint32_t p) const {
        return packet::decode(facts_.trace->bytes(facts_.record(p).bytes), packet::Checksums::skip);
    }

    void note_first_ends(int end) {
        for (const std::uint32_t p : connection_.packets) {
            if (end_of(p) != end) continue;
            const std::uint8_t flags = facts_.packets[p].tcp_flags;
            if ((flags & packet::kFin) != 0) has_fin_[end] = true;
            if ((flags & packet::kRst) != 0) has_rst_[end] = true;
        }
    }

    void happens(int end, TcpHappening what, TimeNs at_ns, Ref cause) {
        const TcpState before = way_[end].state, after = next(before, what);
        way_[end].state = after;
        const std::uint32_t socket = connection_.end[end].socket;
        if (after == before || socket == kNone) return;
        add_state(facts_, socket, {at_ns, std::string(name(after)), Evidence::inferred, cause});
    }
    static Ref packet_ref(std::uint32_t p) { return {RefKind::packet, 0, p, 0}; }

    // --- a packet leaves the host of `end`
    void on_sent(std::uint32_t p) {
        const int end = end_of(p);
        const Headers headers = headers_of(p);
        Packet& packet = facts_.packets[p];
        packet.socket = connection_.end[end].socket;
        packet.to_socket = connection_.end[1 - end].socket;
        learn_isn(end, headers);
        place(p, end, headers);
        place_ack(packet, end, headers);
        packet.role = role(packet, end, headers);
        way_[end].last_ack = packet.ack_offset;
        way_[end].last_window = packet.window_bytes;
        way_[end].spoke = (headers.tcp_flags & packet::kSyn) == 0;
        if ((facts_.record(p).flags & model::kDuplicate) != 0) return;  // the wire sent it, not this host
        note_sent(p, end, headers);
        states_of_sender(p, end, headers);
    }

    void learn_isn(int end, const Headers& headers) {
        ConnectionEnd& from = connection_.end[end];
        if ((headers.tcp_flags & packet::kSyn) != 0) {
            if (!from.isn_known) from.isn = headers.seq;
            from.isn_known = true;
            if (headers.window_scale >= 0) from.window_scale = headers.window_scale;
        } else if (!from.isn_known && (headers.tcp_flags & packet::kRst) == 0) {
            from.isn = headers.seq - 1;  // the beginning was not recorded: count from here
            from.isn_known = true;
        }
        ConnectionEnd& to = connection_.end[1 - end];
        if (!to.isn_known && (headers.tcp_flags & packet::kAck) != 0 &&
            (headers.tcp_flags & packet::kRst) == 0) {
            to.isn = headers.ack - 1;
            to.isn_known = true;
        }
    }

    void place(std::uint32_t p, int end, const Headers& headers) {
        Packet& packet = facts_.packets[p];
        if ((headers.tcp_flags & packet::kSyn) != 0) return;
        const std::int64_t begin = unwrap(way_[end].sent, headers.seq, connection_.end[end].isn);
        packet.stream_begin = at_least_0(begin);
        packet.stream_end = at_least_0(begin + headers.payload_size);
        before_acked_[end] = begin < static_cast<std::int64_t>(way_[end].acked) || begin < 0;
        if (packet.stream_end > packet.stream_begin && stream(end) != nullptr)
            packet.pieces = add_pieces(facts_, *stream(end), packet.stream_begin, packet.stream_end);
    }

    void place_ack(Packet& packet, int end, const Headers& headers) {
        const bool scaled = connection_.end[0].window_scale >= 0 && connection_.end[1].window_scale >= 0 &&
                            (headers.tcp_flags & packet::kSyn) == 0;
        packet.window_bytes = std::uint32_t{headers.window}
                              << (scaled ? connection_.end[end].window_scale : 0);
        if ((headers.tcp_flags & packet::kAck) == 0 || !connection_.end[1 - end].isn_known) return;
        const std::int64_t offset = unwrap(way_[1 - end].sent, headers.ack, connection_.end[1 - end].isn);
        packet.ack_offset = std::min(at_least_0(offset), connection_.end[1 - end].fin_offset);
    }

    PacketRole role(const Packet& packet, int end, const Headers& headers) const {
        if ((headers.tcp_flags & packet::kRst) != 0) return PacketRole::rst;
        if ((headers.tcp_flags & packet::kSyn) != 0)
            return (headers.tcp_flags & packet::kAck) != 0 ? PacketRole::synack : PacketRole::syn;
        // A zero-window or keep-alive probe repeats the last acknowledged sequence number (RFC 9293 §3.8.4, §3.8.6.1).
        if (before_acked_[end] && headers.payload_size == 0 && (headers.tcp_flags & packet::kFin) == 0)
            return PacketRole::probe;
        if (headers.payload_size > 0) return PacketRole::data;
        if ((headers.tcp_flags & packet::kFin) != 0) return PacketRole::fin;
        const bool same_ack = packet.ack_offset == way_[end].last_ack && headers.sack_count == 0;
        const bool wider = way_[end].spoke && packet.window_bytes > way_[end].last_window;
        return same_ack && wider ? PacketRole::window_update : PacketRole::ack;
    }

    void note_sent(std::uint32_t p, int end, const Headers& headers) {
        Direction& way = way_[end];
        Packet& packet = facts_.packets[p];
        if ((headers.tcp_flags & packet::kSyn) != 0) note_first(way.first_syn, packet, p);
        if (packet.stream_end > packet.stream_begin && packet.role != PacketRole::probe) {
            if (packet.stream_begin < way.sent) packet.first_copy = first_carrier(way, packet.stream_begin);
            if (packet.stream_end > way.sent)
                way.firsts.push_back({std::max(packet.stream_begin, way.sent), packet.stream_end, p});
            if (Stream* out = stream(end)) {
                way.waiting.push({packet.stream_end, out->flights.size()});
                out->flights.push_back({p, model::kNever});
            }
            way.sent = std::max(way.sent, packet.stream_end);
        }
        if ((headers.tcp_flags & packet::kFin) != 0) {
            connection_.end[end].fin_offset = packet.stream_end;
            if (packet.first_copy == kNone) note_first(way.first_fin, packet, p);
        }
        if ((headers.tcp_flags & packet::kRst) != 0 && way.first_rst == kNone) way.first_rst = p;
    }

    static void note_first(std::uint32_t& first, Packet& packet, std::uint32_t p) {
        if (first == kNone)
            first = p;
        else
            packet.first_copy = first;
    }

    static std::uint32_t first_carrier(const Direction& way, std::uint64_t offset) {
        const auto after =
            std::upper_bound(way.firsts.begin(), way.firsts.end(), offset,
                             [](std::uint64_t at, const Direction::First& f) { return at < f.begin; });
        return after == way.firsts.begin() ? kNone : std::prev(after)->packet;
    }

    void states_of_sender(std::uint32_t p, int end, const Headers& headers) {
        const TimeNs at_ns = facts_.record(p).sent_ns;
        const bool ack = (headers.tcp_flags & packet::kAck) != 0;
        if ((headers.tcp_flags & packet::kRst) != 0) {
            happens(end, TcpHappening::sends_rst, at_ns, packet_ref(p));
            end_queues(end, at_ns);
        } else if ((headers.tcp_flags & packet::kSyn) != 0) {
            if (!ack) happens(end, TcpHappening::sends_syn, at_ns, packet_ref(p));
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
            lose(p, LossPlace::checksum, at_ns,
                 "The checksum was wrong: the kernel of the receiver dropped it and told nobody.");
            return;
        }
        if ((packet.tcp_flags & packet::kRst) != 0) {
            happens(to, TcpHappening::gets_rst, at_ns, packet_ref(p));
            end_queues(to, at_ns);
            return;
        }
        if ((packet.tcp_flags & packet::kAck) != 0) take_ack(p, to, at_ns);
        if ((packet.tcp_flags & packet::kSyn) != 0) {
            const bool synack = (packet.tcp_flags & packet::kAck) != 0;
            happens(to, synack ? TcpHappening::gets_synack : TcpHappening::gets_syn, at_ns, packet_ref(p));
            return;
        }
        if (packet.stream_end > packet.stream_begin) take_data(p, from, at_ns);
        if ((packet.tcp_flags & packet::kFin) != 0) way_[from].fin_arrived = true;
        if (way_[from].fin_arrived && way_[from].front >= connection_.end[from].fin_offset)
            happens(to, TcpHappening::gets_fin, at_ns, packet_ref(p));
    }

    void take_ack(std::uint32_t p, int end, TimeNs at_ns) {
        Direction& way = way_[end];
        const Packet& packet = facts_.packets[p];
        if (!way.syn_acked && (packet.tcp_flags & packet::kSyn) == 0)
            happens(end, TcpHappening::gets_ack_of_syn, at_ns, packet_ref(p));
        way.syn_acked = true;
        if (packet.ack_offset > way.acked && packet.ack_offset <= way.sent) {
            way.acked = packet.ack_offset;
            if (Stream* out = stream(end)) {
                raise(out->acked, at_ns, way.acked);
                for (; !way.waiting.empty() && way.waiting.top().first <= way.acked; way.waiting.pop())
                    out->flights[way.waiting.top().second].acked_ns = at_ns;
            }
        }
        if (way.first_fin == kNone || way.fin_acked || !acks_fin(p, end)) return;
        way.fin_acked = true;
        happens(end, TcpHappening::gets_ack_of_fin, at_ns, packet_ref(p));
    }

    bool acks_fin(std::uint32_t p, int end) const {
        const std::int64_t offset = unwrap(way_[end].sent, headers_of(p).ack, connection_.end[end].isn);
        return offset > 0 && static_cast<std::uint64_t>(offset) > connection_.end[end].fin_offset;
    }

    void take_data(std::uint32_t p, int from, TimeNs at_ns) {
        const std::uint32_t receiver = connection_.end[1 - from].socket;
        Stream* in = stream(from);
        if (in == nullptr || receiver == kNone) return;
        const TimeNs closed_ns = facts_.sockets[receiver].closed_ns;
        if (closed_ns != model::kNever && closed_ns < at_ns) {
            if (facts_.packets[p].stream_end > way_[from].front)
                lose(p, LossPlace::no_listener, at_ns,
                     "The receiving program had closed its socket: the kernel answers such bytes with RST "
                     "(RFC 9293 §3.5.2).");
            return;
        }
        accept_bytes(*in, way_[from], facts_.packets[p].stream_begin, facts_.packets[p].stream_end, p, at_ns);
    }

    // RFC 9293 §3.10.7.4: bytes in order go to the program, others are held until the hole before them is filled.
    static void accept_bytes(Stream& in, Direction& way, std::uint64_t begin, std::uint64_t end,
                             std::uint32_t p, TimeNs at_ns) {
        begin = std::max(begin, way.front);
        while (begin < end) {  // only the parts that are not here yet
            auto after = way.held.upper_bound(begin);
            if (after != way.held.begin()) {
                const Stream::Held& before = in.held[std::prev(after)->second];
                if (before.end > begin) {
                    begin = before.end;
                    continue;
                }
            }
            const std::uint64_t stop = after == way.held.end() ? end : std::min(end, after->first);
            in.brought.push_back({begin, model::kNever, p});
            if (begin == way.front) {
                way.front = stop;
            } else {
                way.held.emplace(begin, in.held.size());
                in.held.push_back({at_ns, model::kNever, begin, stop, p});
            }
            begin = stop;
        }
        for (auto first = way.held.begin(); first != way.held.end() && first->first <= way.front;
             first = way.held.erase(first)) {
            in.held[first->second].until_ns = at_ns;
            way.front = std::max(way.front, in.held[first->second].end);
        }
    }

    void on_call(const EndCall& event) {
        const bool close = facts_.call(event.call).call == Call::close;
        if (close && !has_fin_[event.end] && has_rst_[event.end]) return;  // ends with RST, not with FIN
        happens(event.end, TcpHappening::ends_writing, event.at_ns, {RefKind::call, 0, event.call, 0});
    }

    // After a RST nothing is sent any more: the send queue is thrown away.
    void end_queues(int end, TimeNs at_ns) {
        Stream* out = stream(end);
        if (out != nullptr && out->reset_ns == model::kNever) out->reset_ns = at_ns;
    }

    void lose(std::uint32_t p, LossPlace place, TimeNs at_ns, std::string why) {
        Loss loss;
        loss.at_ns = at_ns;
        loss.place = place;
        loss.packet = p;
        loss.evidence =
            place == LossPlace::wire || place == LossPlace::device ? Evidence::observed : Evidence::inferred;
        const Packet& packet = facts_.packets[p];
        if (packet.pieces.count > 0) loss.piece = facts_.pieces[packet.pieces.begin];
        loss.why = std::move(why);
        losses_.push_back(std::move(loss));
    }

    void finish() {
        for (const std::uint32_t p : connection_.packets) {
            const model::PacketRecord& record = facts_.record(p);
            if (record.verdict != model::Verdict::dropped) continue;
            lose(p, record.cause == model::Cause::device ? LossPlace::device : LossPlace::wire,
                 record.delivered_ns == model::kNever ? record.sent_ns : record.delivered_ns,
                 wire_reason(facts_, record));
        }
        for (Loss& loss : losses_) {
            loss.repaired = repaired(loss.packet);
            facts_.losses.push_back(std::move(loss));
        }
        for (int end = 0; end < 2; ++end) {
            Stream* s = stream(end);
            if (s == nullptr) continue;
            order_brought(*s);
            s->open_flights.build(s->flights.size(), [s](std::size_t i) { return s->flights[i].acked_ns; });
            s->open_held.build(s->held.size(), [s](std::size_t i) { return s->held[i].until_ns; });
        }
    }

    // A byte can be read as soon as it and all before it are there.
    void order_brought(Stream& s) const {
        std::sort(s.brought.begin(), s.brought.end(),
                  [](const auto& a, const auto& b) { return a.begin < b.begin; });
        std::uint64_t end = 0;
        TimeNs ready_ns = 0;
        for (std::size_t i = 0; i < s.brought.size() && s.brought[i].begin <= end; ++i) {
            ready_ns = std::max(ready_ns, facts_.record(s.brought[i].packet).delivered_ns);
            s.brought[i].ready_ns = ready_ns;
            end = brought_end(facts_, s, i);
        }
    }

    // Whether all that a lost packet carried arrived in the end by another one.
    bool repaired(std::uint32_t lost) const {
        const Packet& packet = facts_.packets[lost];
        const int from = end_of(lost);
        if (packet.stream_end > packet.stream_begin) return way_[from].front >= packet.stream_end;
        return std::any_of(delivered_.begin(), delivered_.end(), [&](std::uint32_t p) {
            const Packet& other = facts_.packets[p];
            constexpr std::uint8_t kMarks = packet::kSyn | packet::kFin | packet::kRst;
            return p != lost && end_of(p) == from && other.checksum_ok &&
                   (other.tcp_flags & packet.tcp_flags & kMarks) == (packet.tcp_flags & kMarks) &&
                   other.ack_offset >= packet.ack_offset;
        });
    }

    Facts& facts_;
    Connection& connection_;
    std::vector<EndCall> calls_;
    std::vector<std::uint32_t> delivered_;
    std::vector<Loss> losses_;
    Direction way_[2];
    bool has_fin_[2]{}, has_rst_[2]{}, before_acked_[2]{};
};

// shutdown(SHUT_WR) and the close() of the last descriptor, by socket.
std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> closing_calls(const Facts& facts) {
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> calls;
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        const model::CallRecord& call = facts.call(i);
        const std::uint32_t socket = facts.call_socket[i];
        if (socket == kNone || facts.socket_facts[socket].transport != Transport::tcp) continue;
        const bool shut = call.call == Call::shutdown && call.args[0] != 0 && call.result == 0 &&
                          call.exit_ns != model::kNever;
        const bool closed = call.call == Call::close && call.exit_ns != model::kNever &&
                            call.exit_ns == facts.sockets[socket].closed_ns;
        if (shut || closed) calls[socket].push_back(i);
    }
    return calls;
}

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
    auto calls = closing_calls(facts);
    for (Connection& connection : facts.connections) {
        std::vector<EndCall> end_calls;
        for (int end = 0; end < 2; ++end) {
            const std::uint32_t socket = connection.end[end].socket;
            if (socket == kNone) continue;
            for (const std::uint32_t call : calls[socket])
                end_calls.push_back({facts.call(call).exit_ns, call, end});
        }
        std::sort(end_calls.begin(), end_calls.end(),
                  [](const EndCall& a, const EndCall& b) { return a.at_ns < b.at_ns; });
        if (has_streams(facts, connection))
            for (int end = 0; end < 2; ++end) {
                connection.end[end].stream =
                    add_stream(facts, connection.end[end].socket, connection.end[1 - end].socket);
                facts.streams.back().wired = true;
            }
        Follower(facts, connection, std::move(end_calls)).follow();
        for (int end = 0; end < 2; ++end)
            if (connection.end[end].stream != kNone)
                read_stream(facts, facts.streams[connection.end[end].stream]);
    }
}

}  // namespace socketscope::story

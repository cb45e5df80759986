// What was lost and no transport has told yet: full receive queues, bytes that nobody read, packets of the
// kernel's own. Then all losses in order of time.
#include <algorithm>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/control.hpp"
#include "core/story/handed.hpp"
#include "core/story/numbers.hpp"
#include "core/story/own_host.hpp"

namespace socketscope::story {
namespace {

Loss make_loss(TimeNs at_ns, LossPlace place, Piece piece, std::uint32_t packet, std::string why) {
    Loss loss;
    loss.at_ns = at_ns;
    loss.place = place;
    loss.evidence = Evidence::inferred;
    loss.packet = packet;
    loss.piece = piece;
    loss.why = std::move(why);
    return loss;
}

bool reliable(const Facts& facts, std::uint32_t socket) {
    const Transport transport = facts.socket_facts[socket].transport;
    return transport == Transport::unix_dgram || transport == Transport::unix_seqpacket;
}

// A receive call found nothing after this had arrived: so it was not in the queue.
bool found_empty_after(const std::vector<TimeNs>& empty_moments, TimeNs at_ns) {
    return !empty_moments.empty() && empty_moments.back() > at_ns;
}

constexpr const char* kOvertaken =
    "It reached the host, but a later message was read before it: the receive queue was full, and the "
    "kernel dropped it (udp(7)).";
constexpr const char* kMissing =
    "It reached the host, but a later receive call found the queue empty: the queue had been full, and the "
    "kernel dropped it (udp(7)).";

constexpr const char* kUnread = "It lay in the receive queue when the socket was closed: nobody read it.";

// A packet written to a device is in the queue long before that.
constexpr TimeNs kSettled = 5 * model::kMillisecond;

// Moments at which a receive call on the socket found its queue empty: EAGAIN, or it had to wait.
std::vector<std::vector<TimeNs>> empty_moments(const Facts& facts) {
    std::vector<std::vector<TimeNs>> moments(facts.sockets.size());
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        const model::CallRecord& call = facts.call(i);
        const std::uint32_t socket = facts.call_socket[i];
        if (socket == kNone || facts.socket_facts[socket].transport != Transport::udp) continue;
        if (!model::receives(call.call)) continue;
        const bool again = call.result < 0 && call.error == kEAgain;
        const bool waited = exit_or_forever(call) - call.enter_ns > kSettled;
        if (again || waited) moments[socket].push_back(call.enter_ns - kSettled);
    }
    return moments;
}

// Up to which arrival the kernel itself counted at least as many drops as were overtaken (SO_RXQ_OVFL), and its count.
struct Counted {
    std::size_t until{0};
    std::uint32_t drops{0};
};
Counted counted_drops(const Facts& facts, const Inbox& inbox) {
    Counted counted;
    std::size_t overtaken = 0;
    for (std::size_t i = 0; i < inbox.arrivals.size(); ++i) {
        const Arrival& arrival = inbox.arrivals[i];
        if (arrival.fate == Fate::overtaken) ++overtaken;
        if (arrival.fate != Fate::read) continue;
        const auto drops = drops_before(*facts.trace, facts.call(facts.receives[arrival.receive].call));
        if (drops && *drops >= overtaken) counted = {i, *drops};
    }
    return counted;
}

void unread_messages(Facts& facts) {
    const auto empty = empty_moments(facts);
    for (Inbox& inbox : facts.inboxes) {
        const TimeNs closed_ns = facts.sockets[inbox.socket].closed_ns;
        const bool raw = facts.socket_facts[inbox.socket].transport == Transport::raw;
        const Counted counted = counted_drops(facts, inbox);
        for (std::size_t i = 0; i < inbox.arrivals.size(); ++i) {
            Arrival& arrival = inbox.arrivals[i];
            if (arrival.fate == Fate::waiting && !reliable(facts, inbox.socket) &&
                found_empty_after(empty[inbox.socket], arrival.at_ns))
                arrival.fate = Fate::missing;
            if (arrival.fate == Fate::waiting && closed_ns != model::kNever) arrival.fate = Fate::unread;
            const bool dropped = arrival.fate == Fate::overtaken || arrival.fate == Fate::missing;
            const bool unread = arrival.fate == Fate::unread && arrival.message != kNone && !raw;
            if (!dropped && !unread) continue;
            const TimeNs at_ns = dropped ? arrival.at_ns : gone_at(facts, inbox, arrival);
            for_arrived(facts, arrival, 0, UINT32_MAX, [&](const Piece& piece) {
                Loss loss = make_loss(at_ns, dropped ? LossPlace::receive_queue : LossPlace::unread, piece,
                                      arrival.packet,
                                      arrival.fate == Fate::overtaken ? kOvertaken
                                      : dropped                       ? kMissing
                                                                      : kUnread);
                if (dropped && i < counted.until) {
                    loss.evidence = Evidence::observed;
                    loss.why =
                        "It reached the host, but the receive queue was full: the kernel dropped it and "
                        "counted it (SO_RXQ_OVFL told of " +
                        std::to_string(counted.drops) + " drops; socket(7), udp(7)).";
                }
                add_loss(facts, std::move(loss));
            });
        }
        inbox.open.build(inbox.arrivals.size(),
                         [&](std::size_t i) { return gone_at(facts, inbox, inbox.arrivals[i]); });
    }
}

// Bytes behind a hole that was still there when the receiver closed: the socket takes them along. A RST before that has
// ended both queues, and is told as such.
void lose_held(Facts& facts, Stream& stream, TimeNs closed_ns) {
    if (or_forever(stream.reset_ns) <= closed_ns) return;
    for (const Stream::Held& held : stream.held) {
        if (held.until_ns != model::kNever) continue;
        for_pieces(facts, stream, held.begin, held.end, [&](const Piece& piece) {
            if (piece.message == kNone) return;
            add_loss(facts,
                     make_loss(closed_ns, LossPlace::unread, piece, held.packet,
                               "These bytes lay behind a hole when the socket was closed: what was missing "
                               "had not come, so nobody could read them (RFC 9293 §3.10.7.4)."));
        });
        stream.lost.add(held.begin, held.end);
    }
}

// Bytes of a stream that were in a queue when the socket went away.
void unread_bytes(Facts& facts) {
    for (Stream& stream : facts.streams) {
        const auto lose = [&](std::uint64_t begin, std::uint64_t end, TimeNs at_ns, LossPlace place,
                              const char* why) {
            if (begin >= end) return;
            for_pieces(facts, stream, begin, end, [&](const Piece& piece) {
                if (piece.message != kNone) add_loss(facts, make_loss(at_ns, place, piece, kNone, why));
            });
        };
        const TimeNs closed_ns = stream.to == kNone ? model::kNever : facts.sockets[stream.to].closed_ns;
        const std::uint64_t handed = handed_at(facts, stream, INT64_MAX - 1);
        const std::uint64_t front = stream.wired ? front_at(facts, stream, INT64_MAX - 1) : handed;
        if (closed_ns != model::kNever) {
            lose_held(facts, stream, closed_ns);
            const std::uint64_t here =
                stream.wired ? front_at(facts, stream, closed_ns) : handed_at(facts, stream, closed_ns);
            for_in_line(stream, read_at(facts, stream, closed_ns), here, closed_ns,
                        [&](std::uint64_t begin, std::uint64_t end) {
                            lose(begin, end, closed_ns, LossPlace::unread,
                                 "These bytes lay in the receive queue when the socket was closed: nobody "
                                 "read them.");
                        });
            stream.gone_ns = closed_ns;
        }
        if (stream.wired && stream.reset_ns != model::kNever)
            stream.lost.for_missing(
                std::max(front, value_at(stream.acked, stream.reset_ns)), handed,
                [&](std::uint64_t begin, std::uint64_t end) {
                    lose(begin, end, stream.reset_ns, LossPlace::reset,
                         "The connection was reset: what still waited in the send queue was thrown away.");
                });
    }
}

// Dropped packets that carry no message of ours: errors of the kernel, replies, raw packets.
void other_packets(Facts& facts) {
    std::vector<bool> told(facts.packets.size(), false);
    for (const Loss& loss : facts.losses)
        if (loss.packet != kNone) told[loss.packet] = true;
    for (std::uint32_t p = 0; p < facts.packets.size(); ++p) {
        const model::PacketRecord& record = facts.record(p);
        if (record.verdict != model::Verdict::dropped || told[p] || facts.packet_connection[p] != kNone)
            continue;
        Loss loss = make_loss(record.delivered_ns == model::kNever ? record.sent_ns : record.delivered_ns,
                              record.cause == model::Cause::device ? LossPlace::device : LossPlace::wire, {},
                              p, wire_reason(facts, record));
        const bool part = facts.packets[p].role == PacketRole::fragment;  // its datagram was whole without it
        if (!part && facts.packets[p].pieces.count > 0)
            loss.piece = facts.pieces[facts.packets[p].pieces.begin];
        loss.evidence = Evidence::observed;
        add_loss(facts, std::move(loss));
    }
}

// What the device of a host dropped by its own counter, before the wire could read it.
std::int64_t device_drops(const Facts& facts, model::Host host) {
    std::int64_t drops = 0;
    for (const model::SampleRecord& sample : facts.trace->samples)
        if (sample.what == model::Sample::device_drops && sample.endpoint == static_cast<std::uint8_t>(host))
            drops += sample.value;
    return drops;
}

// By message: a packet of the wire carries it.
std::vector<bool> on_the_wire(const Facts& facts) {
    std::vector<bool> seen(facts.messages.size(), false);
    for (const Packet& packet : facts.packets)
        for (std::uint32_t i = 0; i < packet.pieces.count; ++i)
            if (const Piece& piece = facts.pieces[packet.pieces.begin + i]; piece.message != kNone)
                seen[piece.message] = true;
    return seen;
}

// By message of a UDP socket: when the kernel had all of its datagram; kNever: not known (UDP_CORK), or it waits.
std::vector<TimeNs> on_their_way(const Facts& facts) {
    std::vector<TimeNs> since(facts.messages.size(), model::kNever);
    const auto handed = hand_over(facts, Transport::udp);
    for (std::uint32_t s = 0; s < handed.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        const bool corks = std::any_of(known.settings.begin(), known.settings.end(), [](const auto& setting) {
            return setting.option == SocketFacts::Option::udp_cork;
        });
        for (const Handed& one : handed[s]) {
            if (one.waits || corks) continue;
            const std::uint32_t last = known.sends[one.first + one.count - 1];
            for (std::uint32_t i = one.first; i < one.first + one.count; ++i)
                since[known.sends[i]] = facts.call(facts.messages[last].call).exit_ns;
        }
    }
    return since;
}

// Datagrams that were handed over and never came out on the wire: dropped before it, in the queue of the device.
// Known if something that the host sent later came out there, or if the device counted as many drops.
void before_the_wire(Facts& facts) {
    if (facts.message_left_ns.empty()) return;
    const std::vector<bool> came = on_the_wire(facts);
    const std::vector<TimeNs> since = on_their_way(facts);
    std::int64_t drops[2] = {device_drops(facts, model::Host::client),
                             device_drops(facts, model::Host::server)};
    const std::string counted[2] = {std::to_string(drops[0]), std::to_string(drops[1])};
    TimeNs last_ns[2] = {INT64_MIN, INT64_MIN};  // when what came out was handed over
    for (std::uint32_t m = 0; m < facts.messages.size(); ++m)
        if (came[m]) {
            TimeNs& last = last_ns[static_cast<std::size_t>(facts.host(facts.messages[m].endpoint))];
            last = std::max(last, facts.handed_ns(m));
        }
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        if (known.transport != Transport::udp) continue;
        const auto host = static_cast<std::size_t>(known.host);
        std::size_t came_out = known.sends.size();  // none from here on
        while (came_out > 0 && !came[known.sends[came_out - 1]]) --came_out;
        for (std::size_t i = 0; i < known.sends.size(); ++i) {
            const std::uint32_t m = known.sends[i];
            const Message& message = facts.messages[m];
            const bool has_counted = drops[host] > 0;
            const bool later = i < came_out || (since[m] != model::kNever && since[m] < last_ns[host]);
            if (facts.message_left_ns[m] != model::kNever || (!later && !has_counted)) continue;
            const Name to = destination_of(facts, message);
            if (own_address(facts, known.host, to.ip)) continue;  // no device on the way
            facts.message_left_ns[m] = facts.handed_ns(m);
            --drops[host];
            add_loss(
                facts,
                make_loss(facts.handed_ns(m), LossPlace::device, {m, 0, message.size}, kNone,
                          has_counted ? "It never came out of the sender's host: the queue of the network "
                                        "device dropped it (the device counted " +
                                            counted[host] + " drops)."
                                      : "It never came out of the sender's host, though later ones did: "
                                        "the queue of the network device dropped it."));
        }
    }
}

}  // namespace

void build_losses(Facts& facts) {
    unread_messages(facts);
    unread_bytes(facts);
    other_packets(facts);
    before_the_wire(facts);
    std::stable_sort(facts.losses.begin(), facts.losses.end(),
                     [](const Loss& a, const Loss& b) { return a.at_ns < b.at_ns; });
    for (Socket& socket : facts.sockets)
        std::stable_sort(socket.states.begin(), socket.states.end(),
                         [](const StateChange& a, const StateChange& b) { return a.at_ns < b.at_ns; });
}

}  // namespace socketscope::story

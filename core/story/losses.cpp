// What was lost and no transport has told yet: cut tails, full receive queues, bytes that nobody read, packets of the
// kernel's own. Then all losses in order of time.
#include <algorithm>

#include "core/model/call.hpp"
#include "core/story/build.hpp"

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

void cut_tails(Facts& facts) {
    for (const Receive& receive : facts.receives) {
        if (receive.cut_bytes == 0 || receive.pieces.count == 0 || receive.peeked) continue;
        const Piece last = facts.pieces[receive.pieces.begin + receive.pieces.count - 1];
        if (last.message == kNone) continue;
        const std::uint32_t end = last.offset + last.size;
        if (end >= facts.messages[last.message].size) continue;
        Loss loss =
            make_loss(receive.at_ns, LossPlace::truncated, {last.message, end, receive.cut_bytes}, kNone,
                      "The receive call had room for " + std::to_string(last.size) + " of " +
                          std::to_string(facts.messages[last.message].size) +
                          " bytes: the rest of the message was thrown away (MSG_TRUNC).");
        loss.evidence = Evidence::observed;
        add_loss(facts, std::move(loss));
    }
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
    "It reached the host, but a later message was read before it: the receive queue was full, and the kernel "
    "dropped "
    "it (udp(7)).";
constexpr const char* kMissing =
    "It reached the host, but a later receive call found the queue empty: the queue had been full, and the "
    "kernel "
    "dropped it (udp(7)).";

constexpr int kEAgain = 11;
constexpr TimeNs kSettled =
    5 * model::kMillisecond;  // a packet written to a device is in the queue long before that

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

void unread_messages(Facts& facts) {
    const auto empty = empty_moments(facts);
    for (Inbox& inbox : facts.inboxes) {
        const TimeNs closed_ns = facts.sockets[inbox.socket].closed_ns;
        const bool raw = facts.socket_facts[inbox.socket].transport == Transport::raw;
        for (Arrival& arrival : inbox.arrivals) {
            if (arrival.fate == Fate::waiting && !reliable(facts, inbox.socket) &&
                found_empty_after(empty[inbox.socket], arrival.at_ns))
                arrival.fate = Fate::missing;
            if (arrival.fate == Fate::waiting && closed_ns != model::kNever) arrival.fate = Fate::unread;
            Piece piece{arrival.message, 0,
                        arrival.message == kNone ? 0 : facts.messages[arrival.message].size};
            if (arrival.fate == Fate::overtaken || arrival.fate == Fate::missing) {
                add_loss(facts, make_loss(arrival.at_ns, LossPlace::receive_queue, piece, arrival.packet,
                                          arrival.fate == Fate::overtaken ? kOvertaken : kMissing));
            } else if (arrival.fate == Fate::unread && arrival.message != kNone && !raw) {
                add_loss(
                    facts,
                    make_loss(gone_at(facts, inbox, arrival), LossPlace::unread, piece, arrival.packet,
                              "It lay in the receive queue when the socket was closed: nobody read it."));
            }
        }
        inbox.open.build(inbox.arrivals.size(),
                         [&](std::size_t i) { return gone_at(facts, inbox, inbox.arrivals[i]); });
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
            const std::uint64_t here =
                stream.wired ? front_at(facts, stream, closed_ns) : handed_at(facts, stream, closed_ns);
            lose(read_at(facts, stream, closed_ns), here, closed_ns, LossPlace::unread,
                 "These bytes lay in the receive queue when the socket was closed: nobody read them.");
            stream.gone_ns = closed_ns;
        }
        if (stream.wired && stream.reset_ns != model::kNever)
            lose(std::max(front, value_at(stream.acked, stream.reset_ns)), handed, stream.reset_ns,
                 LossPlace::reset,
                 "The connection was reset: what still waited in the send queue was thrown away.");
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
        if (facts.packets[p].role == PacketRole::fragment) continue;  // told with its datagram
        Loss loss = make_loss(record.delivered_ns == model::kNever ? record.sent_ns : record.delivered_ns,
                              record.cause == model::Cause::device ? LossPlace::device : LossPlace::wire, {},
                              p, wire_reason(facts, record));
        if (facts.packets[p].pieces.count > 0) loss.piece = facts.pieces[facts.packets[p].pieces.begin];
        loss.evidence = Evidence::observed;
        add_loss(facts, std::move(loss));
    }
}

// A datagram that was handed over, while later ones of its socket came out on the wire: dropped before it (in the
// queue of the device).
void before_the_wire(Facts& facts) {
    if (facts.message_left_ns.empty()) return;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        if (facts.socket_facts[s].transport != Transport::udp) continue;
        const std::vector<std::uint32_t>& sends = facts.socket_facts[s].sends;
        std::size_t last = sends.size();
        while (last > 0 && facts.message_left_ns[sends[last - 1]] == model::kNever) --last;
        for (std::size_t i = 0; i < last; ++i) {
            const Message& message = facts.messages[sends[i]];
            if (facts.message_left_ns[sends[i]] != model::kNever) continue;
            facts.message_left_ns[sends[i]] = message.handed_ns;
            add_loss(
                facts,
                make_loss(message.handed_ns, LossPlace::device, {sends[i], 0, message.size}, kNone,
                          "It never came out of the sender's host, though later ones did: the queue of the "
                          "network device dropped it."));
        }
    }
}

}  // namespace

void build_losses(Facts& facts) {
    cut_tails(facts);
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

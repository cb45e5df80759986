// What the send and receive queue of a socket hold at a moment.
#include <algorithm>
#include <map>

#include "core/story/program.hpp"
#include "core/story/query.hpp"

namespace socketscope::story {
namespace {

using model::Ref;
using model::RefKind;

Ref call_ref(const Facts& facts, std::uint32_t message) {
    return message == kNone ? Ref{} : Ref{RefKind::call, 0, facts.messages[message].call, 0};
}
Ref packet_ref(std::uint32_t packet) {
    return packet == kNone ? Ref{} : Ref{RefKind::packet, 0, packet, 0};
}

void add(Queue& queue, QueueItem item) {
    if (item.state != CellState::hole) queue.bytes += item.piece.size;
    if (item.state == CellState::held) queue.held_bytes += item.piece.size;
    queue.items.push_back(item);
}

// Bytes [begin, end) of the stream as items of one state, one for each message.
void add_bytes(const Facts& facts, const Stream& stream, std::uint64_t begin, std::uint64_t end,
               CellState state, std::uint32_t packet, Queue& queue) {
    for_pieces(facts, stream, begin, end, [&](const Piece& piece) {
        QueueItem item;
        item.piece = piece;
        item.state = state;
        item.packet = packet;
        item.cause = packet != kNone ? packet_ref(packet) : call_ref(facts, piece.message);
        add(queue, item);
    });
}

// In order and not read yet, split by the packets that brought the bytes.
void add_ready(const Facts& facts, const Stream& stream, std::uint64_t begin, std::uint64_t end,
               Queue& queue) {
    auto next = static_cast<std::size_t>(
        std::upper_bound(stream.brought.begin(), stream.brought.end(), begin,
                         [](std::uint64_t at, const Stream::Brought& b) { return at < b.begin; }) -
        stream.brought.begin());
    if (next > 0) --next;
    for (; begin < end && next < stream.brought.size(); ++next) {
        const std::uint64_t stop = std::min(end, brought_end(facts, stream, next));
        if (stop <= begin) continue;
        add_bytes(facts, stream, begin, stop, CellState::ready, stream.brought[next].packet, queue);
        begin = stop;
    }
    add_bytes(facts, stream, begin, end, CellState::ready, kNone, queue);
}

// Behind a hole: here, but not yet to be read (RFC 9293 §3.10.7.4).
void add_held(const Facts& facts, const Stream& stream, std::uint64_t front, TimeNs t, Queue& queue) {
    const auto begun = std::upper_bound(stream.held.begin(), stream.held.end(), t,
                                        [](TimeNs time, const Stream::Held& h) { return time < h.from_ns; });
    std::vector<Stream::Held> open;
    stream.open_held.visit_open(
        static_cast<std::size_t>(begun - stream.held.begin()), t,
        [&](std::size_t i) { return stream.held[i].until_ns; },
        [&](std::size_t i) { open.push_back(stream.held[i]); });
    std::sort(open.begin(), open.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
    for (const Stream::Held& held : open) {
        add_bytes(facts, stream, front, held.begin, CellState::hole, kNone, queue);
        add_bytes(facts, stream, std::max(front, held.begin), held.end, CellState::held, held.packet, queue);
        front = std::max(front, held.end);
    }
}

// Where no packet shows it: how far the sender's bytes are in the kernel. A send that has not returned has handed
// over at least what the next receive call takes without having to wait.
std::uint64_t in_kernel_at(const Facts& facts, const Stream& stream, TimeNs t) {
    const std::uint64_t handed = handed_at(facts, stream, t);
    const auto next =
        std::upper_bound(stream.reads.begin(), stream.reads.end(), t,
                         [&](TimeNs time, std::uint32_t r) { return time < facts.given_ns(r); });
    if (next == stream.reads.end() || blocked(facts, facts.receives[*next].call)) return handed;
    const std::uint64_t taken = stream.read_ends[static_cast<std::size_t>(next - stream.reads.begin())];
    std::uint64_t offered = handed;
    for_pieces(facts, stream, handed, taken, [&](const Piece& piece) {
        if (piece.message != kNone && facts.handed_ns(piece.message) <= t) offered += piece.size;
    });
    return offered;
}

void stream_receive_queue(const Facts& facts, const Stream& stream, TimeNs t, Queue& queue) {
    queue.stream = true;
    if (stream.gone_ns != model::kNever && t >= stream.gone_ns) return;
    const std::uint64_t read = read_at(facts, stream, t);
    // Where no packet shows where the bytes are: handed over and not read.
    const std::uint64_t front =
        stream.wired ? front_at(facts, stream, t) : std::max(read, in_kernel_at(facts, stream, t));
    for_in_line(stream, read, front, t,
                [&](std::uint64_t begin, std::uint64_t end) { add_ready(facts, stream, begin, end, queue); });
    if (stream.wired) add_held(facts, stream, front, t, queue);
}

void record_receive_queue(const Facts& facts, const Inbox& inbox, TimeNs t, Queue& queue) {
    const auto begun = std::upper_bound(inbox.arrivals.begin(), inbox.arrivals.end(), t,
                                        [](TimeNs time, const Arrival& a) { return time < a.at_ns; });
    inbox.open.visit_open(
        static_cast<std::size_t>(begun - inbox.arrivals.begin()), t,
        [&](std::size_t i) { return gone_at(facts, inbox, inbox.arrivals[i]); },
        [&](std::size_t i) {
            const Arrival& arrival = inbox.arrivals[i];
            QueueItem item;
            item.piece.message = arrival.message;
            if (const Content* content = content_of(facts, arrival); content != nullptr)
                item.piece = content->pieces.size() == 1
                                 ? content->pieces.front()
                                 : Piece{kNone, 0, static_cast<std::uint32_t>(content->bytes.size())};
            else if (arrival.message != kNone)
                item.piece.size = facts.messages[arrival.message].size;
            else if (const auto joined = facts.joined.find(arrival.packet); joined != facts.joined.end())
                item.piece.size = static_cast<std::uint32_t>(joined->second.bytes.size());
            else if (arrival.packet != kNone)
                item.piece.size = facts.packets[arrival.packet].payload_size;
            item.packet = arrival.packet;
            item.cause =
                arrival.packet != kNone ? packet_ref(arrival.packet) : call_ref(facts, arrival.message);
            add(queue, item);
        });
}

struct Flying {
    std::uint64_t end;
    std::uint32_t packet;
};

// The packets that carry what is sent and not acknowledged; where several do, the one sent last.
std::map<std::uint64_t, Flying> unacknowledged(const Facts& facts, const Stream& stream, TimeNs t) {
    const auto sent_ns = [&](const Stream::Flight& f) { return facts.record(f.packet).sent_ns; };
    const auto begun =
        std::upper_bound(stream.flights.begin(), stream.flights.end(), t,
                         [&](TimeNs time, const Stream::Flight& f) { return time < sent_ns(f); });
    std::vector<std::uint32_t> open;
    stream.open_flights.visit_open(
        static_cast<std::size_t>(begun - stream.flights.begin()), t,
        [&](std::size_t i) { return stream.flights[i].acked_ns; },
        [&](std::size_t i) { open.push_back(stream.flights[i].packet); });
    std::map<std::uint64_t, Flying> cover;
    for (auto p = open.rbegin(); p != open.rend(); ++p) {  // the newest first; older ones fill what is left
        std::uint64_t begin = facts.packets[*p].stream_begin;
        const std::uint64_t end = facts.packets[*p].stream_end();
        while (begin < end) {
            const auto after = cover.upper_bound(begin);
            if (after != cover.begin() && std::prev(after)->second.end > begin) {
                begin = std::prev(after)->second.end;
                continue;
            }
            const std::uint64_t stop = after == cover.end() ? end : std::min(end, after->first);
            cover[begin] = {stop, *p};
            begin = stop;
        }
    }
    return cover;
}

void stream_send_queue(const Facts& facts, const Stream& stream, TimeNs t, Queue& queue) {
    queue.stream = true;
    if (!stream.wired || (stream.reset_ns != model::kNever && t >= stream.reset_ns)) return;
    const std::uint64_t acked = value_at(stream.acked, t), sent = sent_at(facts, stream, t);
    for (const auto& [begin, flying] : unacknowledged(facts, stream, t)) {
        const CellState state =
            facts.packets[flying.packet].first_copy == kNone ? CellState::sent : CellState::sent_again;
        if (flying.end > acked)
            add_bytes(facts, stream, std::max(begin, acked), flying.end, state, flying.packet, queue);
    }
    add_bytes(facts, stream, std::max(acked, sent), handed_at(facts, stream, t), CellState::unsent, kNone,
              queue);
}

// Datagrams between the send call and the wire.
void record_send_queue(const Facts& facts, std::uint32_t socket, TimeNs t, Queue& queue) {
    const std::vector<std::uint32_t>& sends = facts.socket_facts[socket].sends;
    if (facts.message_left_ns.empty()) return;
    const auto begun = std::upper_bound(sends.begin(), sends.end(), t, [&](TimeNs time, std::uint32_t m) {
        return time < facts.handed_ns(m);
    });
    auto first = begun;
    while (first != sends.begin() && facts.message_left_ns[*std::prev(first)] > t)
        --first;  // they leave in order
    for (; first != begun; ++first) {
        QueueItem item;
        item.piece = {*first, 0, facts.messages[*first].size};
        item.state = CellState::unsent;
        item.cause = call_ref(facts, *first);
        add(queue, item);
    }
}

}  // namespace

Queue receive_queue_at(const Facts& facts, std::uint32_t socket, TimeNs t) {
    Queue queue;
    if (socket >= facts.sockets.size()) return queue;
    queue.capacity = facts.sockets[socket].receive_buffer;
    const SocketFacts& known = facts.socket_facts[socket];
    if (known.in_stream != kNone)
        stream_receive_queue(facts, facts.streams[known.in_stream], t, queue);
    else if (known.inbox != kNone)
        record_receive_queue(facts, facts.inboxes[known.inbox], t, queue);
    else
        queue.stream = known.transport == Transport::tcp || known.transport == Transport::unix_stream;
    return queue;
}

Queue send_queue_at(const Facts& facts, std::uint32_t socket, TimeNs t) {
    Queue queue;
    if (socket >= facts.sockets.size()) return queue;
    queue.capacity = facts.sockets[socket].send_buffer;
    const SocketFacts& known = facts.socket_facts[socket];
    queue.stream = known.transport == Transport::tcp || known.transport == Transport::unix_stream;
    if (known.out_stream != kNone)
        stream_send_queue(facts, facts.streams[known.out_stream], t, queue);
    else
        record_send_queue(facts, socket, t, queue);
    return queue;
}

}  // namespace socketscope::story

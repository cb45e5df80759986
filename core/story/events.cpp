// The rows of the event list and the marks of the timeline.
#include <algorithm>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/program.hpp"
#include "core/story/query.hpp"

namespace socketscope::story {
namespace {

using model::RefKind;

std::uint8_t endpoint_of_host(const Facts& facts, model::Host host) {
    for (std::size_t e = 0; e < facts.trace->endpoints.size(); ++e)
        if (facts.trace->endpoints[e].host == host) return static_cast<std::uint8_t>(e);
    return 0;
}

std::uint8_t endpoint_of(const Facts& facts, std::uint32_t socket, model::Host host) {
    return socket == kNone ? endpoint_of_host(facts, host) : facts.sockets[socket].endpoint;
}

struct What {
    RefKind of;
    std::uint32_t index;
};

void add(Facts& facts, TimeNs at_ns, MarkKind kind, std::uint8_t endpoint, What what) {
    facts.events.push_back({at_ns, what.index, what.of, kind, endpoint});
}

void call_events(Facts& facts) {
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        if (facts.ours(i)) continue;
        const model::CallRecord& call = facts.call(i);
        const What what{RefKind::call, i};
        const bool waits = blocked(facts, i);
        if (waits) add(facts, call.enter_ns, MarkKind::blocked, call.endpoint, what);
        if (call.exit_ns == model::kNever) {
            if (!waits) add(facts, call.enter_ns, MarkKind::call, call.endpoint, what);
            continue;
        }
        if (call.result < 0) {
            add(facts, call.exit_ns, MarkKind::refused, call.endpoint, what);
        } else if (model::sends(call.call)) {
            // What it hands over is on its way before the call returns: a send is shown where it began.
            add(facts, waits ? call.exit_ns : call.enter_ns, MarkKind::send, call.endpoint, what);
        } else {
            const bool receive = model::receives(call.call);
            add(facts, call.exit_ns, receive ? MarkKind::receive : MarkKind::call, call.endpoint, what);
        }
    }
}

void packet_events(Facts& facts) {
    for (std::uint32_t p = 0; p < facts.packets.size(); ++p) {
        const model::PacketRecord& record = facts.record(p);
        const Packet& packet = facts.packets[p];
        const What what{RefKind::packet, p};
        const bool ack = packet.role == PacketRole::ack || packet.role == PacketRole::window_update;
        const MarkKind kind = packet.first_copy != kNone ? MarkKind::retransmitted
                              : ack                      ? MarkKind::ack
                                                         : MarkKind::packet_sent;
        add(facts, record.sent_ns, kind, endpoint_of(facts, packet.socket, record.from), what);
        if (record.verdict == model::Verdict::delivered)
            add(facts, record.delivered_ns, MarkKind::packet_delivered,
                endpoint_of(facts, packet.to_socket, model::other(record.from)), what);
    }
}

void loss_events(Facts& facts) {
    for (std::uint32_t i = 0; i < facts.losses.size(); ++i) {
        const Loss& loss = facts.losses[i];
        std::uint8_t endpoint = 0;
        if (loss.piece.message != kNone)
            endpoint = facts.messages[loss.piece.message].endpoint;
        else if (loss.packet != kNone)
            endpoint = endpoint_of(facts, facts.packets[loss.packet].socket, facts.record(loss.packet).from);
        add(facts, loss.at_ns, MarkKind::lost, endpoint,
            {loss.packet != kNone ? RefKind::packet : RefKind::byte, i});
    }
}

void note_events(Facts& facts) {
    for (std::uint32_t n = 0; n < facts.trace->notes.size(); ++n) {
        const model::NoteRecord& note = facts.trace->notes[n];
        // What held is no news: the code panel ticks the line. What did not is as loud as a refusal.
        const bool checked = note.what == model::Note::expectation;
        if (checked && note.value != 0) continue;
        add(facts, note.at_ns, checked ? MarkKind::refused : MarkKind::control, note.endpoint,
            {RefKind::note, n});
    }
}

TimeNs last_moment(const Facts& facts) {
    TimeNs last = std::max(facts.trace->start_ns, facts.trace->end_ns);
    for (const model::CallRecord& call : facts.trace->calls)
        last = std::max({last, call.enter_ns, call.exit_ns});
    for (const model::PacketRecord& packet : facts.trace->packets)
        last = std::max({last, packet.sent_ns, packet.delivered_ns});
    return last;
}

// Who uses which message. A packet or receive that has two pieces of one message is listed once.
void index_uses(Facts& facts) {
    const auto each_use = [&](auto visit) {
        const auto one = [&](PieceRange range, std::uint32_t use) {
            std::uint32_t last = kNone;
            for (std::uint32_t i = 0; i < range.count; ++i) {
                const std::uint32_t message = facts.pieces[range.begin + i].message;
                if (message != kNone && message != last) visit(message, use);
                last = message;
            }
        };
        for (std::uint32_t p = 0; p < facts.packets.size(); ++p) one(facts.packets[p].pieces, kPacketUse | p);
        for (std::uint32_t r = 0; r < facts.receives.size(); ++r) one(facts.receives[r].pieces, r);
    };
    facts.message_uses_begin.assign(facts.messages.size() + 1, 0);
    each_use([&](std::uint32_t message, std::uint32_t) { ++facts.message_uses_begin[message + 1]; });
    for (std::size_t m = 0; m < facts.messages.size(); ++m)
        facts.message_uses_begin[m + 1] += facts.message_uses_begin[m];
    facts.message_uses.resize(facts.message_uses_begin.back());
    std::vector<std::uint32_t> next = facts.message_uses_begin;
    each_use([&](std::uint32_t message, std::uint32_t use) { facts.message_uses[next[message]++] = use; });
}

// What grew step by step has room for more than it needs.
void shrink(Facts& facts) {
    facts.pieces.shrink_to_fit();
    facts.losses.shrink_to_fit();
    for (auto& calls : facts.endpoint_calls) calls.shrink_to_fit();
    for (SocketFacts& socket : facts.socket_facts) {
        if (socket.transport == Transport::udp || socket.transport == Transport::raw)
            socket.sends.shrink_to_fit();  // still asked: which datagrams wait before the wire
        else
            socket.sends = {};
        socket.receives = {};
    }
    for (Stream& stream : facts.streams) {
        stream.reads.shrink_to_fit();
        stream.read_ends.shrink_to_fit();
        stream.acked.shrink_to_fit();
        stream.flights.shrink_to_fit();
        stream.held.shrink_to_fit();
        stream.brought.shrink_to_fit();
    }
    for (Inbox& inbox : facts.inboxes) inbox.arrivals.shrink_to_fit();
}

}  // namespace

model::Ref ref(const Facts& facts, const Event& event) {
    if (event.kind != MarkKind::lost) return {event.of, 0, event.index, 0};
    if (event.index >= facts.losses.size()) return {};
    const Loss& loss = facts.losses[event.index];
    if (loss.packet != kNone) return {RefKind::packet, 0, loss.packet, 0};
    return {RefKind::byte, 0, loss.piece.message, loss.piece.offset};
}

void build_events(Facts& facts) {
    facts.end_ns = last_moment(facts);
    index_programs(facts);
    facts.events.reserve(facts.trace->calls.size() + 2 * facts.packets.size() + facts.losses.size() +
                         facts.trace->notes.size());
    call_events(facts);
    packet_events(facts);
    loss_events(facts);
    note_events(facts);
    std::stable_sort(facts.events.begin(), facts.events.end(),
                     [](const Event& a, const Event& b) { return a.at_ns < b.at_ns; });
    shrink(facts);
    index_uses(facts);
}

}  // namespace socketscope::story

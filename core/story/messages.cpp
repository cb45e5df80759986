// What each send call handed over, and what each receive call was given; the streams that carry them.
#include <algorithm>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/control.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

using model::CallRecord;

constexpr std::uint8_t kHues = 6;

bool is_stream(const Facts& facts, std::uint32_t socket) {
    if (socket == kNone) return model::row(facts.trace->kind).name.ends_with("stream");
    const Transport transport = facts.socket_facts[socket].transport;
    return transport == Transport::tcp || transport == Transport::unix_stream;
}

void add_message(Facts& facts, std::uint32_t index) {
    const CallRecord& call = facts.call(index);
    const std::uint32_t socket = facts.call_socket[index];
    const bool open = call.exit_ns == model::kNever;
    if (!open && call.result < 0) return;
    const std::uint32_t size = open ? call.data.size : static_cast<std::uint32_t>(call.result);
    if (size == 0 && (is_stream(facts, socket) || open)) return;  // hands over nothing
    Message message;
    message.call = index;
    message.socket = socket;
    message.number = static_cast<std::uint32_t>(facts.messages.size() + 1);
    message.size = size;
    message.endpoint = call.endpoint;
    message.hue = static_cast<std::uint8_t>(facts.messages.size() % kHues);
    if (socket != kNone)
        facts.socket_facts[socket].sends.push_back(static_cast<std::uint32_t>(facts.messages.size()));
    facts.messages.push_back(message);
}

void add_receive(Facts& facts, std::uint32_t index) {
    const CallRecord& call = facts.call(index);
    if (call.exit_ns == model::kNever || call.result < 0) return;
    const std::uint32_t socket = facts.call_socket[index];
    Receive receive;
    receive.call = index;
    receive.socket = socket;
    receive.endpoint = call.endpoint;
    const std::int64_t flags = flags_of(call);
    receive.peeked = (flags & kMsgPeek) != 0;
    receive.error_queue = (flags & kMsgErrQueue) != 0;
    receive.discarded = (flags & kMsgTrunc) != 0 && socket != kNone && !receive.error_queue &&
                        facts.socket_facts[socket].transport == Transport::tcp;
    receive.end_of_file =
        call.result == 0 && call.args.first > 0 && is_stream(facts, socket) && !receive.error_queue;
    if (socket != kNone)
        facts.socket_facts[socket].receives.push_back(static_cast<std::uint32_t>(facts.receives.size()));
    facts.receives.push_back(receive);
}

// An error gives the program back what it had sent (IP_RECVERR, ip(7)): the oldest datagram to there that begins so.
void give_back(Facts& facts, Receive& receive) {
    const CallRecord& call = facts.call(receive.call);
    const std::string_view given = facts.trace->bytes(call.data);
    if (receive.socket == kNone || given.empty()) return;
    const Name to = parse_name(address_of(*facts.trace, call));
    for (const std::uint32_t m : facts.socket_facts[receive.socket].sends) {
        const Message& message = facts.messages[m];
        if (facts.handed_ns(m) > call.exit_ns) return;
        const bool there = to.empty() || destination_of(facts, message) == to;
        if (!there || !bytes_of(facts, m).starts_with(given)) continue;
        receive.pieces = add_piece(facts, {m, 0, static_cast<std::uint32_t>(given.size())});
        return;
    }
}

}  // namespace

void build_messages(Facts& facts) {
    std::size_t sends = 0, receives = 0;
    for (const CallRecord& call : facts.trace->calls) {
        sends += model::sends(call.call) && call.result >= 0;
        receives += model::receives(call.call) && call.result >= 0;
    }
    facts.messages.reserve(sends);
    facts.receives.reserve(receives);
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        if (facts.ours(i)) continue;
        if (model::sends(facts.call(i).call)) add_message(facts, i);
        if (model::receives(facts.call(i).call)) add_receive(facts, i);
    }
    for (Receive& receive : facts.receives)
        if (receive.error_queue) give_back(facts, receive);
    for (SocketFacts& socket : facts.socket_facts)
        std::stable_sort(
            socket.receives.begin(), socket.receives.end(),
            [&](std::uint32_t a, std::uint32_t b) { return facts.given_ns(a) < facts.given_ns(b); });
}

void name_the_rest(Facts& facts) {
    for (Receive& receive : facts.receives) {
        const std::uint32_t given = facts.call(receive.call).data.size;
        if (receive.pieces.count == 0 && given > 0 && !receive.discarded)
            receive.pieces = add_piece(facts, {kNone, 0, given});
    }
}

std::int64_t flags_of(const CallRecord& call) {
    return call.call == model::Call::read || call.call == model::Call::write ? 0 : call.args.second;
}

std::string_view bytes_of(const Facts& facts, std::uint32_t message) {
    const Message& m = facts.messages[message];
    return facts.trace->bytes(facts.call(m.call).data).substr(0, m.size);
}

Name destination_of(const Facts& facts, const Message& message) {
    Name named = parse_name(address_of(*facts.trace, facts.call(message.call)));
    if (!named.empty() || message.socket == kNone) return named;
    return peer_at(facts.socket_facts[message.socket], facts.call(message.call).enter_ns);
}

std::uint32_t add_stream(Facts& facts, std::uint32_t from, std::uint32_t to) {
    const auto index = static_cast<std::uint32_t>(facts.streams.size());
    Stream stream;
    stream.from = from;
    stream.to = to;
    if (from != kNone) {
        facts.socket_facts[from].out_stream = index;
        stream.messages = std::move(facts.socket_facts[from].sends);
        std::uint64_t offset = 0;
        for (const std::uint32_t m : stream.messages) {
            facts.messages[m].stream_offset = offset;
            facts.messages[m].to_socket = to;
            offset += facts.messages[m].size;
        }
    }
    if (to != kNone) facts.socket_facts[to].in_stream = index;
    facts.streams.push_back(std::move(stream));
    return index;
}

PieceRange add_pieces(Facts& facts, const Stream& stream, std::uint64_t begin, std::uint64_t end) {
    PieceRange range{static_cast<std::uint32_t>(facts.pieces.size()), 0};
    for_pieces(facts, stream, begin, end, [&](const Piece& piece) {
        facts.pieces.push_back(piece);
        ++range.count;
    });
    return range;
}

PieceRange add_piece(Facts& facts, Piece piece) {
    facts.pieces.push_back(piece);
    return {static_cast<std::uint32_t>(facts.pieces.size() - 1), 1};
}

std::uint64_t value_at(const std::vector<Step>& steps, TimeNs t) {
    const auto after = std::upper_bound(steps.begin(), steps.end(), t,
                                        [](TimeNs time, const Step& step) { return time < step.at_ns; });
    return after == steps.begin() ? 0 : std::prev(after)->offset;
}

void raise(std::vector<Step>& steps, TimeNs at_ns, std::uint64_t offset) {
    if (offset == 0 || (!steps.empty() && steps.back().offset >= offset)) return;
    steps.push_back({steps.empty() ? at_ns : std::max(at_ns, steps.back().at_ns), offset});
}

std::uint64_t sent_at(const Facts& facts, const Stream& stream, TimeNs t) {
    auto begun = std::upper_bound(
        stream.flights.begin(), stream.flights.end(), t,
        [&](TimeNs time, const Stream::Flight& f) { return time < facts.record(f.packet).sent_ns; });
    // A packet that repeats nothing carries the highest bytes so far; the first one never repeats.
    while (begun != stream.flights.begin()) {
        const Packet& packet = facts.packets[(--begun)->packet];
        if (packet.first_copy == kNone) return packet.stream_end();
    }
    return 0;
}

std::uint64_t brought_end(const Facts& facts, const Stream& stream, std::size_t i) {
    const std::uint64_t end = facts.packets[stream.brought[i].packet].stream_end();
    return i + 1 < stream.brought.size() ? std::min(end, stream.brought[i + 1].begin) : end;
}

std::uint64_t front_at(const Facts& facts, const Stream& stream, TimeNs t) {
    const auto after =
        std::upper_bound(stream.brought.begin(), stream.brought.end(), t,
                         [](TimeNs time, const Stream::Brought& b) { return time < or_forever(b.ready_ns); });
    if (after == stream.brought.begin()) return 0;
    return brought_end(facts, stream, static_cast<std::size_t>(after - stream.brought.begin()) - 1);
}

std::uint64_t handed_at(const Facts& facts, const Stream& stream, TimeNs t) {
    const auto after = std::upper_bound(stream.messages.begin(), stream.messages.end(), t,
                                        [&](TimeNs time, std::uint32_t m) {
                                            return time < exit_or_forever(facts.call(facts.messages[m].call));
                                        });
    if (after == stream.messages.begin()) return 0;
    const Message& last = facts.messages[*std::prev(after)];
    return last.stream_offset + last.size;
}

std::uint64_t read_at(const Facts& facts, const Stream& stream, TimeNs t) {
    const auto after =
        std::upper_bound(stream.reads.begin(), stream.reads.end(), t,
                         [&](TimeNs time, std::uint32_t r) { return time < facts.given_ns(r); });
    return after == stream.reads.begin()
               ? 0
               : stream.read_ends[static_cast<std::size_t>(after - stream.reads.begin()) - 1];
}

}  // namespace socketscope::story

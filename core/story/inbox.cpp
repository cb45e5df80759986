// The receive queue of a socket that keeps messages apart: what arrived, and which receive call took it.
#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/control.hpp"

namespace socketscope::story {
namespace {

constexpr std::size_t kOverlap = 64;  // arrivals that overlapping senders can put out of order

std::int64_t asked(const model::CallRecord& call) {
    return std::max<std::int64_t>(call.args.first, 0);
}

// Whether the receive call can have been given this.
bool fits(const Facts& facts, const model::CallRecord& call, std::string_view content) {
    const std::string_view given = facts.trace->bytes(call.data);
    const bool cut_in_trace = (call.flags & model::kPayloadCut) != 0;
    const auto expected = std::min<std::uint64_t>(static_cast<std::uint64_t>(asked(call)), content.size());
    if (cut_in_trace ? given.size() > expected : given.size() != expected) return false;
    return content.substr(0, given.size()) == given;
}

struct Found {
    std::size_t index{SIZE_MAX};
    explicit operator bool() const { return index != SIZE_MAX; }
};

// Where the kernel's own count says that it stands: behind all that were read and all that were dropped before it.
Found counted(const Facts& facts, const Inbox& inbox, std::size_t read, const Receive& receive,
              const Reading& reading) {
    const auto drops = drops_before(*facts.trace, facts.call(receive.call));
    if (!drops || inbox.damaged > 0) return {};
    const std::size_t at = read + *drops;
    if (at >= inbox.arrivals.size()) return {};
    const Arrival& arrival = inbox.arrivals[at];
    const bool possible = arrival.fate == Fate::waiting && arrival.at_ns <= facts.given_ns(receive) &&
                          fits(facts, facts.call(receive.call), reading.bytes(facts, arrival));
    return possible ? Found{at} : Found{};
}

Found find(const Facts& facts, const Inbox& inbox, std::size_t head, const Receive& receive,
           const Reading& reading) {
    std::size_t too_late = 0;
    for (std::size_t i = head; i < inbox.arrivals.size() && too_late < kOverlap; ++i) {
        const Arrival& arrival = inbox.arrivals[i];
        if (arrival.at_ns > facts.given_ns(receive)) {
            ++too_late;
            if (reading.skip == Skip::lost) break;
            continue;
        }
        if (arrival.fate == Fate::waiting &&
            fits(facts, facts.call(receive.call), reading.bytes(facts, arrival)))
            return {i};
    }
    return {};
}

// What the receive call had no room for. A raw socket may read an IP header in front of the message.
void cut_tail(Facts& facts, const Receive& receive, const Arrival& arrival, std::uint32_t whole) {
    const std::uint32_t size =
        content_of(facts, arrival) != nullptr ? whole : facts.messages[arrival.message].size;
    for_arrived(facts, arrival, size - std::min(receive.cut_bytes, size), size, [&](const Piece& piece) {
        Loss loss;
        loss.at_ns = facts.given_ns(receive);
        loss.place = LossPlace::truncated;
        loss.piece = piece;
        loss.why = "The receive call had room for " + std::to_string(whole - receive.cut_bytes) + " of " +
                   std::to_string(whole) + " bytes: the rest of the message was thrown away (MSG_TRUNC).";
        add_loss(facts, std::move(loss));
    });
}

// Whether reading nothing can mean the end: where the peer is connected, or behind a shutdown(SHUT_RD) of its own. Else it
// was an empty datagram of somebody whom the trace does not show.
bool can_end(const Facts& facts, const Inbox& inbox, const Receive& receive) {
    const SocketFacts& reader = facts.socket_facts[inbox.socket];
    return reader.transport == Transport::unix_seqpacket ||
           or_forever(reader.read_shut_ns) <= facts.given_ns(receive);
}

}  // namespace

TimeNs gone_at(const Facts& facts, const Inbox& inbox, const Arrival& arrival) {
    switch (arrival.fate) {
        case Fate::waiting:
            return model::kNever;
        case Fate::read:
            return facts.given_ns(arrival.receive);
        case Fate::unread:
            return std::max(facts.sockets[inbox.socket].closed_ns, arrival.at_ns);
        case Fate::overtaken:
        case Fate::missing:
        case Fate::filtered:
            break;
    }
    return arrival.at_ns;  // it never was in the queue
}

Inbox& inbox_of(Facts& facts, std::uint32_t socket) {
    std::uint32_t& index = facts.socket_facts[socket].inbox;
    if (index == kNone) {
        index = static_cast<std::uint32_t>(facts.inboxes.size());
        facts.inboxes.emplace_back().socket = socket;
    }
    return facts.inboxes[index];
}

void read_inbox(Facts& facts, Inbox& inbox, const Reading& reading) {
    std::size_t head = 0, read = 0;
    for (const std::uint32_t r : facts.socket_facts[inbox.socket].receives) {
        Receive& receive = facts.receives[r];
        if (receive.error_queue) continue;
        const model::CallRecord& call = facts.call(receive.call);
        Found found;
        if (reading.skip == Skip::lost) found = counted(facts, inbox, read, receive, reading);
        if (!found) found = find(facts, inbox, head, receive, reading);
        if (!found) {
            if (call.result == 0 && asked(call) > 0) receive.end_of_file = can_end(facts, inbox, receive);
            if (call.data.size > 0) receive.pieces = add_piece(facts, {kNone, 0, call.data.size});
            continue;
        }
        const auto size =
            static_cast<std::uint32_t>(reading.bytes(facts, inbox.arrivals[found.index]).size());
        const std::uint32_t given = static_cast<std::uint32_t>(std::min<std::int64_t>(asked(call), size));
        receive.pieces = reading.give(facts, inbox.arrivals[found.index], given);
        receive.cut_bytes = size - given;
        if (receive.peeked) continue;
        Arrival& arrival = inbox.arrivals[found.index];
        if (receive.cut_bytes > 0 && arrival.message != kNone) cut_tail(facts, receive, arrival, size);
        arrival.fate = Fate::read;
        arrival.receive = r;
        ++read;
        if (reading.skip == Skip::lost) {
            for (; head < found.index; ++head)
                if (inbox.arrivals[head].fate == Fate::waiting) inbox.arrivals[head].fate = Fate::overtaken;
            head = found.index + 1;
        }
        while (head < inbox.arrivals.size() && inbox.arrivals[head].fate != Fate::waiting) ++head;
    }
}

std::string_view message_bytes(const Facts& facts, const Arrival& arrival) {
    return arrival.message == kNone ? std::string_view{} : bytes_of(facts, arrival.message);
}

PieceRange give_message(Facts& facts, const Arrival& arrival, std::uint32_t size) {
    if (content_of(facts, arrival) == nullptr) return add_piece(facts, {arrival.message, 0, size});
    PieceRange range{static_cast<std::uint32_t>(facts.pieces.size()), 0};
    for_arrived(facts, arrival, 0, size, [&](const Piece& piece) {
        facts.pieces.push_back(piece);
        ++range.count;
    });
    return range;
}

void add_loss(Facts& facts, Loss loss) {
    facts.losses.push_back(std::move(loss));
}

}  // namespace socketscope::story

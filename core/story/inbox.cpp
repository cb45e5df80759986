// The receive queue of a socket that keeps messages apart: what arrived, and which receive call took it.
#include <algorithm>
#include <set>

#include "core/story/build.hpp"
#include "core/story/control.hpp"
#include "core/story/numbers.hpp"
#include "core/story/peek_offset.hpp"

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

// Whether reading nothing can mean the end: where the peer is connected, or behind a shutdown(SHUT_RD) of its own.
// Else it was an empty datagram of somebody whom the trace does not show.
bool can_end(const Facts& facts, const Inbox& inbox, const Receive& receive) {
    const SocketFacts& reader = facts.socket_facts[inbox.socket];
    return reader.transport == Transport::unix_seqpacket ||
           or_forever(reader.read_shut_ns) <= facts.given_ns(receive);
}

// The receive calls of the inbox's socket, one after the other.
class InboxReader {
public:
    InboxReader(Facts& facts, Inbox& inbox, const Reading& reading)
        : facts_(facts), inbox_(inbox), reading_(reading), peek_offset_(facts.socket_facts[inbox.socket]) {}

    void read() {
        for (const std::uint32_t r : facts_.socket_facts[inbox_.socket].receives)
            if (!facts_.receives[r].error_queue) read(r);
    }

private:
    struct Found {
        std::size_t index{SIZE_MAX};
        std::uint32_t begin{0};  // bytes before it were looked at earlier (SO_PEEK_OFF)
        explicit operator bool() const { return index != SIZE_MAX; }
    };

    void read(std::uint32_t r) {
        Receive& receive = facts_.receives[r];
        const model::CallRecord& call = facts_.call(receive.call);
        peek_offset_.set_until(call.enter_ns);
        Found found;
        if (reading_.skip == Skip::lost) found = counted(receive);
        if (!found) found = find(receive);
        if (!found) {
            if (call.result == 0 && asked(call) > 0) receive.end_of_file = can_end(facts_, inbox_, receive);
            if (call.data.size > 0) receive.pieces = add_piece(facts_, {kNone, 0, call.data.size});
            return;
        }
        const auto size = static_cast<std::uint32_t>(bytes(found.index).size());
        const auto given =
            static_cast<std::uint32_t>(std::min<std::int64_t>(asked(call), size - found.begin));
        receive.pieces = reading_.give(facts_, inbox_.arrivals[found.index], found.begin, given);
        receive.cut_bytes = size - found.begin - given;
        if (receive.peeked) return look_at(found.index, call, given, size);
        Arrival& arrival = inbox_.arrivals[found.index];
        if (receive.cut_bytes > 0 && arrival.message != kNone) cut_tail(facts_, receive, arrival, size);
        arrival.fate = Fate::read;
        arrival.receive = r;
        peek_offset_.taken(is_udp() ? counted_size(call, given, size) : size);
        ++read_;
        go_on_behind(found.index);
    }

    void look_at(std::size_t index, const model::CallRecord& call, std::uint32_t given, std::uint32_t size) {
        if (size == 0) empty_seen_.insert(index);
        peek_offset_.looked_at(is_udp() ? counted_size(call, given, size) : given);
    }

    // UDP counts what the call answers (udp.c), which with MSG_TRUNC is the whole datagram.
    static std::uint32_t counted_size(const model::CallRecord& call, std::uint32_t given,
                                      std::uint32_t size) {
        return (flags_of(call) & kMsgTrunc) != 0 ? size : given;
    }
    bool is_udp() const { return facts_.socket_facts[inbox_.socket].transport == Transport::udp; }

    void go_on_behind(std::size_t index) {
        if (reading_.skip == Skip::lost) {
            for (; head_ < index; ++head_)
                if (inbox_.arrivals[head_].fate == Fate::waiting)
                    inbox_.arrivals[head_].fate = Fate::overtaken;
            head_ = index + 1;
        }
        while (head_ < inbox_.arrivals.size() && inbox_.arrivals[head_].fate != Fate::waiting) ++head_;
    }

    // Where the kernel's own count says that it stands: behind all that were read and all that were dropped before it.
    Found counted(const Receive& receive) const {
        const auto drops = drops_before(*facts_.trace, facts_.call(receive.call));
        if (!drops || inbox_.damaged > 0 || begins_behind(receive)) return {};
        const std::size_t at = read_ + *drops;
        if (at >= inbox_.arrivals.size()) return {};
        const Arrival& arrival = inbox_.arrivals[at];
        const bool possible = arrival.fate == Fate::waiting && arrival.at_ns <= facts_.given_ns(receive) &&
                              fits(facts_, facts_.call(receive.call), bytes(at));
        return possible ? Found{at} : Found{};
    }

    Found find(const Receive& receive) const {
        const bool behind = begins_behind(receive);
        const Name from = told_sender(receive);
        std::uint64_t begin = behind ? peek_offset_.bytes() : 0;
        std::size_t too_late = 0;
        for (std::size_t i = head_; i < inbox_.arrivals.size() && too_late < kOverlap; ++i) {
            const Arrival& arrival = inbox_.arrivals[i];
            if (arrival.at_ns > facts_.given_ns(receive)) {
                ++too_late;
                if (reading_.skip == Skip::lost) break;
                continue;
            }
            if (arrival.fate != Fate::waiting || !came_from(from, arrival)) continue;
            const std::string_view content = bytes(i);
            // As in the kernel (__skb_try_recv_from_queue()): an empty one is looked at once.
            const bool passed = behind && begin >= content.size() && (begin > 0 || empty_seen_.contains(i));
            if (passed)
                begin -= content.size();
            else if (fits(facts_, facts_.call(receive.call), content.substr(begin)))
                return {i, static_cast<std::uint32_t>(begin)};
        }
        return {};
    }

    // recvfrom() and recvmsg() tell who sent it, if that one has a name.
    Name told_sender(const Receive& receive) const {
        if (reading_.sender == nullptr) return {};
        return parse_name(address_of(*facts_.trace, facts_.call(receive.call)));
    }
    bool came_from(const Name& told, const Arrival& arrival) const {
        if (told.empty()) return true;
        const Name& known = reading_.sender(facts_, arrival);
        return known.empty() || known == told;
    }

    bool begins_behind(const Receive& receive) const { return receive.peeked && peek_offset_.is_set(); }
    std::string_view bytes(std::size_t index) const { return reading_.bytes(facts_, inbox_.arrivals[index]); }

    Facts& facts_;
    Inbox& inbox_;
    const Reading& reading_;
    PeekOffset peek_offset_;
    std::set<std::size_t> empty_seen_;
    std::size_t head_{0}, read_{0};  // all before head_ are gone
};

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
    InboxReader(facts, inbox, reading).read();
}

std::string_view message_bytes(const Facts& facts, const Arrival& arrival) {
    return arrival.message == kNone ? std::string_view{} : bytes_of(facts, arrival.message);
}

PieceRange give_message(Facts& facts, const Arrival& arrival, std::uint32_t begin, std::uint32_t size) {
    if (content_of(facts, arrival) == nullptr) return add_piece(facts, {arrival.message, begin, size});
    PieceRange range{static_cast<std::uint32_t>(facts.pieces.size()), 0};
    for_arrived(facts, arrival, begin, begin + size, [&](const Piece& piece) {
        facts.pieces.push_back(piece);
        ++range.count;
    });
    return range;
}

void cut_tail(Facts& facts, const Receive& receive, const Arrival& arrival, std::uint32_t whole) {
    const Content* content = content_of(facts, arrival);
    const std::uint32_t size = content != nullptr ? static_cast<std::uint32_t>(content->bytes.size())
                                                  : facts.messages[arrival.message].size;
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

void add_loss(Facts& facts, Loss loss) {
    facts.losses.push_back(std::move(loss));
}

}  // namespace socketscope::story

#include "core/wire/carrier.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

using model::Cause;
using model::PacketFlag;
using model::PacketRecord;
using model::TimeNs;

constexpr TimeNs kUntilReleased = std::numeric_limits<TimeNs>::max();

TimeNs recorded(TimeNs due_ns) {
    return due_ns == kUntilReleased ? model::kNever : due_ns;
}

std::string with_flipped_bit(std::string_view bytes, std::uint32_t bit) {
    std::string changed(bytes);
    if (bit / 8 < changed.size()) changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    return changed;
}

}  // namespace

struct Carrier::Lane {
    Lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& its_log, LaneNumber its_number)
        : directions{Direction(link, model::Host::client, seed), Direction(link, model::Host::server, seed)},
          persons_dice(seed),
          log(&its_log),
          number(its_number) {}

    Direction directions[2];
    Dice persons_dice;  // for which bit a person's corruption hits
    trace::PacketLog* log;
    LaneNumber number;
};

Carrier::Carrier(Form form, Clock clock, WayOut way_out)
    : form_(form), clock_(std::move(clock)), way_out_(std::move(way_out)) {}
Carrier::~Carrier() = default;

void Carrier::begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log) {
    present_ = ++newest_;
    lanes_.emplace(present_, std::make_unique<Lane>(link, seed, log, present_));
}

void Carrier::end_run() {
    while (!flying_.empty()) drop(flying_.begin(), Cause::wire_closed);
    // Late segments of this run's connections must not count as the next run's: their flows are kept that long.
    if (!lanes_.empty()) flows_.forget_before(lanes_.begin()->first);
    lanes_.clear();
    present_ = 0;
}

Carrier::Lane* Carrier::lane_of(const packet::Headers& headers, std::string_view bytes) {
    const LaneNumber number = form_ == Form::payloads ? present_ : flows_.lane_of(headers, bytes, present_);
    const auto lane = lanes_.find(number);
    return lane == lanes_.end() ? nullptr : lane->second.get();
}

PacketRecord Carrier::record_of(const Arrival& arrival, const Passing& passing, const Fate& fate,
                                const Lane& lane) const {
    PacketRecord record;
    record.sent_ns = passing.now_ns;
    record.due_ns = fate.due_ns + fate.hold_ns + (fate.swap_with ? fate.swap_patience_ns : 0);
    record.rule = fate.rule;
    record.from = arrival.from;
    record.cause = fate.rule ? Cause::rule : Cause::none;
    unsigned flags = 0;
    if (fate.hold_ns > 0 || fate.swap_with) flags |= PacketFlag::kHeld;
    if (form_ == Form::payloads) flags |= PacketFlag::kPayloadOnly;
    if (lane.number != present_) flags |= PacketFlag::kFromBefore;
    record.flags = static_cast<std::uint16_t>(flags);
    return record;
}

void Carrier::arrived(const Arrival& arrival) {
    Passing passing{nullptr, arrival.bytes.size(), clock_()};
    if (next_due() != model::kNever && next_due() <= passing.now_ns) deliver_due();
    packet::Headers headers;
    if (form_ == Form::ip_packets) {
        headers = packet::decode(arrival.bytes);
        passing.headers = &headers;
    }
    Lane* lane = lane_of(headers, arrival.bytes);
    if (!lane) {
        way_out_(arrival);  // nobody records it; a refusal is the same as a loss on a real wire
        return;
    }
    Fate fate = lane->directions[static_cast<int>(arrival.from)].decide(passing);
    Flying packet{
        lane, PacketRecord::kNoPacket,   arrival.from, arrival.route, fate.rule, fate.flipped_bit, {},
        {},   fate.due_ns + fate.hold_ns};
    const bool lost = fate.dropped != Cause::none;
    const std::vector<Turn> overtaken = lost ? std::vector<Turn>{} : waiting_for(passing, packet);
    if (!overtaken.empty()) fate.swap_with.reset();  // it is the second of a pair already
    packet.swap_with = fate.swap_with;
    PacketRecord record = record_of(arrival, passing, fate, *lane);
    // Each takes the other's place on the wire: this one is as early as the one that it overtakes would have been.
    const TimeNs place_ns = record.due_ns;
    for (const Turn& turn : overtaken)
        record.due_ns = std::max(passing.now_ns, std::min(record.due_ns, flying_.at(turn).place_ns));
    packet.id = lane->log->sent(record, arrival.bytes);
    if (lost) {
        lane->log->dropped(packet.id, clock_(), fate.dropped, fate.rule, 0);
        return;
    }
    set_out(std::move(packet), record, fate.copies, arrival.bytes);
    for (const Turn& turn : overtaken) move(turn, place_ns, Cause::none);
    if (!overtaken.empty()) deliver_due();
}

// The packet and its copies, one directly behind the other: at once, or when they are due.
void Carrier::set_out(Flying packet, const PacketRecord& record, std::uint32_t copies,
                      std::string_view bytes) {
    const bool at_once = record.due_ns <= record.sent_ns;
    PacketRecord copy = record;
    copy.copy_of = packet.id;
    copy.flags |= PacketFlag::kDuplicate;
    Flying twin = packet;
    twin.flipped_bit.reset();
    for (std::uint32_t i = 0; i <= copies; ++i) {
        Flying& next = i == 0 ? packet : twin;
        if (i > 0) twin.id = twin.lane->log->sent(copy, bytes);
        if (at_once) {
            land(next, bytes);
        } else {
            next.bytes = bytes;
            keep(next, turn_at(record.due_ns));
        }
    }
}

void Carrier::keep(Flying packet, Turn turn) {
    if (packet.swap_with) waiting_to_swap_.push_back(turn);
    flying_.emplace(turn, std::move(packet));
}

Carrier::InFlight::node_type Carrier::take(InFlight::iterator packet) {
    if (packet->second.swap_with) std::erase(waiting_to_swap_, packet->first);
    return flying_.extract(packet);
}

void Carrier::land(const Flying& packet, std::string_view bytes) {
    const std::string changed =
        packet.flipped_bit ? with_flipped_bit(bytes, *packet.flipped_bit) : std::string();
    const std::uint16_t flags = packet.flipped_bit ? PacketFlag::kCorrupted : 0;
    const TimeNs now = clock_();
    const int error = way_out_({packet.from, packet.flipped_bit ? changed : bytes, packet.route});
    if (error) {
        packet.lane->log->dropped(packet.id, now, Cause::device, packet.rule, error);
    } else {
        packet.lane->log->delivered(packet.id, now, flags, changed);
    }
}

void Carrier::deliver_due() {
    const TimeNs now = clock_();
    while (!flying_.empty() && flying_.begin()->first.due_ns <= now) {
        const auto node = take(flying_.begin());
        land(node.mapped(), node.mapped().bytes);
    }
}

TimeNs Carrier::next_due() const {
    if (flying_.empty() || flying_.begin()->first.due_ns == kUntilReleased) return model::kNever;
    return flying_.begin()->first.due_ns;
}

std::vector<Carrier::Turn> Carrier::waiting_for(const Passing& passing, const Flying& packet) const {
    std::vector<Turn> turns;
    for (const Turn& turn : waiting_to_swap_) {
        const Flying& other = flying_.at(turn);
        const bool same_way = other.lane == packet.lane && other.from == packet.from;
        if (same_way && belongs_to(passing, *other.swap_with)) turns.push_back(turn);
    }
    return turns;
}

void Carrier::move(Turn from, TimeNs due_ns, Cause cause) {
    Flying packet = std::move(take(flying_.find(from)).mapped());
    packet.swap_with.reset();
    packet.lane->log->due(packet.id, recorded(due_ns), PacketFlag::kHeld, cause);
    keep(std::move(packet), turn_at(due_ns));
}

void Carrier::drop(InFlight::iterator packet, Cause cause) {
    const Flying dropped = std::move(take(packet).mapped());
    dropped.lane->log->dropped(dropped.id, clock_(), cause, dropped.rule, 0);
}

// --- a person's acts

void Carrier::carry_out(Command command) {
    const auto meant = [&](const InFlight::value_type& packet) {
        return packet.second.lane->number == present_ && packet.second.id == command.packet;
    };
    const auto packet = std::find_if(flying_.begin(), flying_.end(), meant);
    if (packet == flying_.end()) return;  // it arrived while the person's hand moved
    switch (command.act) {
        case Act::drop:
            drop(packet, Cause::person);
            break;
        case Act::hold:
            move(packet->first, kUntilReleased, Cause::person);
            break;
        case Act::release:
            move(packet->first, clock_(), Cause::person);
            break;
        case Act::duplicate:
            add_twin(packet);
            break;
        case Act::swap_with_next:
            exchange_with_next(packet);
            break;
        case Act::corrupt:
            corrupt(*packet);
            break;
    }
}

void Carrier::add_twin(InFlight::iterator packet) {
    Flying twin = packet->second;
    PacketRecord record;
    record.sent_ns = clock_();
    record.due_ns = recorded(packet->first.due_ns);
    record.copy_of = twin.id;
    record.from = twin.from;
    record.cause = Cause::person;
    record.flags = PacketFlag::kDuplicate;
    if (form_ == Form::payloads) record.flags |= PacketFlag::kPayloadOnly;
    twin.flipped_bit.reset();
    twin.id = twin.lane->log->sent(record, twin.bytes);
    keep(std::move(twin), turn_at(packet->first.due_ns));
}

void Carrier::exchange_with_next(InFlight::iterator packet) {
    const auto same_way = [&](const InFlight::value_type& other) {
        return other.second.lane == packet->second.lane && other.second.from == packet->second.from;
    };
    const auto next = std::find_if(std::next(packet), flying_.end(), same_way);
    const Turn turn = packet->first;
    Flying first = std::move(take(packet).mapped());
    if (next == flying_.end()) {
        first.swap_with = model::PacketClass::any;  // it waits for one that is still to come
        first.lane->log->due(first.id, model::kNever, PacketFlag::kHeld, Cause::person);
        keep(std::move(first), turn_at(kUntilReleased));
        return;
    }
    const Turn next_turn = next->first;
    Flying second = std::move(take(next).mapped());
    first.swap_with.reset();
    first.lane->log->due(first.id, recorded(next_turn.due_ns), PacketFlag::kHeld, Cause::person);
    second.lane->log->due(second.id, recorded(turn.due_ns), PacketFlag::kHeld, Cause::person);
    keep(std::move(first), next_turn);
    keep(std::move(second), turn);
}

void Carrier::corrupt(InFlight::value_type& packet) {
    Flying& hit = packet.second;
    const packet::Headers headers = packet::decode(hit.bytes);
    const bool has_headers = form_ == Form::ip_packets;
    const Passing passing{has_headers ? &headers : nullptr, hit.bytes.size(), clock_()};
    hit.flipped_bit = choose_bit(passing, hit.lane->persons_dice);
    hit.lane->log->due(hit.id, recorded(packet.first.due_ns), 0, Cause::person);
}

}  // namespace socketscope::wire

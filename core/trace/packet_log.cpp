#include <atomic>
#include <optional>

#include "core/trace/log.hpp"
#include "core/trace/payload.hpp"

namespace socketscope::trace {

using model::PacketRecord;

namespace {

// A packet as logged. `due_ns`, `flags` and the cause may change while it is in flight; the lower part is whole when
// `done` is set.
struct PacketSlot {
    PacketRecord sent;  // due_ns, flags and cause unused; bytes: on the tape
    std::atomic<model::TimeNs> due_ns{0};
    std::atomic<std::uint16_t> flags{0};
    std::atomic<model::Cause> cause_in_flight{model::Cause::none};

    model::TimeNs delivered_ns{0};
    std::uint32_t rule{0};
    std::int16_t error{0};
    model::ByteRange changed;  // on the tape
    model::Verdict verdict{model::Verdict::in_flight};
    model::Cause cause{model::Cause::none};
    std::atomic<bool> done{false};
};

void add_flags(PacketSlot& slot, std::uint16_t flags) {
    const auto old = slot.flags.load(std::memory_order_relaxed);
    slot.flags.store(static_cast<std::uint16_t>(old | flags), std::memory_order_relaxed);
}

}  // namespace

struct PacketLog::Impl {
    explicit Impl(LogBounds bounds) : packets(bounds.records), tape(tape_bound(bounds.payload_bytes)) {}

    ChunkedSlots<PacketSlot, kRecordsPerChunk> packets;
    ChunkedBytes tape;
    std::atomic<std::uint64_t> dropped{0};

    PacketSlot* open(std::uint32_t id) { return id == PacketRecord::kNoPacket ? nullptr : &packets[id]; }
};

struct PacketLog::Cursor {
    std::size_t packets{0};
    std::optional<std::size_t> base;  // of the log's first packet in the lane
    std::vector<std::size_t> open;
    std::uint64_t tape_read{0};
};
void PacketLog::CursorDeleter::operator()(Cursor* cursor) const {
    delete cursor;
}

PacketLog::PacketLog(LogBounds bounds) : impl_(std::make_unique<Impl>(bounds)) {}
PacketLog::~PacketLog() = default;

std::uint32_t PacketLog::sent(const PacketRecord& record, std::string_view bytes) {
    PacketSlot* slot = impl_->packets.grow();
    if (slot == nullptr) {
        impl_->dropped.fetch_add(1, std::memory_order_relaxed);
        return PacketRecord::kNoPacket;
    }
    slot->sent = record;
    slot->sent.bytes = store(impl_->tape, bytes);
    slot->due_ns.store(record.due_ns, std::memory_order_relaxed);
    slot->flags.store(record.flags, std::memory_order_relaxed);
    slot->cause_in_flight.store(record.cause, std::memory_order_relaxed);
    return static_cast<std::uint32_t>(impl_->packets.publish());
}

void PacketLog::delivered(std::uint32_t id, model::TimeNs at_ns, std::uint16_t flags,
                          std::string_view changed) {
    PacketSlot* slot = impl_->open(id);
    if (slot == nullptr) return;
    slot->delivered_ns = at_ns;
    slot->rule = slot->sent.rule;
    slot->cause = slot->cause_in_flight.load(std::memory_order_relaxed);
    slot->verdict = model::Verdict::delivered;
    slot->changed = store(impl_->tape, changed);
    add_flags(*slot, flags);
    slot->done.store(true, std::memory_order_release);
}

void PacketLog::dropped(std::uint32_t id, model::TimeNs at_ns, model::Cause cause, std::uint32_t rule,
                        int error) {
    PacketSlot* slot = impl_->open(id);
    if (slot == nullptr) return;
    slot->delivered_ns = at_ns;
    slot->rule = rule;
    slot->error = static_cast<std::int16_t>(error);
    slot->cause = cause;
    slot->verdict = model::Verdict::dropped;
    slot->done.store(true, std::memory_order_release);
}

void PacketLog::due(std::uint32_t id, model::TimeNs due_ns, std::uint16_t flags, model::Cause cause) {
    PacketSlot* slot = impl_->open(id);
    if (slot == nullptr) return;
    if (cause != model::Cause::none) slot->cause_in_flight.store(cause, std::memory_order_relaxed);
    slot->due_ns.store(due_ns, std::memory_order_relaxed);
    add_flags(*slot, flags);
}

PacketLog::CursorPtr PacketLog::make_cursor() const {
    return CursorPtr(new Cursor);
}

namespace {

// What may have changed since the packet was read. Returns whether it is at its end.
bool copy_now(const PacketSlot& slot, const ChunkedBytes& tape, PacketRecord& packet, std::string& arena) {
    const bool done = slot.done.load(std::memory_order_acquire);
    packet.due_ns = slot.due_ns.load(std::memory_order_relaxed);
    packet.flags = slot.flags.load(std::memory_order_relaxed);
    packet.cause = slot.cause_in_flight.load(std::memory_order_relaxed);
    if (!done) return false;
    packet.delivered_ns = slot.delivered_ns;
    packet.verdict = slot.verdict;
    packet.cause = slot.cause;
    packet.rule = slot.rule;
    packet.error = slot.error;
    packet.delivered_bytes = move_bytes(tape, slot.changed, arena);
    return true;
}

}  // namespace

bool PacketLog::collect(LaneTrace& lane, Cursor& cursor) const {
    const Impl& log = *impl_;
    if (!cursor.base) cursor.base = lane.packets.size();
    const auto record = [&](std::size_t index) -> PacketRecord& {
        return lane.packets[*cursor.base + index];
    };
    bool changed = false;

    std::erase_if(cursor.open, [&](std::size_t index) {
        const auto due_before = record(index).due_ns;
        const bool done = copy_now(log.packets[index], log.tape, record(index), lane.arena);
        changed |= done || record(index).due_ns != due_before;
        return done;
    });

    const std::size_t end = log.packets.size();
    make_room(lane.packets, end - cursor.packets);
    for (; cursor.packets < end; ++cursor.packets) {
        const PacketSlot& slot = log.packets[cursor.packets];
        PacketRecord& packet = lane.packets.emplace_back(slot.sent);
        packet.bytes = move_bytes(log.tape, packet.bytes, lane.arena);
        if (!copy_now(slot, log.tape, packet, lane.arena))
            cursor.open.push_back(cursor.packets);
        else if (cursor.open.empty())
            cursor.tape_read = std::uint64_t{slot.sent.bytes.offset} + slot.sent.bytes.size;
        changed = true;
    }
    return changed;
}

void PacketLog::release(const Cursor& cursor) {
    // Bytes of a late delivery lie behind those of later packets: the tape goes only up to the oldest open packet.
    impl_->packets.release(cursor.open.empty() ? cursor.packets : cursor.open.front());
    impl_->tape.release(cursor.tape_read);
}

std::size_t PacketLog::recorded() const {
    return impl_->packets.size();
}

std::uint64_t PacketLog::dropped() const {
    return impl_->dropped.load(std::memory_order_relaxed);
}

}  // namespace socketscope::trace

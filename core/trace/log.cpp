#include "core/trace/log.hpp"

#include <algorithm>
#include <optional>

#include "core/trace/chunked.hpp"

namespace socketscope::trace {

using model::ByteRange;
using model::CallRecord;
using model::NoteRecord;
using model::PacketRecord;
using model::SampleRecord;

namespace {

constexpr std::size_t kPerChunk = 2048;
constexpr std::uint32_t kNoToken = UINT32_MAX;

// Bytes in the log's own tape: `first` and, directly behind it, `second`.
struct Payload {
    std::uint64_t offset{0};
    std::uint32_t first{0}, second{0};
    bool cut{false};
};

std::string_view at_most_4_gib(std::string_view bytes) {
    return bytes.substr(0, UINT32_MAX);
}

Payload store(ChunkedBytes& tape, std::string_view first, std::string_view second) {
    Payload payload{tape.end(), 0, 0, false};
    payload.first = static_cast<std::uint32_t>(tape.append(at_most_4_gib(first)));
    payload.second = static_cast<std::uint32_t>(tape.append(at_most_4_gib(second)));
    payload.cut = payload.first < first.size() || payload.second < second.size();
    return payload;
}

ByteRange move_bytes(const ChunkedBytes& tape, std::uint64_t offset, std::uint32_t size, std::string& arena) {
    if (size == 0) return {};
    const ByteRange range{arena.size(), size};
    tape.copy(offset, size, arena);
    return range;
}

// Keeps `items` in the order of their stamps after more were appended behind index `old_size`.
template <class T>
void restore_order(std::vector<T>& items, std::size_t old_size, model::TimeNs T::*stamp) {
    const auto before = [stamp](const T& a, const T& b) { return a.*stamp < b.*stamp; };
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(old_size);
    std::stable_sort(middle, items.end(), before);
    if (middle == items.begin() || middle == items.end()) return;
    const auto from = std::upper_bound(items.begin(), middle, *middle, before);
    std::inplace_merge(from, middle, items.end(), before);
}

// A growing vector doubles; when all is collected at once it needs exactly what there is.
template <class T>
void reserve_for(std::vector<T>& items, std::size_t more) {
    if (items.empty()) items.reserve(more);
}

// A call as logged. The upper part is whole when the slot is published and never changes; the lower part is whole when
// `done` is set. So a reader copies each part only behind an acquire that pairs with its release.
struct CallSlot {
    CallRecord begin;  // without result; data and extra unused
    Payload offered;

    model::TimeNs exit_ns{0};
    std::int64_t result{0};
    std::int64_t out_args[2]{};  // args[1], args[2]
    Payload given;
    std::int32_t error{0};
    std::uint16_t flags{0};
    std::atomic<bool> done{false};
};
struct NoteSlot {
    NoteRecord note;
    Payload text;
};

}  // namespace

// --- CallLog

struct CallLog::Impl {
    Impl(std::uint8_t which, LogBounds bounds)
        : endpoint(which),
          calls(bounds.records),
          notes(bounds.records),
          samples(bounds.records),
          tape(bounds.payload_bytes) {}

    const std::uint8_t endpoint;
    ChunkedSlots<CallSlot, kPerChunk> calls;
    ChunkedSlots<NoteSlot, kPerChunk> notes;
    ChunkedSlots<SampleRecord, kPerChunk> samples;
    ChunkedBytes tape;
    std::atomic<std::uint64_t> dropped{0};

    void drop() { dropped.store(dropped.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
};

struct CallLog::Cursor {
    std::size_t calls{0}, notes{0}, samples{0};
    std::vector<std::size_t>
        open;                    // slots that had not returned when they were read: at most one in practice
    std::uint64_t tape_read{0};  // below: not needed again
};
void CallLog::CursorDeleter::operator()(Cursor* cursor) const {
    delete cursor;
}

CallLog::CallLog(std::uint8_t endpoint, LogBounds bounds) : impl_(std::make_unique<Impl>(endpoint, bounds)) {}
CallLog::~CallLog() = default;

std::uint32_t CallLog::begin(const CallRecord& record, std::string_view data, std::string_view extra) {
    const std::uint32_t token = prepare(record, data, extra);
    open(token, record.enter_ns);
    return token;
}

std::uint32_t CallLog::prepare(const CallRecord& record, std::string_view data, std::string_view extra) {
    CallSlot* slot = impl_->calls.grow();
    if (slot == nullptr) {
        impl_->drop();
        return kNoToken;
    }
    slot->begin = record;
    slot->begin.exit_ns = model::kNever;
    slot->begin.result = slot->begin.error = 0;
    slot->begin.endpoint = impl_->endpoint;
    slot->offered = store(impl_->tape, data, extra);
    if (slot->offered.cut) slot->begin.flags |= model::kPayloadCut;
    return static_cast<std::uint32_t>(impl_->calls.next());
}

void CallLog::open(std::uint32_t token, model::TimeNs enter_ns) {
    if (token == kNoToken) return;
    impl_->calls[token].begin.enter_ns = enter_ns;
    impl_->calls.publish();
}

void CallLog::end(std::uint32_t token, const CallRecord& record, std::string_view data,
                  std::string_view extra) {
    if (token == kNoToken) return;
    CallSlot& slot = impl_->calls[token];
    slot.exit_ns = record.exit_ns;
    slot.result = record.result;
    slot.error = record.error;
    slot.out_args[0] = record.args[1];
    slot.out_args[1] = record.args[2];
    slot.given = store(impl_->tape, data, extra);
    slot.flags = record.flags;
    if (slot.given.cut || slot.offered.cut) slot.flags |= model::kPayloadCut;
    slot.done.store(true, std::memory_order_release);
}

void CallLog::note(const NoteRecord& note, std::string_view text) {
    NoteSlot* slot = impl_->notes.grow();
    if (slot == nullptr) return impl_->drop();
    slot->note = note;
    slot->note.endpoint = impl_->endpoint;
    slot->text = store(impl_->tape, text, {});
    impl_->notes.publish();
}

void CallLog::sample(const SampleRecord& sample) {
    SampleRecord* slot = impl_->samples.grow();
    if (slot == nullptr) return impl_->drop();
    *slot = sample;
    impl_->samples.publish();
}

CallLog::CursorPtr CallLog::make_cursor() const {
    return CursorPtr(new Cursor);
}

namespace {

void copy_begin(const CallSlot& slot, const ChunkedBytes& tape, CallRecord& call, std::string& arena,
                bool done) {
    call = slot.begin;
    // What the kernel gave replaces what was offered: no need to copy both.
    if (!done || slot.given.first == 0)
        call.data = move_bytes(tape, slot.offered.offset, slot.offered.first, arena);
    if (!done || slot.given.second == 0)
        call.extra = move_bytes(tape, slot.offered.offset + slot.offered.first, slot.offered.second, arena);
}

void copy_end(const CallSlot& slot, const ChunkedBytes& tape, CallRecord& call, std::string& arena) {
    call.exit_ns = slot.exit_ns;
    call.result = slot.result;
    call.error = slot.error;
    call.args[1] = slot.out_args[0];
    call.args[2] = slot.out_args[1];
    call.flags = slot.flags;
    if (slot.given.first > 0) call.data = move_bytes(tape, slot.given.offset, slot.given.first, arena);
    if (slot.given.second > 0)
        call.extra = move_bytes(tape, slot.given.offset + slot.given.first, slot.given.second, arena);
}

// The record of an open call in the lane: near the end, since a thread has one call open at a time.
CallRecord* find_open(LaneTrace& lane, const CallRecord& begin) {
    for (auto call = lane.calls.rbegin(); call != lane.calls.rend(); ++call)
        if (call->endpoint == begin.endpoint && call->enter_ns == begin.enter_ns &&
            call->exit_ns == model::kNever)
            return &*call;
    return nullptr;
}

}  // namespace

bool CallLog::collect(LaneTrace& lane, Cursor& cursor) const {
    const Impl& log = *impl_;
    bool changed = false;

    std::erase_if(cursor.open, [&](std::size_t index) {
        const CallSlot& slot = log.calls[index];
        if (!slot.done.load(std::memory_order_acquire)) return false;
        if (CallRecord* call = find_open(lane, slot.begin)) copy_end(slot, log.tape, *call, lane.arena);
        changed = true;
        return true;
    });

    const std::size_t old_calls = lane.calls.size();
    const std::size_t end_calls = log.calls.size();
    reserve_for(lane.calls, end_calls);
    for (; cursor.calls < end_calls; ++cursor.calls) {
        const CallSlot& slot = log.calls[cursor.calls];
        const bool done = slot.done.load(std::memory_order_acquire);
        CallRecord& call = lane.calls.emplace_back();
        copy_begin(slot, log.tape, call, lane.arena, done);
        if (done) copy_end(slot, log.tape, call, lane.arena);
        if (!done)
            cursor.open.push_back(cursor.calls);
        else if (cursor.open.empty())
            cursor.tape_read = slot.given.offset;
    }
    const std::size_t old_notes = lane.notes.size();
    for (const std::size_t end = log.notes.size(); cursor.notes < end; ++cursor.notes) {
        const NoteSlot& slot = log.notes[cursor.notes];
        lane.notes.push_back(slot.note);
        lane.notes.back().text = move_bytes(log.tape, slot.text.offset, slot.text.first, lane.arena);
    }
    const std::size_t old_samples = lane.samples.size();
    for (const std::size_t end = log.samples.size(); cursor.samples < end; ++cursor.samples)
        lane.samples.push_back(log.samples[cursor.samples]);

    changed |=
        lane.calls.size() > old_calls || lane.notes.size() > old_notes || lane.samples.size() > old_samples;
    restore_order(lane.calls, old_calls, &CallRecord::enter_ns);
    restore_order(lane.notes, old_notes, &NoteRecord::at_ns);
    restore_order(lane.samples, old_samples, &SampleRecord::at_ns);
    return changed;
}

void CallLog::release(const Cursor& cursor) {
    const std::size_t calls = cursor.open.empty() ? cursor.calls : cursor.open.front();
    impl_->calls.release(calls);
    impl_->notes.release(cursor.notes);
    impl_->samples.release(cursor.samples);
    impl_->tape.release(cursor.tape_read);
}

std::uint64_t CallLog::dropped() const {
    return impl_->dropped.load(std::memory_order_relaxed);
}

// --- PacketLog

namespace {

// A packet as logged. `due_ns`, `flags` and the cause may change while it is in flight; the lower part is whole when `done` is set.
struct PacketSlot {
    PacketRecord sent;  // due_ns, flags and cause unused
    Payload bytes;
    std::atomic<model::TimeNs> due_ns{0};
    std::atomic<std::uint16_t> flags{0};
    std::atomic<model::Cause> cause_in_flight{model::Cause::none};

    model::TimeNs delivered_ns{0};
    std::uint32_t rule{0};
    std::int32_t error{0};
    Payload changed;
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
    explicit Impl(LogBounds bounds) : packets(bounds.records), tape(bounds.payload_bytes) {}

    ChunkedSlots<PacketSlot, kPerChunk> packets;
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

std::uint32_t PacketLog::sent(PacketRecord record, std::string_view bytes) {
    PacketSlot* slot = impl_->packets.grow();
    if (slot == nullptr) {
        impl_->dropped.fetch_add(1, std::memory_order_relaxed);
        return PacketRecord::kNoPacket;
    }
    record.id = static_cast<std::uint32_t>(impl_->packets.size());
    slot->sent = record;
    slot->bytes = store(impl_->tape, bytes, {});
    slot->due_ns.store(record.due_ns, std::memory_order_relaxed);
    slot->flags.store(record.flags, std::memory_order_relaxed);
    slot->cause_in_flight.store(record.cause, std::memory_order_relaxed);
    impl_->packets.publish();
    return record.id;
}

void PacketLog::delivered(std::uint32_t id, model::TimeNs at_ns, std::uint16_t flags,
                          std::string_view changed) {
    PacketSlot* slot = impl_->open(id);
    if (slot == nullptr) return;
    slot->delivered_ns = at_ns;
    slot->rule = slot->sent.rule;
    slot->cause = slot->cause_in_flight.load(std::memory_order_relaxed);
    slot->verdict = model::Verdict::delivered;
    slot->changed = store(impl_->tape, changed, {});
    add_flags(*slot, flags);
    slot->done.store(true, std::memory_order_release);
}

void PacketLog::dropped(std::uint32_t id, model::TimeNs at_ns, model::Cause cause, std::uint32_t rule,
                        int error) {
    PacketSlot* slot = impl_->open(id);
    if (slot == nullptr) return;
    slot->delivered_ns = at_ns;
    slot->rule = rule;
    slot->error = error;
    slot->cause = cause;
    slot->verdict = model::Verdict::dropped;
    slot->changed.offset = impl_->tape.end();
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
    packet.delivered_bytes = move_bytes(tape, slot.changed.offset, slot.changed.first, arena);
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
    reserve_for(lane.packets, end);
    for (; cursor.packets < end; ++cursor.packets) {
        const PacketSlot& slot = log.packets[cursor.packets];
        PacketRecord& packet = lane.packets.emplace_back(slot.sent);
        packet.bytes = move_bytes(log.tape, slot.bytes.offset, slot.bytes.first, lane.arena);
        if (!copy_now(slot, log.tape, packet, lane.arena))
            cursor.open.push_back(cursor.packets);
        else if (cursor.open.empty())
            cursor.tape_read = slot.bytes.offset + slot.bytes.first;
        changed = true;
    }
    return changed;
}

void PacketLog::release(const Cursor& cursor) {
    // Bytes of a late delivery lie behind those of later packets: the tape goes only up to the oldest open packet.
    impl_->packets.release(cursor.open.empty() ? cursor.packets : cursor.open.front());
    impl_->tape.release(cursor.tape_read);
}

std::uint64_t PacketLog::dropped() const {
    return impl_->dropped.load(std::memory_order_relaxed);
}

}  // namespace socketscope::trace

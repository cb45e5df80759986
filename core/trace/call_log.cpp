#include <algorithm>

#include "core/trace/log.hpp"
#include "core/trace/payload.hpp"

namespace socketscope::trace {

using model::CallRecord;
using model::NoteRecord;
using model::SampleRecord;

namespace {

constexpr std::uint32_t kNoToken = UINT32_MAX;
constexpr std::size_t kWarmChunks = 3;  // some 6000 calls: more than a lesson makes
// What programs that make calls as fast as they can fill between two collects, and what may wait for them at most.
constexpr std::size_t kBusyChunks = 12, kMostSpare = 24;

// Keeps `items` in the order of their stamps after more were appended behind index `old_size`.
template <class T>
void restore_order(std::vector<T>& items, std::size_t old_size, model::TimeNs T::*stamp) {
    const auto before = [stamp](const T& a, const T& b) { return a.*stamp < b.*stamp; };
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(old_size);
    if (!std::is_sorted(middle, items.end(), before)) std::stable_sort(middle, items.end(), before);
    if (middle == items.begin() || middle == items.end()) return;
    const auto from = std::upper_bound(items.begin(), middle, *middle, before);
    std::inplace_merge(from, middle, items.end(), before);
}

// A call as logged, as small as it can be: the writer's memory is what recording costs most. The first part is
// whole when the slot is published; what end() writes is whole when `done` is set. A reader copies each part only
// behind an acquire that pairs with its release. All bytes lie on the tape: data, then extra, that the program
// offered, and the same again that the kernel gave.
struct CallSlot {
    CallSlot(const CallRecord& record, std::size_t tape_end)
        : args(record.args),
          fd(record.fd),
          offered_at(static_cast<std::uint32_t>(tape_end)),
          line(record.line),
          call(record.call),
          flags(static_cast<std::uint8_t>(record.flags)) {}

    model::TimeNs enter_ns{0};
    model::CallArgs args;
    std::int32_t fd;
    std::uint32_t offered_at, offered_data{0}, offered_extra{0};
    std::uint16_t line;
    model::Call call;
    std::uint8_t flags;
    std::atomic<bool> done{false};
    // --- by end()
    std::uint8_t given_flags{0};
    std::int16_t error{0};
    model::TimeNs exit_ns{0};
    std::int32_t result{0};
    std::int32_t second_arg{0}, third_arg{0};  // as after the call
    std::uint32_t given_at{0}, given_data{0}, given_extra{0};
};
static_assert(sizeof(CallSlot) <= 80);
static_assert(model::kInterrupted <= UINT8_MAX, "the flags of a call fill a byte of its slot");

}  // namespace

struct CallLog::Impl {
    Impl(std::uint8_t which, LogBounds bounds)
        : endpoint(which),
          calls(bounds.records, kMostSpare),
          notes(bounds.records),
          samples(bounds.records),
          tape(tape_bound(bounds.payload_bytes), kMostSpare) {
        provide(kWarmChunks);
    }

    const std::uint8_t endpoint;
    ChunkedSlots<CallSlot, kRecordsPerChunk> calls;
    ChunkedSlots<NoteRecord, kRecordsPerChunk> notes;  // text: on the tape
    ChunkedSlots<SampleRecord, kRecordsPerChunk> samples;
    ChunkedBytes tape;
    std::atomic<std::uint64_t> dropped{0};

    void provide(std::size_t chunks) {
        calls.spare().provide(chunks);
        tape.spare().provide(chunks);
    }
    void drop() { dropped.store(dropped.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
};

struct CallLog::Cursor {
    std::size_t calls{0}, notes{0}, samples{0};
    // Slots that had not returned when they were read: at most one in practice.
    std::vector<std::size_t> open;
    std::uint64_t tape_read{0};  // below: not needed again
    LastBytes last;
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
    ChunkedBytes& tape = impl_->tape;
    CallSlot* slot = impl_->calls.grow(record, tape.end());
    if (slot == nullptr) {
        impl_->drop();
        return kNoToken;
    }
    slot->offered_data = static_cast<std::uint32_t>(tape.append(data));
    slot->offered_extra = static_cast<std::uint32_t>(tape.append(extra));
    if (slot->offered_data < data.size() || slot->offered_extra < extra.size())
        slot->flags |= model::kPayloadCut;
    return static_cast<std::uint32_t>(impl_->calls.next());
}

void CallLog::open(std::uint32_t token, model::TimeNs enter_ns) {
    if (token == kNoToken) return;
    impl_->calls[token].enter_ns = enter_ns;
    impl_->calls.publish();
}

void CallLog::end(std::uint32_t token, const CallRecord& record, std::string_view data,
                  std::string_view extra) {
    if (token == kNoToken) return;
    ChunkedBytes& tape = impl_->tape;
    CallSlot& slot = impl_->calls[token];
    slot.exit_ns = record.exit_ns;
    slot.result = record.result;
    slot.error = record.error;
    slot.second_arg = record.args.second;
    slot.third_arg = record.args.third;
    slot.given_at = static_cast<std::uint32_t>(tape.end());
    slot.given_data = static_cast<std::uint32_t>(tape.append(data));
    slot.given_extra = static_cast<std::uint32_t>(tape.append(extra));
    slot.given_flags = static_cast<std::uint8_t>(record.flags | (slot.flags & model::kPayloadCut));
    if (slot.given_data < data.size() || slot.given_extra < extra.size())
        slot.given_flags |= model::kPayloadCut;
    slot.done.store(true, std::memory_order_release);
}

void CallLog::note(const NoteRecord& note, std::string_view text) {
    NoteRecord* slot = impl_->notes.grow(note);
    if (slot == nullptr) return impl_->drop();
    slot->endpoint = impl_->endpoint;
    slot->text = store(impl_->tape, text);
    impl_->notes.publish();
}

void CallLog::sample(const SampleRecord& sample) {
    if (impl_->samples.grow(sample) == nullptr) return impl_->drop();
    impl_->samples.publish();
}

CallLog::CursorPtr CallLog::make_cursor() const {
    return CursorPtr(new Cursor);
}

namespace {

// What was known when the call was entered. Bytes that the kernel replaced are not copied.
void copy_begin(const CallSlot& slot, const ChunkedBytes& tape, CallRecord& call, std::string& arena,
                LastBytes& last, bool done) {
    call.enter_ns = slot.enter_ns;
    call.fd = slot.fd;
    call.line = slot.line;
    call.call = slot.call;
    call.flags = slot.flags;
    call.args = slot.args;
    const std::uint32_t extra_at = slot.offered_at + slot.offered_data;
    if (!done || slot.given_data == 0)
        call.data = move_bytes_once(tape, {slot.offered_at, slot.offered_data}, arena, last.data);
    if (!done || slot.given_extra == 0)
        call.extra = move_bytes_once(tape, {extra_at, slot.offered_extra}, arena, last.extra);
}

void copy_end(const CallSlot& slot, const ChunkedBytes& tape, CallRecord& call, std::string& arena,
              LastBytes& last) {
    call.exit_ns = slot.exit_ns;
    call.result = slot.result;
    call.error = slot.error;
    call.args.second = slot.second_arg;
    call.args.third = slot.third_arg;
    call.flags = slot.given_flags;
    const std::uint32_t extra_at = slot.given_at + slot.given_data;
    if (slot.given_data > 0)
        call.data = move_bytes_once(tape, {slot.given_at, slot.given_data}, arena, last.data);
    if (slot.given_extra > 0)
        call.extra = move_bytes_once(tape, {extra_at, slot.given_extra}, arena, last.extra);
}

// The record of an open call in the lane: near the end, since a thread has one call open at a time.
CallRecord* find_open(LaneTrace& lane, std::uint8_t endpoint, model::TimeNs enter_ns) {
    for (auto call = lane.calls.rbegin(); call != lane.calls.rend(); ++call)
        if (call->endpoint == endpoint && call->enter_ns == enter_ns && call->exit_ns == model::kNever)
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
        if (CallRecord* call = find_open(lane, log.endpoint, slot.enter_ns))
            copy_end(slot, log.tape, *call, lane.arena, cursor.last);
        changed = true;
        return true;
    });

    const std::size_t old_calls = lane.calls.size();
    const std::size_t end_calls = log.calls.size();
    make_room(lane.calls, end_calls - cursor.calls);
    for (; cursor.calls < end_calls; ++cursor.calls) {
        const CallSlot& slot = log.calls[cursor.calls];
        const bool done = slot.done.load(std::memory_order_acquire);
        CallRecord& call = lane.calls.emplace_back();
        call.endpoint = log.endpoint;
        copy_begin(slot, log.tape, call, lane.arena, cursor.last, done);
        if (done) copy_end(slot, log.tape, call, lane.arena, cursor.last);
        if (!done)
            cursor.open.push_back(cursor.calls);
        else if (cursor.open.empty())
            cursor.tape_read = slot.given_at;
    }
    const std::size_t old_notes = lane.notes.size();
    for (const std::size_t end = log.notes.size(); cursor.notes < end; ++cursor.notes) {
        NoteRecord& note = lane.notes.emplace_back(log.notes[cursor.notes]);
        note.text = move_bytes(log.tape, note.text, lane.arena);
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

void CallLog::provide() {
    impl_->provide(kBusyChunks);
}

void CallLog::writer_has_ended() {
    for (SpareChunks* spare :
         {&impl_->calls.spare(), &impl_->notes.spare(), &impl_->samples.spare(), &impl_->tape.spare()})
        spare->trim();
}

std::uint64_t CallLog::dropped() const {
    return impl_->dropped.load(std::memory_order_relaxed);
}

std::size_t CallLog::recorded() const {
    return impl_->calls.size();
}

}  // namespace socketscope::trace

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

// A call as logged. `record` without its result is whole when the slot is published; what end() writes is whole when
// `done` is set. A reader copies each part only behind an acquire that pairs with its release.
struct CallSlot {
    CallRecord record;             // data, extra: on the tape; exit_ns, result, error: written by end()
    std::int64_t given_args[2]{};  // args[1], args[2] as after the call
    std::uint64_t given_at{0};     // on the tape: data, then extra, that the kernel gave
    std::uint32_t given_data{0}, given_extra{0};
    std::uint16_t given_flags{0};
    std::atomic<bool> done{false};
};

}  // namespace

struct CallLog::Impl {
    Impl(std::uint8_t which, LogBounds bounds)
        : endpoint(which),
          calls(bounds.records),
          notes(bounds.records),
          samples(bounds.records),
          tape(bounds.payload_bytes) {
        calls.warm_up(kWarmChunks);
        tape.warm_up(kWarmChunks);
    }

    const std::uint8_t endpoint;
    ChunkedSlots<CallSlot, kRecordsPerChunk> calls;
    ChunkedSlots<NoteRecord, kRecordsPerChunk> notes;  // text: on the tape
    ChunkedSlots<SampleRecord, kRecordsPerChunk> samples;
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
    slot->record = record;
    slot->record.endpoint = impl_->endpoint;
    slot->record.data = store(impl_->tape, data);
    slot->record.extra = store(impl_->tape, extra);
    if (slot->record.data.size < data.size() || slot->record.extra.size < extra.size())
        slot->record.flags |= model::kPayloadCut;
    return static_cast<std::uint32_t>(impl_->calls.next());
}

void CallLog::open(std::uint32_t token, model::TimeNs enter_ns) {
    if (token == kNoToken) return;
    impl_->calls[token].record.enter_ns = enter_ns;
    impl_->calls.publish();
}

void CallLog::end(std::uint32_t token, const CallRecord& record, std::string_view data,
                  std::string_view extra) {
    if (token == kNoToken) return;
    CallSlot& slot = impl_->calls[token];
    slot.record.exit_ns = record.exit_ns;
    slot.record.result = record.result;
    slot.record.error = record.error;
    slot.given_args[0] = record.args[1];
    slot.given_args[1] = record.args[2];
    slot.given_at = impl_->tape.end();
    slot.given_data = store(impl_->tape, data).size;
    slot.given_extra = store(impl_->tape, extra).size;
    slot.given_flags = record.flags | (slot.record.flags & model::kPayloadCut);
    if (slot.given_data < data.size() || slot.given_extra < extra.size())
        slot.given_flags |= model::kPayloadCut;
    slot.done.store(true, std::memory_order_release);
}

void CallLog::note(const NoteRecord& note, std::string_view text) {
    NoteRecord* slot = impl_->notes.grow();
    if (slot == nullptr) return impl_->drop();
    *slot = note;
    slot->endpoint = impl_->endpoint;
    slot->text = store(impl_->tape, text);
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

// What was known when the call was entered. Bytes that the kernel replaced are not copied.
void copy_begin(const CallSlot& slot, const ChunkedBytes& tape, CallRecord& call, std::string& arena,
                bool done) {
    const CallRecord& record = slot.record;
    call.enter_ns = record.enter_ns;
    call.fd = record.fd;
    call.line = record.line;
    call.call = record.call;
    call.endpoint = record.endpoint;
    call.flags = record.flags;
    std::copy(std::begin(record.args), std::end(record.args), call.args);
    if (!done || slot.given_data == 0) call.data = move_bytes(tape, record.data, arena);
    if (!done || slot.given_extra == 0) call.extra = move_bytes(tape, record.extra, arena);
}

void copy_end(const CallSlot& slot, const ChunkedBytes& tape, CallRecord& call, std::string& arena) {
    call.exit_ns = slot.record.exit_ns;
    call.result = slot.record.result;
    call.error = slot.record.error;
    call.args[1] = slot.given_args[0];
    call.args[2] = slot.given_args[1];
    call.flags = slot.given_flags;
    if (slot.given_data > 0) call.data = move_bytes(tape, {slot.given_at, slot.given_data}, arena);
    if (slot.given_extra > 0)
        call.extra = move_bytes(tape, {slot.given_at + slot.given_data, slot.given_extra}, arena);
}

// The record of an open call in the lane: near the end, since a thread has one call open at a time.
CallRecord* find_open(LaneTrace& lane, const CallRecord& record) {
    for (auto call = lane.calls.rbegin(); call != lane.calls.rend(); ++call)
        if (call->endpoint == record.endpoint && call->enter_ns == record.enter_ns &&
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
        if (CallRecord* call = find_open(lane, slot.record)) copy_end(slot, log.tape, *call, lane.arena);
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
        copy_begin(slot, log.tape, call, lane.arena, done);
        if (done) copy_end(slot, log.tape, call, lane.arena);
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

std::uint64_t CallLog::dropped() const {
    return impl_->dropped.load(std::memory_order_relaxed);
}

std::size_t CallLog::recorded() const {
    return impl_->calls.size();
}

}  // namespace socketscope::trace

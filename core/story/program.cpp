#include "core/story/program.hpp"

#include <algorithm>

#include "core/model/call.hpp"

namespace socketscope::story {
namespace {

using model::Call;
using model::CallRecord;
using model::Note;

bool can_block(const CallRecord& call) {
    switch (model::row(call.call).effect) {
        case model::CallClass::sends:
        case model::CallClass::receives:
        case model::CallClass::waits:
            return true;
        default:
            return call.call == Call::accept || call.call == Call::connect ||
                   call.call == Call::close;  // SO_LINGER
    }
}

bool matters(Note note) {
    switch (note) {
        case Note::program_start:
        case Note::program_end:
        case Note::wait_begin:
        case Note::wait_end:
        case Note::sleep_begin:
        case Note::sleep_end:
            return true;
        default:
            return false;
    }
}

// The last element of `list` that began at or before t; kNone if there is none.
template <typename BeginOf>
std::uint32_t last_begun(const std::vector<std::uint32_t>& list, TimeNs t, BeginOf begin_of) {
    const auto after = std::upper_bound(list.begin(), list.end(), t,
                                        [&](TimeNs time, std::uint32_t i) { return time < begin_of(i); });
    return after == list.begin() ? kNone : *std::prev(after);
}

// The last call of the program that began at or before t. The calls of all programs stand in one order, so it is mostly
// one of the few before the first that began later; a search of its own is slow in a long recording.
std::uint32_t last_call(const Facts& facts, std::uint8_t endpoint, TimeNs t, std::size_t first_after) {
    constexpr std::size_t kLook = 8;
    for (std::size_t back = 1; back <= std::min(kLook, first_after); ++back) {
        const auto index = static_cast<std::uint32_t>(first_after - back);
        if (facts.call(index).endpoint == endpoint && !facts.ours(index)) return index;
    }
    return last_begun(facts.endpoint_calls[endpoint], t,
                      [&](std::uint32_t i) { return facts.call(i).enter_ns; });
}

Doing doing_of(const model::NoteRecord& note) {
    switch (note.what) {
        case Note::wait_begin:
            return Doing::waiting;
        case Note::sleep_begin:
            return Doing::sleeping;
        case Note::program_end:
            return note.value == 0 ? Doing::done : Doing::stopped;
        default:
            return Doing::running;
    }
}

}  // namespace

bool blocked(const Facts& facts, std::uint32_t index) {
    const CallRecord& call = facts.call(index);
    if (!can_block(call)) return false;
    const TimeNs end_ns =
        call.exit_ns == model::kNever ? std::max(facts.trace->end_ns, facts.end_ns) : call.exit_ns;
    return end_ns - call.enter_ns > kBlockedNs;
}

void index_programs(Facts& facts) {
    const std::size_t endpoints = std::max<std::size_t>(facts.trace->endpoints.size(), 1);
    facts.endpoint_calls.assign(endpoints, {});
    facts.endpoint_notes.assign(endpoints, {});
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i)
        if (!facts.ours(i) && facts.call(i).endpoint < endpoints)
            facts.endpoint_calls[facts.call(i).endpoint].push_back(i);
    for (std::uint32_t n = 0; n < facts.trace->notes.size(); ++n) {
        const model::NoteRecord& note = facts.trace->notes[n];
        if (matters(note.what) && note.endpoint < endpoints) facts.endpoint_notes[note.endpoint].push_back(n);
    }
}

std::size_t first_call_after(const Facts& facts, TimeNs t) {
    const auto& calls = facts.trace->calls;
    const auto after =
        std::upper_bound(calls.begin(), calls.end(), t,
                         [](TimeNs time, const CallRecord& call) { return time < call.enter_ns; });
    return static_cast<std::size_t>(after - calls.begin());
}

ProgramNow program_at(const Facts& facts, std::uint8_t endpoint, TimeNs t, std::size_t first_after) {
    ProgramNow now;
    if (endpoint >= facts.endpoint_calls.size()) return now;
    const std::uint32_t call = last_call(facts, endpoint, t, first_after);
    const auto& notes = facts.trace->notes;
    const std::uint32_t note =
        last_begun(facts.endpoint_notes[endpoint], t, [&](std::uint32_t n) { return notes[n].at_ns; });
    if (call != kNone) {
        const CallRecord& record = facts.call(call);
        const bool inside = exit_or_forever(record) > t;
        now.call = call;
        now.line = record.line;
        now.since_ns = inside ? record.enter_ns : record.exit_ns;
        now.doing = !inside ? Doing::running : blocked(facts, call) ? Doing::blocked : Doing::in_call;
    }
    // A control line that came later than the call says more; the end of the program says all.
    if (note != kNone &&
        (call == kNone || notes[note].at_ns >= now.since_ns || notes[note].what == Note::program_end)) {
        now.doing = doing_of(notes[note]);
        now.since_ns = notes[note].at_ns;
        if (notes[note].line != 0) now.line = notes[note].line;
    }
    return now;
}

}  // namespace socketscope::story

// The program's card.
#include <algorithm>

#include "app/stage/view.hpp"
#include "core/model/call.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::stage {

using model::RefKind;
using story::Doing;
using style::FontRole;
using style::Ink;

namespace {

constexpr float kHeader = 30, kResult = 20, kPad = 4, kRound = 8;

struct Badge {
    std::string words, brief;
    Ink ink;
    bool outlined;
};

// Why a receive call waits, if a hole in its queue is the reason.
std::string waits_for(const LaneView& view, std::uint32_t call_index) {
    const model::CallRecord& call = view.story.trace().calls[call_index];
    if (!model::receives(call.call)) return {};
    for (std::uint32_t s = 0; s < view.story.sockets().size(); ++s) {
        const story::Socket& socket = view.story.sockets()[s];
        if (socket.fd != call.fd || socket.endpoint != call.endpoint || !view.story.open_at(s, view.now()))
            continue;
        const story::Queue queue = view.story.receive_queue_at(s, view.now());
        if (!queue.stream || queue.items.empty() || queue.items.front().state != story::CellState::hole)
            return {};
        const story::Piece& hole = queue.items.front().piece;
        if (hole.message == story::kNone) return "NEEDS THE MISSING BYTES";
        const std::uint64_t first = view.story.messages()[hole.message].stream_offset + hole.offset + 1;
        return "NEEDS BYTE " + grouped(first);
    }
    return {};
}

// What a wait() line of the script waits for, as it was written.
std::string waits_on(const LaneView& view, const story::ProgramNow& now) {
    const auto& notes = view.story.trace().notes;
    auto note = std::upper_bound(notes.begin(), notes.end(), now.since_ns,
                                 [](TimeNs t, const model::NoteRecord& n) { return t < n.at_ns; });
    for (int back = 0; back < 16 && note != notes.begin(); ++back) {
        --note;
        if (note->what != model::Note::wait_begin || note->at_ns < now.since_ns) continue;
        const std::string_view text = view.story.trace().bytes(note->text);
        if (!text.empty()) return "WAITS FOR " + std::string(text);
    }
    return "WAITS FOR THE OTHER";
}

Badge badge_of(const LaneView& view, const story::ProgramNow& now) {
    const TimeNs since = view.now() - now.since_ns;
    const std::string long_since = since > 0 ? model::format_duration(since) : std::string{};
    switch (now.doing) {
        case Doing::not_started:
            return {"not started", "", Ink::muted, false};
        case Doing::running:
            return {"RUNNING", "RUNS", Ink::good, false};
        case Doing::in_call:
            return {"IN THE KERNEL", "KERNEL", Ink::good, false};
        case Doing::blocked: {
            const std::string why = waits_for(view, now.call);
            if (!why.empty()) return {"BLOCKED: " + why, "BLOCKED", Ink::loss, true};
            return {since > 0 ? "BLOCKED " + long_since : "BLOCKED", "BLOCKED", Ink::loss, true};
        }
        case Doing::waiting:
            return {waits_on(view, now), "WAITS", Ink::muted, true};
        case Doing::sleeping:
            return {since > 0 ? "SLEEPS " + long_since : "SLEEPS", "SLEEPS", Ink::muted, true};
        case Doing::done:
            return {"DONE", "DONE", Ink::muted, false};
        case Doing::stopped:
            return {"STOPPED", "STOPPED", Ink::loss, true};
    }
    return {};
}

constexpr float kBadgeEnds = 16, kBesideBadge = 6;

// Of its shortest words, uncut, with what is free beside it.
float least_width(const Brush& brush, const Badge& badge) {
    return brush.width(FontRole::caps, badge.brief) + kBadgeEnds + kBesideBadge;
}

// Returns the room that is left of it. Without room for its shortest words there is none.
Rect draw_badge(Brush& brush, Rect room, const Badge& badge, float most) {
    const std::string words = brush.choose(FontRole::caps, {badge.words, badge.brief, ""}, most - kBadgeEnds);
    if (words.empty()) return room;
    const float width = brush.width(FontRole::caps, words) + kBadgeEnds;
    Box pill;
    pill.at = {room.right() - width, room.y + (room.h - 19) / 2, width, 19};
    pill.round = 9.5f;
    pill.fill = {badge.ink, 0.12f};
    if (badge.outlined) pill.border = {badge.ink, 0.9f};
    pill.border_width = 1.25f;
    brush.box(pill);
    brush.text(pill.at.inset(4, 0), words, {FontRole::caps, {badge.ink, 1}, Ink::count, Align::centre});
    return {room.x, room.y, room.w - width - kBesideBadge, room.h};
}

bool in_call(const story::ProgramNow& now) {
    return now.doing == Doing::blocked || now.doing == Doing::in_call;
}

// A call that has not returned, without what it will give: that is not known yet.
std::string pending(const LaneView& view, std::uint32_t index) {
    const model::CallRecord& call = view.story.trace().calls[index];
    const std::string name(model::row(call.call).name);
    if (model::receives(call.call)) {
        return name + "(" + std::to_string(call.fd) + ", …, " +
               grouped(static_cast<std::uint64_t>(call.args.first)) + ")";
    }
    if (call.call == model::Call::accept) return name + "(" + std::to_string(call.fd) + ")";
    std::string text = view.story.describe_call(index);
    const std::size_t result = text.rfind(" = ");
    return result == std::string::npos ? text : text.substr(0, result);
}

// "recv()", and what it returned where there is no line of its own for that: "recv() = 17", "send() = EPIPE".
std::string call_words(const model::CallRecord& call, bool open, bool with_result) {
    std::string words = std::string(model::row(call.call).name) + "()";
    if (open || !with_result) return words;
    return words + " = " +
           (call.result < 0 ? model::errno_name(call.error)
                            : grouped(static_cast<std::uint64_t>(call.result)));
}

std::string result_line(const LaneView& view, const story::ProgramNow& now) {
    if (now.doing == Doing::not_started || now.call == story::kNone) return {};
    if (!in_call(now)) return view.story.describe_call(now.call);
    return pending(view, now.call);
}

void draw_frame(const LaneView& view, Rect at) {
    Box card;
    card.at = at;
    card.round = kRound;
    card.fill = {Ink::panel, 1};
    card.border = {Ink::line, 0.9f};
    card.shadow = 10;
    view.brush.box(card);
    Box shine;  // lighter towards its top in the dark theme; on white it does nothing
    shine.at = at.inset(1, 1);
    shine.round = card.round - 1;
    shine.fill = {Ink::white, 0.085f};
    shine.fill_bottom = {Ink::white, 0.035f};
    view.brush.box(shine);
    Box bar;
    bar.at = {at.x, at.y + 9, 3.5f, std::max(10.0f, at.h - 18)};
    bar.round = 1.5f;
    bar.fill = {lane_ink(view.accent), 1};
    view.brush.box(bar);
}

// Returns what is left of the header beside icon, name and badge.
Rect draw_name(const LaneView& view, const Place& place, const story::ProgramNow& now, Rect row) {
    Brush& brush = view.brush;
    constexpr float kIcon = 24;
    const std::string& name = view.story.trace().endpoints[place.endpoint].name;
    const float name_width = std::min(brush.width(FontRole::strong, name), row.w * 0.6f);
    const Badge badge = badge_of(view, now);
    // Where only one of them has room, the badge matters more than the icon.
    const float words = name_width + least_width(brush, badge);
    if (words + kIcon <= row.w || words > row.w) {
        brush.icon(
            {IconForm::program, {row.x, row.y + 4.5f, 17, 17}, {lane_ink(view.accent), 1}, Ink::count});
        row = {row.x + kIcon, row.y, row.w - kIcon, row.h};
    }
    row = draw_badge(brush, row, badge, row.w - name_width - kBesideBadge);
    const Rect named = brush.text(row, name, {FontRole::strong, {Ink::text, 1}});
    return {named.right() + 8, row.y + 1, row.right() - named.right() - 8, row.h};
}

// `words` of the call that the program is in, or made last.
void draw_call(const LaneView& view, const story::ProgramNow& now, Rect at, const std::string& words,
               const char* what) {
    if (words.empty()) return;
    const bool failed = !in_call(now) && view.story.trace().calls[now.call].result < 0;
    const Ink ink = failed ? Ink::loss : in_call(now) ? Ink::text : Ink::muted;
    const Rect written = view.brush.text(at, words, {FontRole::mono_words, {ink, 1}});
    view.brush.hit(written, view.brush.ref(RefKind::call, now.call), what, now.call);
}

}  // namespace

float tape_width(float card_width) {
    return card_width - 22;
}

namespace {

float header_height(const TapeStyle& tape) {
    return tape.bare ? kHeader - 3 : kHeader;
}
float pad_below(const TapeStyle& tape) {
    return tape.bare ? kPad / 2 : kPad;
}

}  // namespace

float card_height(const TapeStyle& tape, bool with_result) {
    return header_height(tape) + (with_result ? kResult : 0) + pad_below(tape) + tape_height(tape);
}

void draw_card(LaneView& view, const Place& place, Rect at, const TapeStyle& tape) {
    Brush& brush = view.brush;
    const story::ProgramNow now = view.story.program_at(place.endpoint, view.now());
    const model::Ref ref = brush.ref(RefKind::endpoint, place.endpoint);
    draw_frame(view, at);
    brush.hit(at, ref, "program", place.endpoint);
    brush.glow(at, kRound, ref);

    const Rect beside =
        draw_name(view, place, now, {at.x + 12, at.y + 3, at.w - 22, header_height(tape) - 4});
    const bool with_result = at.h + 0.5f >= card_height(tape, true);
    if (place.again) {
        brush.text(beside, "the same program", {FontRole::small, {Ink::muted, 1}});
    } else if (now.call != story::kNone && now.doing != Doing::done && now.doing != Doing::not_started) {
        const std::string call = call_words(view.story.trace().calls[now.call], in_call(now), !with_result);
        draw_call(view, now, beside,
                  brush.choose(FontRole::mono_words, {call, call.substr(0, call.find(' ')), ""}, beside.w),
                  "call");
    }
    if (with_result) {
        const Rect line{at.x + 12, at.y + kHeader - 2, at.w - 22, kResult};
        // What it returned is at its end.
        draw_call(view, now, line, brush.fit_middle(FontRole::mono_words, result_line(view, now), line.w),
                  "result");
    }
    if (tape.rows != Tape::none) {
        const float top = header_height(tape) + (with_result ? kResult : 0);
        draw_tape(view, place, {at.x + 12, at.y + top, tape_width(at.w), at.h - top - pad_below(tape)}, tape);
    }
}

}  // namespace socketscope::stage

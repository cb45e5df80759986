// What was sent to a program above what it was given, call by call: the picture that tells a stream from datagrams.
#include <algorithm>
#include <optional>

#include "app/stage/cells.hpp"
#include "app/stage/view.hpp"

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

constexpr float kCaption = 42, kCellHeight = 17;
constexpr std::size_t kMostCalls = 48;  // no row has room for more

RowStyle style_of(const LaneView& view, bool given) {
    RowStyle style;
    style.wrapping = view.plan.stream ? Wrapping::bracket : Wrapping::sealed;
    style.newest_last = true;
    style.numbers = true;
    style.notes = given;
    style.cell_height = kCellHeight;
    style.name = given ? "given" : "sent";
    return style;
}

// Messages that will never be given to the program, as far as is known now.
std::vector<std::uint32_t> lost_messages(const LaneView& view) {
    std::vector<std::uint32_t> lost;
    const auto losses = view.story.losses();
    const auto end = std::upper_bound(losses.begin(), losses.end(), view.now(),
                                      [](TimeNs t, const story::Loss& loss) { return t < loss.at_ns; });
    const auto first =
        end - std::min<std::ptrdiff_t>(end - losses.begin(), static_cast<std::ptrdiff_t>(kMostCalls));
    for (auto loss = first; loss != end; ++loss) {
        const bool whole =
            loss->place != story::LossPlace::truncated && loss->place != story::LossPlace::unread;
        if (whole && !loss->repaired && loss->piece.message != story::kNone)
            lost.push_back(loss->piece.message);
    }
    std::sort(lost.begin(), lost.end());
    lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
    return lost;
}

std::vector<Run> sent_runs(LaneView& view, const std::vector<std::uint32_t>& messages,
                           const RunningTotal& total, RowStyle& style) {
    const auto all = view.story.messages();
    const auto end = std::upper_bound(messages.begin(), messages.end(), view.now(),
                                      [&](TimeNs t, std::uint32_t m) { return t < all[m].handed_ns; });
    const auto begin =
        end - std::min<std::ptrdiff_t>(end - messages.begin(), static_cast<std::ptrdiff_t>(kMostCalls));
    style.omitted_bytes = total.before(static_cast<std::size_t>(begin - messages.begin()),
                                       [&](std::size_t i) { return all[messages[i]].size; });
    const std::vector<std::uint32_t> lost =
        view.plan.stream ? std::vector<std::uint32_t>{} : lost_messages(view);
    std::vector<Run> runs;
    for (auto m = begin; m != end; ++m) {
        Run run = run_of(view.story, view.brush, {*m, 0, all[*m].size}, CellLook::ready);
        run.never_came = std::binary_search(lost.begin(), lost.end(), *m);
        if (run.size == 0) run.word = "0 B";
        run.envelope = *m;
        run.envelope_ref = view.brush.ref(RefKind::call, all[*m].call);
        run.alpha = view.clock.appearing(all[*m].handed_ns);
        runs.push_back(std::move(run));
    }
    return runs;
}

std::string note_of(const story::Receive& receive, std::uint32_t bytes) {
    if (receive.end_of_file) return "end";
    if (receive.cut_bytes > 0) return grouped(bytes) + ", " + grouped(receive.cut_bytes) + " cut";
    return grouped(bytes) + (receive.peeked ? " peek" : "");
}

// Bytes that no send call wrote: the header that a raw socket reads, the kernel's own answer.
Run unsent_bytes(const LaneView& view, story::Piece piece, model::Ref ref, bool first, bool brief) {
    Run run;
    run.size = piece.size;
    run.look = CellLook::header;
    const bool raw_header =
        first && view.story.trace().kind.type == model::SocketType::raw && piece.size >= 20;
    run.word = (raw_header ? (brief ? "IP " : "IP header ")
                : brief    ? "kernel "
                           : "by the kernel ") +
               grouped(piece.size) + " B";
    run.ref = ref;
    return run;
}

// The runs of one receive call: a header that a raw socket hands over, the bytes, and the tail that was cut off.
void add_receive(LaneView& view, std::uint32_t index, std::vector<Run>& runs) {
    const story::Receive& receive = view.story.receives()[index];
    const std::size_t begin = runs.size();
    std::uint32_t bytes = 0;
    story::Piece last;
    for (const story::Piece& piece : view.story.pieces(receive.pieces)) {
        runs.push_back(piece.message == story::kNone
                           ? unsent_bytes(view, piece, view.brush.ref(RefKind::call, receive.call),
                                          bytes == 0,
                                          view.plan.endpoints[receive.endpoint].receives.size() > 1)
                           : run_of(view.story, view.brush, piece, CellLook::ready));
        bytes += piece.size;
        last = piece;
    }
    if (receive.cut_bytes > 0 && last.message != story::kNone) {
        runs.push_back(run_of(view.story, view.brush,
                              {last.message, last.offset + last.size, receive.cut_bytes}, CellLook::cut));
    }
    if (runs.size() == begin) {
        Run nothing;
        nothing.look = CellLook::header;
        nothing.word = receive.end_of_file ? "end" : "0 B";
        nothing.ref = view.brush.ref(RefKind::call, receive.call);
        runs.push_back(std::move(nothing));
    }
    const std::string note = note_of(receive, bytes);
    for (std::size_t i = begin; i < runs.size(); ++i) {
        if (runs[i].size == 0 && runs[i].word.empty()) runs[i].word = "0 B";
        runs[i].envelope = index;
        runs[i].envelope_ref = view.brush.ref(RefKind::call, receive.call);
        runs[i].envelope_note = note;
        runs[i].alpha = view.clock.appearing(receive.at_ns);
    }
}

// A message that never came stands as a ghost where it would have been read, once its turn has come: all that was sent
// before it was given or lost, or something that was sent after it was given.
void add_ghosts(LaneView& view, const EndpointFacts& facts, std::vector<Run>& runs) {
    const std::vector<std::uint32_t> lost = lost_messages(view);
    std::size_t turn = 0;  // messages before facts.meant[turn] are settled
    for (const std::uint32_t m : lost) {
        const auto meant = std::lower_bound(facts.meant.begin(), facts.meant.end(), m);
        if (meant == facts.meant.end() || *meant != m) continue;
        Run ghost = run_of(view.story, view.brush, {m, 0, view.story.messages()[m].size}, CellLook::lost);
        const auto at =
            std::find_if(runs.begin(), runs.end(), [&](const Run& r) { return r.number > ghost.number; });
        const auto before = static_cast<std::size_t>(meant - facts.meant.begin());
        const auto settled = [&](std::uint32_t earlier) {
            return std::binary_search(lost.begin(), lost.end(), earlier) ||
                   std::any_of(runs.begin(), runs.end(),
                               [&](const Run& r) { return r.piece.message == earlier; });
        };
        for (turn = std::max(turn, before > kMostCalls ? before - kMostCalls : 0);
             turn < before && settled(facts.meant[turn]);) {
            ++turn;
        }
        if (at != runs.end() || turn == before) runs.insert(at, std::move(ghost));
    }
}

std::vector<Run> given_runs(LaneView& view, const EndpointFacts& facts, RowStyle& style) {
    const auto all = view.story.receives();
    const auto end = std::upper_bound(facts.receives.begin(), facts.receives.end(), view.now(),
                                      [&](TimeNs t, std::uint32_t r) { return t < all[r].at_ns; });
    const auto begin =
        end - std::min<std::ptrdiff_t>(end - facts.receives.begin(), static_cast<std::ptrdiff_t>(kMostCalls));
    style.omitted_bytes = facts.receives_total.before(
        static_cast<std::size_t>(begin - facts.receives.begin()), [&](std::size_t i) {
            const std::int64_t given = view.story.trace().calls[all[facts.receives[i]].call].result;
            return static_cast<std::uint64_t>(std::max<std::int64_t>(given, 0));
        });
    std::vector<Run> runs;
    for (auto r = begin; r != end; ++r) add_receive(view, *r, runs);
    if (!view.plan.stream) add_ghosts(view, facts, runs);
    return runs;
}

void draw_line(LaneView& view, Rect at, std::string_view caption, const std::vector<Run>& runs,
               const RowStyle& style) {
    const float cells_y = at.y + kStrip + 2.5f;
    view.brush.text({at.x, cells_y, kCaption - 4, style.cell_height}, caption,
                    {FontRole::caps, {Ink::muted, 1}});
    Box track;
    track.at = {at.x + kCaption - 2, cells_y, at.w - kCaption + 2, style.cell_height};
    track.round = 4;
    track.fill = {Ink::background, 0.45f};
    view.brush.box(track);
    draw_row(view.brush, {at.x + kCaption, at.y, at.w - kCaption, at.h}, runs, style);
}

}  // namespace

// The same in every lane, so that lanes are aligned.
float tape_height(Tape tape) {
    RowStyle row;
    row.wrapping = Wrapping::sealed;
    row.cell_height = kCellHeight;
    const float sent = row_height(row);
    row.notes = true;
    const float given = row_height(row);
    switch (tape) {
        case Tape::none:
            return 0;
        case Tape::sent:
        case Tape::given_brief:
            return sent;
        case Tape::given:
            return given;
        case Tape::both:
            return sent + given;
    }
    return 0;
}

void draw_tape(LaneView& view, const Place& place, Rect at, Tape tape) {
    const EndpointFacts& facts = view.plan.endpoints[place.endpoint];
    RowStyle sent = style_of(view, false), given = style_of(view, true);
    const std::vector<std::uint32_t>& messages = tape == Tape::sent ? facts.sent : facts.meant;
    sent.reserve = given.reserve = tape == Tape::sent ? facts.sent_bytes : facts.meant_bytes;
    sent.reserve_wraps = given.reserve_wraps =
        static_cast<std::uint32_t>(std::max(messages.size(), tape == Tape::sent ? 0 : facts.receives.size()));
    if (tape != Tape::sent && facts.sees_end) {
        sent.reserve_words = given.reserve_words = view.brush.width(FontRole::caps, "end") + 10;
    }
    if (tape == Tape::sent || tape == Tape::both) {
        const float height = row_height(sent);
        draw_line(view, {at.x, at.y, at.w, height}, "SENT",
                  sent_runs(view, messages, tape == Tape::sent ? facts.sent_total : facts.meant_total, sent),
                  sent);
        at = {at.x, at.y + height, at.w, at.h - height};
    }
    given.notes = tape != Tape::given_brief;
    if (tape != Tape::sent) {
        draw_line(view, {at.x, at.y, at.w, row_height(given)}, "GIVEN", given_runs(view, facts, given),
                  given);
    }
}

}  // namespace socketscope::stage

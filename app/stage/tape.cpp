// What was sent to a program above what it was given, call by call: the picture that tells a stream from datagrams.
#include <algorithm>
#include <optional>

#include "app/stage/lines.hpp"
#include "app/stage/pack.hpp"
#include "app/stage/view.hpp"

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

constexpr std::size_t kMostCalls = 48;  // no row has room for more

// The captions of the rows stand upright where a row is short.
constexpr float kShort = 190;
bool upright(const TapeStyle& tape, float width) {
    return tape.upright || width < kShort;
}
float caption_width(const TapeStyle& tape, float width) {
    if (tape.bare) return 2;  // no room for it; a program that is given something shows that
    return upright(tape, width) ? 16.0f : 42.0f;
}

// What the calls returned: below the cells, in low lines beside the numbers.
Notes notes_of(const TapeStyle& tape) {
    if (tape.bare) return Notes::none;
    return tape.rows == Tape::given_brief || tape.lines > 1 ? Notes::beside : Notes::below;
}

RowStyle style_of(const LaneView& view, const TapeStyle& tape, bool given) {
    RowStyle style;
    style.wrapping = view.plan.stream ? Wrapping::bracket : Wrapping::sealed;
    style.newest_last = true;
    style.numbers = !tape.bare;
    style.notes = given ? notes_of(tape) : Notes::none;
    style.lines = tape.lines;
    style.cell_height = tape.cell_height;
    style.name = given ? "given" : "sent";
    return style;
}

}  // namespace

std::vector<Unit> sent_units(const LaneView& view, const std::vector<std::uint32_t>& messages) {
    std::vector<Unit> units;
    if (messages.size() > kMostCalls) return units;
    for (const std::uint32_t m : messages) {
        const std::uint32_t size = view.story.messages()[m].size;
        units.push_back({size, size == 0 ? word_width(view.brush, "0 B") : 0});
    }
    return units;
}

namespace {

// The row SENT: at the reader's what was sent to it, so that both rows can be compared; its own where nobody sent it
// anything (who asks the other host's kernel by a raw socket is answered by no program).
struct SentRow {
    const std::vector<std::uint32_t>& messages;
    const RunningTotal& total;
    std::uint64_t bytes;
};
SentRow sent_row(const EndpointFacts& facts, const TapeStyle& tape) {
    const bool own = tape.rows == Tape::sent || facts.meant.empty();
    return own ? SentRow{facts.sent, facts.sent_total, facts.sent_bytes}
               : SentRow{facts.meant, facts.meant_total, facts.meant_bytes};
}

// The same of what a program is given in the end.
std::vector<Unit> given_units(const LaneView& view, const EndpointFacts& facts) {
    std::vector<Unit> units;
    if (facts.receives.size() > kMostCalls) return units;
    for (const std::uint32_t r : facts.receives) {
        const story::Receive& receive = view.story.receives()[r];
        Unit unit;
        for (const story::Piece& piece : view.story.pieces(receive.pieces)) {
            if (piece.message == story::kNone) return {};  // headers are words of their own
            unit.bytes += piece.size;
        }
        unit.bytes += receive.cut_bytes;
        if (unit.bytes == 0) unit.word = word_width(view.brush, receive.end_of_file ? "end" : "0 B");
        // A stream is given as it was sent, however the calls cut it.
        if (!view.plan.stream || unit.word > 0) units.push_back(unit);
    }
    if (view.plan.stream) {
        const std::vector<Unit> sent = sent_units(view, facts.meant);
        units.insert(units.begin(), sent.begin(), sent.end());
    }
    return units;
}

// Of a lane's rows together: what was given stands below what was sent, to one scale. In at most tape.lines.
Lining lining_of_rows(const LaneView& view, const EndpointFacts& facts, const TapeStyle& tape, float width,
                      float widest) {
    const LineRoom room{view.plan.stream ? Wrapping::bracket : Wrapping::sealed,
                        width - caption_width(tape, width), narrowest_cell(view.brush), widest};
    const bool writes = tape.rows == Tape::sent;
    const std::vector<Unit> sent = sent_units(view, sent_row(facts, tape).messages);
    const std::vector<Unit> given = writes ? sent : given_units(view, facts);
    const Lining a = lining_of(sent, room, tape.lines), b = lining_of(given, room, tape.lines);
    if (a.lines == 0 || b.lines == 0) return {};
    if (a.lines == b.lines) return {a.lines, std::min(a.cell, b.cell)};
    // The row that needs fewer lines has room for wider cells in as many as the other.
    const int lines = std::max(a.lines, b.lines);
    return {lines, std::min(cell_for_lines(sent, room, lines), cell_for_lines(given, room, lines))};
}

// Messages that will never be given to the program, as far as is known now; all of those that were not given whole, if
// `in_part` is asked for: their rest lay in a queue that was closed, or in a connection that was reset.
enum class Lost : std::uint8_t { whole, in_part };
std::vector<std::uint32_t> lost_messages(const LaneView& view, Lost which) {
    std::vector<std::uint32_t> lost;
    const auto losses = view.story.losses();
    const auto end = std::upper_bound(losses.begin(), losses.end(), view.now(),
                                      [](TimeNs t, const story::Loss& loss) { return t < loss.at_ns; });
    const auto first =
        end - std::min<std::ptrdiff_t>(end - losses.begin(), static_cast<std::ptrdiff_t>(kMostCalls));
    for (auto loss = first; loss != end; ++loss) {
        const bool counts = loss->place != story::LossPlace::truncated &&
                            (which == Lost::in_part || loss->place != story::LossPlace::unread);
        if (counts && !loss->repaired && loss->piece.message != story::kNone)
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
                                      [&](TimeNs t, std::uint32_t m) { return t < view.story.handed_ns(m); });
    const auto begin =
        end - std::min<std::ptrdiff_t>(end - messages.begin(), static_cast<std::ptrdiff_t>(kMostCalls));
    style.omitted_bytes = total.before(static_cast<std::size_t>(begin - messages.begin()),
                                       [&](std::size_t i) { return all[messages[i]].size; });
    const std::vector<std::uint32_t> lost = lost_messages(view, Lost::in_part);
    std::vector<Run> runs;
    for (auto m = begin; m != end; ++m) {
        Run run = run_of(view.story, view.brush, {*m, 0, all[*m].size}, CellLook::ready);
        run.never_came = std::binary_search(lost.begin(), lost.end(), *m);
        if (run.size == 0) run.word = "0 B";
        run.envelope = *m;
        run.envelope_ref = view.brush.ref(RefKind::call, all[*m].call);
        run.alpha = view.clock.appearing(view.story.handed_ns(*m));
        runs.push_back(std::move(run));
    }
    return runs;
}

std::string note_of(const story::Receive& receive, std::uint32_t bytes) {
    if (receive.cut_bytes > 0) return grouped(bytes) + " B, " + grouped(receive.cut_bytes) + " cut";
    return grouped(bytes) + (receive.peeked ? " B peeked" : " B");
}

// Bytes that no send call wrote: `word` says what they are.
Run unsent_bytes(std::uint32_t size, std::string_view word, model::Ref ref) {
    Run run;
    run.size = size;
    run.look = CellLook::header;
    run.word = std::string(word) + " " + grouped(size) + " B";
    run.ref = ref;
    return run;
}

// Bytes of the IP header at the beginning of what a receive call gave: raw sockets over IPv4 are given it (raw(7)).
std::uint32_t ip_header_size(const LaneView& view, const story::Receive& receive) {
    const auto& trace = view.story.trace();
    const auto& sockets = view.story.sockets();
    if (receive.socket >= sockets.size()) return 0;
    const model::Kind kind = sockets[receive.socket].kind;
    if (kind.type != model::SocketType::raw || kind.domain != model::Domain::inet) return 0;
    const std::string_view bytes = trace.bytes(trace.calls[receive.call].data);
    if (bytes.empty()) return 0;
    constexpr unsigned kWord = 4;  // bytes; RFC 791 §3.1, IHL
    return (static_cast<unsigned char>(bytes[0]) & 0x0FU) * kWord;
}

// The header and what the kernel itself wrote behind it, an answer to an echo request for example.
void add_unsent(LaneView& view, const story::Receive& receive, std::uint32_t size, bool first,
                std::vector<Run>& runs) {
    const model::Ref ref = view.brush.ref(RefKind::call, receive.call);
    const bool brief = view.plan.endpoints[receive.endpoint].receives.size() > 1;
    const std::uint32_t header = first ? std::min(size, ip_header_size(view, receive)) : 0;
    if (header > 0) runs.push_back(unsent_bytes(header, brief ? "IP" : "IP header", ref));
    if (size > header) runs.push_back(unsent_bytes(size - header, brief ? "kernel" : "by the kernel", ref));
}

// The runs of one receive call: a header that a raw socket hands over, the bytes, and the tail that was cut off.
void add_receive(LaneView& view, std::uint32_t index, std::vector<Run>& runs) {
    const story::Receive& receive = view.story.receives()[index];
    const std::size_t begin = runs.size();
    std::uint32_t bytes = 0;
    story::Piece last;
    for (const story::Piece& piece : view.story.pieces(receive.pieces)) {
        if (piece.message == story::kNone) {
            add_unsent(view, receive, piece.size, bytes == 0, runs);
        } else {
            runs.push_back(run_of(view.story, view.brush, piece, CellLook::ready));
        }
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
        runs[i].alpha = view.clock.appearing(view.story.given_ns(index));
    }
}

// A message that never came stands as a ghost where it would have been read, once its turn has come: all that was sent
// before it was given or lost, or something that was sent after it was given.
void add_ghosts(LaneView& view, const EndpointFacts& facts, std::vector<Run>& runs) {
    const std::vector<std::uint32_t> lost = lost_messages(view, Lost::whole);
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
                                      [&](TimeNs t, std::uint32_t r) { return t < view.story.given_ns(r); });
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

void draw_caption(Brush& brush, Rect at, std::string_view caption, const RowStyle& style,
                  const TapeStyle& tape) {
    if (tape.bare) return;
    const Brush::TextStyle look{FontRole::caps, {Ink::muted, 1}};
    const float cells_y = at.y + cells_top(style);
    if (!upright(tape, at.w)) {
        brush.text({at.x, cells_y, caption_width(tape, at.w) - 4, style.cell_height}, caption, look);
        return;
    }
    const float width = brush.width(look.font, caption), height = brush.height(look.font);
    const float middle = at.y + (style.lines > 1 ? at.h / 2 : cells_top(style) + style.cell_height / 2 - 5);
    brush.label({{at.x - 2, std::max(at.y, middle - width / 2), height, width},
                 std::string(caption),
                 look.font,
                 look.tint,
                 Ink::count,
                 Turn::up});
}

void draw_line(LaneView& view, Rect at, std::string_view caption, const std::vector<Run>& runs,
               const RowStyle& style, const TapeStyle& tape) {
    const float words = caption_width(tape, at.w);
    draw_caption(view.brush, at, caption, style, tape);
    for (int i = 0; i < style.lines; ++i) {
        Box track;
        track.at = {at.x + words - 2, at.y + cells_top(style) + static_cast<float>(i) * line_height(style),
                    at.w - words + 2, style.cell_height};
        track.round = 4;
        track.fill = {Ink::background, 0.45f};
        view.brush.box(track);
    }
    draw_row(view.brush, {at.x + words, at.y, at.w - words, at.h}, runs, style);
}

}  // namespace

// The same in every lane, so that lanes are aligned.
float tape_height(const TapeStyle& tape) {
    RowStyle row;
    row.wrapping = Wrapping::sealed;
    row.cell_height = tape.cell_height;
    row.lines = tape.lines;
    row.numbers = !tape.bare;
    const float sent = row_height(row);
    row.notes = notes_of(tape);
    const float given = row_height(row);
    switch (tape.rows) {
        case Tape::none:
            return 0;
        case Tape::sent:
            return sent;
        case Tape::given:
        case Tape::given_brief:
            return given;
        case Tape::both:
            return sent + given;
    }
    return 0;
}

int tape_lines(const LaneView& view, const Place& place, Tape rows, float width, int most) {
    const TapeStyle tape{rows, most};
    return lining_of_rows(view, view.plan.endpoints[place.endpoint], tape, width,
                          widest_cell(tape.cell_height))
        .lines;
}

float tape_cell(const LaneView& view, const Place& place, Tape rows, float width, float widest) {
    return lining_of_rows(view, view.plan.endpoints[place.endpoint], {rows, 1}, width, widest).cell;
}

void draw_tape(LaneView& view, const Place& place, Rect at, const TapeStyle& tape) {
    const EndpointFacts& facts = view.plan.endpoints[place.endpoint];
    const bool writes = tape.rows == Tape::sent;
    RowStyle sent = style_of(view, tape, false), given = style_of(view, tape, true);
    const SentRow row = sent_row(facts, tape);
    sent.cell = given.cell = lining_of_rows(view, facts, tape, at.w, widest_cell(tape.cell_height)).cell;
    sent.reserve = given.reserve = row.bytes;
    sent.reserve_wraps = given.reserve_wraps =
        static_cast<std::uint32_t>(std::max(row.messages.size(), writes ? 0 : facts.receives.size()));
    if (!writes && facts.sees_end) {
        sent.reserve_words = given.reserve_words = word_width(view.brush, "end");
    }
    if (writes || tape.rows == Tape::both) {
        const float height = row_height(sent);
        draw_line(view, {at.x, at.y, at.w, height}, "SENT", sent_runs(view, row.messages, row.total, sent),
                  sent, tape);
        at = {at.x, at.y + height, at.w, at.h - height};
    }
    if (!writes) {
        draw_line(view, {at.x, at.y, at.w, row_height(given)}, "GIVEN", given_runs(view, facts, given), given,
                  tape);
    }
}

}  // namespace socketscope::stage

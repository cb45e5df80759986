#include "app/stage/cells.hpp"

#include <algorithm>
#include <span>

#include "app/stage/excerpt.hpp"
#include "app/stage/lines.hpp"
#include "app/stage/pack.hpp"

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

// What a cell of each look is made of.
struct Look {
    float fill, border;  // opacity
    bool strong;         // text on the fill's own colour
    bool hatched;
    float text;  // opacity of the text
};
Look look_of(CellLook look) {
    switch (look) {
        case CellLook::unsent:
            return {0.0f, 0.55f, false, false, 0.9f};
        case CellLook::sent:
            return {0.30f, 0.85f, false, false, 1};
        case CellLook::sent_again:
            return {1, 0, true, false, 1};
        case CellLook::ready:
            return {1, 0, true, false, 1};
        case CellLook::held:
            return {0.18f, 0.85f, false, false, 1};
        case CellLook::hole:
            return {0.10f, 0.95f, false, true, 0};
        case CellLook::lost:
            return {0.08f, 0.85f, false, false, 0};
        case CellLook::cut:
            return {0, 0.35f, false, true, 0.85f};
        case CellLook::header:
            return {1, 0.8f, false, false, 1};
    }
    return {};
}

struct CellInk {
    Ink fill, border, text;
};
CellInk ink_of(const Run& run) {
    switch (run.look) {
        case CellLook::hole:
        case CellLook::lost:
            return {Ink::loss, Ink::loss, Ink::loss};
        case CellLook::header:
            return {Ink::card_raised, Ink::line, Ink::muted};
        case CellLook::cut:
            return {hue_fill(run.hue), hue_line(run.hue), Ink::muted};
        case CellLook::unsent:
            return {hue_fill(run.hue), hue_line(run.hue), Ink::muted};
        default:
            return {hue_fill(run.hue), hue_line(run.hue), Ink::text};
    }
}

// Cells too narrow for a frame each make up one band.
constexpr float kNarrow = 11.5f;
constexpr float kOffEdges = 3.5f;
constexpr float kWrap = 2.5f;  // how far the border around an envelope stands off

void draw_band(Brush& brush, Rect at, const Run& run) {
    const Look look = look_of(run.look);
    const CellInk ink = ink_of(run);
    Box band;
    band.at = at.inset(0.5f, 0);
    band.round = 3.5f;
    band.fill = {ink.fill, look.fill};
    band.border = {ink.border, look.border};
    if (run.look == CellLook::lost) {
        band.dash = 3;
        brush.box(band);
        brush.cross({band.at.centre(), std::min(4.0f, band.at.w / 3), {ink.border, 1}, 1.75f});
        return;
    }
    brush.box(band);
    if (look.hatched) brush.hatch({band.at.inset(1, 1), {ink.border, 0.75f}, 5, 1, false});
}

// Larger letters where cells are large.
FontRole letter_font(Rect cell) {
    if (cell.h >= 30 && cell.w >= 16) return FontRole::mono_large;
    return cell.h >= 20 && cell.w >= 11 ? FontRole::mono_strong : FontRole::mono_small;
}

void draw_byte(Brush& brush, Rect at, const Run& run, std::string_view text) {
    const Look look = look_of(run.look);
    if (look.text <= 0 || text.empty()) return;
    const CellInk ink = ink_of(run);
    brush.text(at, text,
               {letter_font(at), {ink.text, look.text}, look.strong ? ink.fill : Ink::count, Align::centre});
}

void draw_cell(Brush& brush, Rect at, const Run& run, std::string_view text) {
    const Look look = look_of(run.look);
    const CellInk ink = ink_of(run);
    Box cell;
    cell.at = at.inset(0.75f, 0);
    cell.round = 3;
    cell.fill = {ink.fill, look.fill};
    cell.border = {ink.border, look.border};
    brush.box(cell);
    if (look.hatched) brush.hatch({cell.at.inset(1, 1), {ink.border, 0.75f}, 5, 1, false});
    if (look.text <= 0 || text.empty()) return;
    const Ink on = look.strong ? ink.fill : Ink::count;
    brush.text(at, text, {letter_font(at), {ink.text, look.text}, on, Align::centre});
}

void draw_number(Brush& brush, Rect strip, const Run& run) {
    if (run.number == 0) return;
    const std::string number = std::to_string(run.number);
    const float mark = run.never_came ? 10.0f : 0;
    // All of a row with "#" or all without, though some digits are narrower than others.
    const float room = strip.w - 1 - mark;
    const bool hashed = brush.width(FontRole::caps, "#" + std::string(number.size(), '4')) <= room;
    const std::string text = hashed ? "#" + number : brush.choose(FontRole::caps, {number, ""}, room);
    if (text.empty()) return;
    const float width = brush.width(FontRole::caps, text);
    const Rect at{strip.x + (strip.w - width - mark) / 2, strip.y, width + 0.5f, strip.h};
    brush.text(at, text, {FontRole::caps, {hue_line(run.hue), 1}});
    if (run.never_came) brush.cross({{at.right() + 6, strip.y + strip.h / 2}, 3, {Ink::loss, 1}, 1.75f});
    if (run.look == CellLook::sent_again && strip.w > width + 22) {
        brush.icon({IconForm::again, {at.right() + 2, strip.y + 1.5f, 10, 10}, {hue_line(run.hue), 1}});
    }
}

// What a call returned: "17 B"; "4 B, 2 cut"; in as many words as there is room for.
std::string note_words(const Brush& brush, const std::string& note, float room) {
    const std::string first = note.substr(0, note.find(", "));
    return brush.choose(FontRole::caps, {note, first, note.substr(0, note.find(' ')), ""}, room);
}

void draw_note_below(Brush& brush, Rect cells, float room, const Run& run) {
    const std::string note = note_words(brush, run.envelope_note, room);
    const float width = brush.width(FontRole::caps, note);
    brush.text({cells.x + (cells.w - width) / 2, cells.bottom() + 2, width + 0.5f, kStrip}, note,
               {FontRole::caps, {Ink::muted, 1}});
}

// At the right end of the strip of numbers, where the last number leaves room for it. Returns what it took.
float draw_note_beside(Brush& brush, Rect strip, const Run& run) {
    const std::string number = run.number > 0 ? "#" + std::to_string(run.number) : "";
    const float room = strip.w - brush.width(FontRole::caps, number) - 8;
    const std::string note = note_words(brush, run.envelope_note, room);
    if (note.empty()) return 0;
    const float width = brush.width(FontRole::caps, note);
    brush.text({strip.right() - width - 1, strip.y, width + 0.5f, strip.h}, note,
               {FontRole::caps, {Ink::muted, 1}});
    return width + 6;
}

// The frame of an envelope that goes on in another line is open there.
void draw_frame(Brush& brush, const Box& wrap, const Run& run) {
    if (!run.open_begin && !run.open_end) {
        brush.box(wrap);
        return;
    }
    Box wash = wrap;
    wash.border = kNoTint;
    wash.round = 0;
    brush.box(wash);
    const Rect at = wrap.at.inset(wrap.border_width / 2, wrap.border_width / 2);
    const auto side = [&](Point from, Point to) { brush.line({from, to, wrap.border, wrap.border_width}); };
    side({at.x, at.y}, {at.right(), at.y});
    side({at.x, at.bottom()}, {at.right(), at.bottom()});
    if (!run.open_begin) side({at.x, at.y}, {at.x, at.bottom()});
    if (!run.open_end) side({at.right(), at.y}, {at.right(), at.bottom()});
}

// The border around what one call handed over.
void draw_wrap(Brush& brush, Rect cells, const Run& run, const RowStyle& style, bool torn) {
    Box wrap;
    wrap.at = cells.inset(style.wrapping == Wrapping::sealed ? -kWrap : 0, -kWrap);
    wrap.round = 5;
    wrap.border_width = 1.5f;
    if (style.wrapping == Wrapping::sealed) {
        wrap.border = run.number > 0 ? Tint{hue_line(run.hue), 0.95f} : Tint{Ink::muted, 0.8f};
    } else {
        wrap.border = {Ink::muted, 0.85f};
        wrap.fill = {Ink::text, 0.05f};
    }
    draw_frame(brush, wrap, run);
    if (torn) {
        brush.hatch({{cells.right() - 5, cells.y - 2, 8, cells.h + 4}, {Ink::loss, 0.9f}, 4, 1, true});
    }
    if (run.envelope_ref) {
        brush.hit(wrap.at, run.envelope_ref, style.name, run.envelope_ref.index);
        brush.glow(wrap.at, wrap.round, run.envelope_ref);
    }
    if (style.notes == Notes::below && !run.envelope_note.empty() && !run.open_end)
        draw_note_below(brush, cells, wrap.at.w - 2, run);
}

void draw_tail(Brush& brush, Rect at, const Packed& packed) {
    const Run& run = *packed.run;
    const Look look = look_of(run.look);
    if (packed.tail.empty() || look.text <= 0) return;
    const CellInk ink = ink_of(run);
    brush.text(at, packed.tail,
               {packed.font, {ink.text, 1}, look.strong ? ink.fill : Ink::count, Align::centre});
}

// The letters of a band: as in cells, but the first and the last keep off its edges as far as there is room for that.
struct BandLetters {
    float left{0}, pitch{0};
};
BandLetters letters_in_band(const Brush& brush, Rect band, const Packed& packed, float cell) {
    const auto count = static_cast<float>(packed.head);
    const float letter = brush.width(letter_font({band.x, band.y, cell, band.h}), "M");
    const float inset = std::clamp((cell - letter) * count / 2, 0.0f, kOffEdges);
    return {band.x + inset, (count * cell - 2 * inset) / std::max(1.0f, count)};
}

// One run: its cells from the left, then its tail.
void draw_run(Brush& brush, Rect span, const Packed& packed, float cell, const char* name) {
    const Run& run = *packed.run;
    const Rect tail{span.right() - packed.tail_width, span.y, packed.tail_width, span.h};
    const bool narrow = cell < kNarrow || run.look == CellLook::lost;
    if (run.ref) brush.hit(span, run.ref, name, run.ref.index);
    if (narrow) {
        draw_band(brush, span, run);
    } else if (packed.tail_width > 0) {
        draw_band(brush, tail, run);
    }
    const BandLetters band = letters_in_band(brush, span, packed, cell);
    for (std::uint32_t b = 0; b < packed.head; ++b) {
        const auto n = static_cast<float>(b);
        const Rect at{span.x + n * cell, span.y, cell, span.h};
        const std::string text =
            b < run.bytes.size() ? printable(static_cast<unsigned char>(run.bytes[b])) : std::string{};
        if (narrow) {
            draw_byte(brush, {band.left + n * band.pitch, at.y, band.pitch, at.h}, run, text);
        } else {
            draw_cell(brush, at, run, text);
        }
        if (run.piece.message != story::kNone) {
            brush.hit(at, brush.ref(RefKind::byte, run.piece.message, run.piece.offset + b), name, b);
        }
    }
    if (packed.tail_width > 0) draw_tail(brush, tail, packed);
    if (run.ref) brush.glow(span, 3, run.ref);
}

// The numbers of an envelope's messages, each once over all its neighbouring runs. `kept`: room at the end for a note.
void draw_numbers(Brush& brush, Point at, std::span<const Packed> runs, float cell, float kept) {
    for (std::size_t i = 0; i < runs.size();) {
        float over = 0;
        std::size_t end = i;
        while (end < runs.size() && runs[end].run->piece.message == runs[i].run->piece.message) {
            over += runs[end++].width(cell);
        }
        const float room = end == runs.size() ? over - kept : over;
        draw_number(brush, {at.x, at.y, room, kStrip}, *runs[i].run);
        at.x += over;
        i = end;
    }
}

// One line as it was packed. Returns the width used.
float draw_packing(Brush& brush, Rect area, const Packing& packing, const RowStyle& style) {
    const float y = area.y + cells_top(style);
    const auto rest = [&](float x) {
        brush.text({x, y, packing.rest_width - 6, style.cell_height}, packing.rest,
                   {FontRole::small, {Ink::muted, 1}});
    };
    float x = area.x;
    if (packing.whole) {
        const float aside = style.slide * packing.cell + style.slide_wraps * gap_of(style.wrapping);
        x += std::min(aside, std::max(0.0f, area.w - packing.width));
    }
    if (style.newest_last && packing.rest_width > 0) {
        rest(x);
        x += packing.rest_width;
    }
    const float whole = brush.alpha;
    const std::span<const Packed> all(packing.runs);
    for (std::size_t i = 0; i < all.size();) {
        // The runs of one envelope; in a queue of bytes there is none, and all are one group.
        const Run& first = *all[i].run;
        std::size_t end = i;
        float width = 0;
        while (end < all.size() &&
               (style.wrapping == Wrapping::none || all[end].run->envelope == first.envelope)) {
            width += all[end++].width(packing.cell);
        }
        x += gap_of(style.wrapping) / 2;
        brush.alpha = whole * first.alpha;
        if (style.wrapping != Wrapping::none && first.envelope != story::kNone) {
            const bool torn = all[end - 1].run->look == CellLook::cut;
            draw_wrap(brush, {x, y, std::max(width, 4.0f), style.cell_height}, first, style, torn);
        }
        const Run& last = *all[end - 1].run;
        float kept = 0;
        if (style.notes == Notes::beside && !last.envelope_note.empty() && !last.open_end) {
            const float from = std::max(0.0f, width - all[end - 1].width(packing.cell));
            kept = draw_note_beside(brush, {x + from, area.y, width - from, kStrip}, last);
        }
        if (style.numbers) draw_numbers(brush, {x, area.y}, all.subspan(i, end - i), packing.cell, kept);
        for (; i < end; ++i) {
            const float run_width = all[i].width(packing.cell);
            brush.alpha = whole * all[i].run->alpha;
            if (run_width > 0)
                draw_run(brush, {x, y, run_width, style.cell_height}, all[i], packing.cell, style.name);
            x += run_width;
        }
        x += gap_of(style.wrapping) / 2;
    }
    brush.alpha = whole;
    if (!style.newest_last && packing.rest_width > 0) {
        rest(x + 6);
        x += packing.rest_width;
    }
    return x - area.x;
}

}  // namespace

float line_height(const RowStyle& style) {
    const float wrap = style.wrapping == Wrapping::none ? 0.0f : kWrap;
    return cells_top(style) + style.cell_height + wrap + (style.notes == Notes::below ? kStrip + 2 : 0.5f);
}

float row_height(const RowStyle& style) {
    return line_height(style) * static_cast<float>(style.lines);
}

float cells_top(const RowStyle& style) {
    const float wrap = style.wrapping == Wrapping::none ? 0.0f : kWrap;
    return style.numbers ? kStrip + wrap : kWrap;
}

float draw_row(Brush& brush, Rect area, const std::vector<Run>& runs, const RowStyle& style) {
    const std::vector<std::vector<Run>> lines = break_lines(brush, runs, style, area.w);
    if (lines.empty()) return draw_packing(brush, area, pack(brush, runs, style, area.w), style);
    float width = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Rect line{area.x, area.y + static_cast<float>(i) * line_height(style), area.w,
                        line_height(style)};
        width = std::max(width, draw_packing(brush, line, pack_line(brush, lines[i], style), style));
    }
    return width;
}

Run run_of(const story::Story& story, const Brush& brush, story::Piece piece, CellLook look) {
    Run run;
    run.piece = piece;
    run.size = piece.size;
    run.look = look;
    if (piece.message == story::kNone) return run;
    const story::Message& message = story.messages()[piece.message];
    run.hue = message.hue;
    run.number = message.number;
    run.message_size = message.size;
    run.ref = brush.ref(RefKind::message, piece.message);
    const std::string_view sent = story.trace().bytes(story.trace().calls[message.call].data);
    constexpr std::uint32_t kShown = 256;  // no row shows more of one run
    if (piece.offset < sent.size()) run.bytes = sent.substr(piece.offset, std::min(piece.size, kShown));
    const std::uint32_t telling = telling_byte(story, piece.message);
    run.telling = telling > piece.offset ? telling - piece.offset : 0;
    return run;
}

}  // namespace socketscope::stage

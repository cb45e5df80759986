#include "app/stage/cells.hpp"

#include <algorithm>

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

constexpr float kWidest = 15, kComfortable = 9.5f, kSealGap = 7;
constexpr std::size_t kMostRuns = 48;  // more never fit into a row: the rest is counted

// How much of a run is shown: the first bytes, and a tail that says how many there are in all.
struct Packed {
    const Run* run{nullptr};
    std::uint32_t head{0};
    std::string tail;
    float tail_width{0};
};

struct Packing {
    std::vector<Packed> runs;
    float cell{kWidest};
    float width{0};
    std::string rest;  // "… 63,900 more bytes"
    float rest_width{0};
    bool whole{false};  // every byte is shown
};

// Records stand apart; the calls that cut a stream do not: its tape has no gaps.
float gap_of(Wrapping wrapping) {
    return wrapping == Wrapping::sealed ? kSealGap : 0;
}

float wrap_gaps(const std::vector<Packed>& runs, Wrapping wrapping) {
    if (runs.empty()) return 0;
    float gaps = gap_of(wrapping);
    for (std::size_t i = 1; i < runs.size(); ++i) {
        if (runs[i].run->envelope != runs[i - 1].run->envelope) gaps += gap_of(wrapping);
    }
    return gaps;
}

float width_of(const Packing& packing, Wrapping wrapping) {
    float width = wrap_gaps(packing.runs, wrapping) + packing.rest_width;
    for (const Packed& p : packing.runs) width += static_cast<float>(p.head) * packing.cell + p.tail_width;
    return width;
}

// Each run cut to at most `cap` bytes.
void cut_to(Packing& packing, const Brush& brush, std::uint32_t cap) {
    for (Packed& p : packing.runs) {
        const Run& run = *p.run;
        if (!run.word.empty()) continue;
        const auto known = static_cast<std::uint32_t>(run.bytes.size());
        p.tail.clear();
        p.tail_width = 0;
        p.head = run.size;
        if (run.size <= cap && (run.size <= known || run.bytes.empty())) continue;
        p.head = std::min({cap, known, run.size});
        p.tail = (p.head > 0 ? "… " : "") + grouped(run.size) + " B";
        p.tail_width = brush.width(FontRole::caps, p.tail) + 10;
        if (static_cast<float>(run.size) * packing.cell <=
                static_cast<float>(p.head) * packing.cell + p.tail_width &&
            run.size <= known) {
            p.head = run.size;
            p.tail.clear();
            p.tail_width = 0;
        }
    }
}

// What was left out, in as many words as there is room for.
void set_rest(Packing& packing, const Brush& brush, std::uint64_t bytes, bool before, float room) {
    packing.rest.clear();
    packing.rest_width = 0;
    if (bytes == 0) return;
    const std::string count = "… " + grouped(bytes);
    const std::string words = count + (before ? " before" : bytes == 1 ? " more byte" : " more bytes");
    const float most = packing.runs.empty() ? room - 10 : room * 0.62f;
    packing.rest = brush.choose(FontRole::small, {words, count + " B", count, "…"}, most);
    packing.rest_width = brush.width(FontRole::small, packing.rest) + 10;
}

// As much of a run's text as fits into a block, and how many bytes it has where most of them are left out.
std::string block_words(const Brush& brush, const Run& run, float room) {
    if (run.bytes.empty()) return brush.choose(FontRole::mono_small, {grouped(run.size) + " B", ""}, room);
    std::string text = brush.fit(FontRole::mono_small, printable(run.bytes), room);
    const std::string count = " " + grouped(run.size) + " B";
    const std::string both = brush.fit(FontRole::mono_small, printable(run.bytes),
                                       room - brush.width(FontRole::mono_small, count));
    if (run.size > 16 && both.size() > 5) return both + count;
    return text.empty() ? brush.choose(FontRole::mono_small, {grouped(run.size), ""}, room) : text;
}

// Each run as one block, all to one scale, so that what was sent and what was given stay aligned: its text as far as it
// fits. Only where each block is wide enough for its number.
bool pack_to_scale(Packing& packing, const Brush& brush, const RowStyle& style, float room, bool all,
                   std::uint64_t bytes) {
    if (!all || packing.runs.empty()) return false;
    float fixed = std::max(wrap_gaps(packing.runs, style.wrapping),
                           gap_of(style.wrapping) * static_cast<float>(style.reserve_wraps));
    for (const Packed& p : packing.runs) fixed += p.run->word.empty() ? 0 : p.tail_width;
    const float scale = (room - fixed) / static_cast<float>(std::max<std::uint64_t>(bytes, 1));
    const float least = brush.width(FontRole::caps, "8") + 4;
    for (const Packed& p : packing.runs) {
        const bool needs_number = p.run->word.empty() && p.run->look != CellLook::cut;
        if (needs_number && static_cast<float>(p.run->size) * scale < least) return false;
    }
    for (Packed& p : packing.runs) {
        if (!p.run->word.empty()) continue;
        const float width = static_cast<float>(p.run->size) * scale;
        p = {p.run, 0, block_words(brush, *p.run, width - 5), width};
    }
    packing.width = width_of(packing, style.wrapping);
    return packing.width <= room + 0.5f;
}

Packing pack(const Brush& brush, const std::vector<Run>& runs, const RowStyle& style, float room) {
    Packing packing;
    std::uint64_t omitted = style.omitted_bytes, total = 0;
    const std::size_t drop = runs.size() > kMostRuns ? runs.size() - kMostRuns : 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const bool gone = style.newest_last ? i < drop : i >= runs.size() - drop;
        if (gone) {
            omitted += runs[i].size;
        } else {
            packing.runs.push_back({&runs[i], runs[i].size, {}, 0});
            total += runs[i].size;
        }
    }
    const float narrowest = brush.width(FontRole::mono_small, "M") + 0.75f;
    float gaps = std::max(wrap_gaps(packing.runs, style.wrapping),
                          gap_of(style.wrapping) * static_cast<float>(style.reserve_wraps));
    for (Packed& p : packing.runs) {
        if (p.run->word.empty()) continue;
        p = {p.run, 0, p.run->word, brush.width(FontRole::caps, p.run->word) + 10};
        gaps += p.tail_width;
        total -= p.run->size;
    }
    const bool known = std::all_of(runs.begin(), runs.end(), [](const Run& r) {
        return r.bytes.empty() || r.bytes.size() >= r.size || !r.word.empty();
    });
    const auto wanted = static_cast<float>(std::max<std::uint64_t>({total, style.reserve, 1}));
    if (omitted == 0 && known) {
        packing.cell = std::min(kWidest, (room - gaps) / wanted);
        packing.whole = packing.cell >= narrowest;
        if (!packing.whole && !style.newest_last &&
            (room - gaps) / static_cast<float>(std::max<std::uint64_t>(total, 1)) >= narrowest) {
            packing.cell = narrowest;  // not yet too many, though there will be
            packing.whole = true;
        }
    }
    if (packing.whole) {
        packing.width = width_of(packing, style.wrapping);
        return packing;
    }
    if (pack_to_scale(packing, brush, style, room, omitted == 0, std::max(total, style.reserve)))
        return packing;
    packing.cell = std::max(kComfortable, narrowest);
    set_rest(packing, brush, omitted, style.newest_last, room);
    for (std::uint32_t cap = 24;; --cap) {
        cut_to(packing, brush, cap);
        packing.width = width_of(packing, style.wrapping);
        if (packing.width <= room || cap == 0) break;
    }
    while (packing.width > room && !packing.runs.empty()) {
        const auto gone = style.newest_last ? packing.runs.begin() : packing.runs.end() - 1;
        omitted += gone->run->size;
        packing.runs.erase(gone);
        set_rest(packing, brush, omitted, style.newest_last, room);
        packing.width = width_of(packing, style.wrapping);
    }
    return packing;
}

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
            return {0.0f, 0.55f, false, false, 0.75f};
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
            return {0, 0.35f, false, true, 0.7f};
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

void draw_byte(Brush& brush, Rect at, const Run& run, std::string_view text) {
    const Look look = look_of(run.look);
    if (look.text <= 0 || text.empty()) return;
    const CellInk ink = ink_of(run);
    brush.text(
        at, text,
        {FontRole::mono_small, {ink.text, look.text}, look.strong ? ink.fill : Ink::count, Align::centre});
}

void draw_cell(Brush& brush, Rect at, const Run& run, std::string_view text, FontRole font) {
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
    brush.text(at, text, {font, {ink.text, look.text}, on, Align::centre});
}

void draw_number(Brush& brush, Rect strip, const Run& run) {
    if (run.number == 0) return;
    const std::string number = std::to_string(run.number);
    std::string text = brush.choose(FontRole::caps, {"#" + number, number}, strip.w - 1);
    if (text.empty() || brush.width(FontRole::caps, text) > strip.w - 1) return;
    const float width = brush.width(FontRole::caps, text);
    const Rect at{strip.x + (strip.w - width) / 2, strip.y, width + 0.5f, strip.h};
    brush.text(at, text, {FontRole::caps, {hue_line(run.hue), 1}});
    if (run.look == CellLook::sent_again && strip.w > width + 22) {
        brush.icon({IconForm::again, {at.right() + 2, strip.y + 1.5f, 10, 10}, {hue_line(run.hue), 1}});
    }
}

// The border around what one call handed over, and below it what the call returned.
void draw_wrap(Brush& brush, Rect cells, const Run& run, const RowStyle& style, bool torn) {
    Box wrap;
    wrap.at = cells.inset(style.wrapping == Wrapping::sealed ? -2.5f : 0, -2.5f);
    wrap.round = 5;
    wrap.border_width = 1.5f;
    if (style.wrapping == Wrapping::sealed) {
        wrap.border = run.number > 0 ? Tint{hue_line(run.hue), 0.95f} : Tint{Ink::muted, 0.8f};
    } else {
        wrap.border = {Ink::muted, 0.85f};
        wrap.fill = {Ink::text, 0.05f};
    }
    brush.box(wrap);
    if (torn) {
        brush.hatch({{cells.right() - 5, cells.y - 2, 8, cells.h + 4}, {Ink::loss, 0.9f}, 4, 1, true});
    }
    if (run.envelope_ref) {
        brush.hit(wrap.at, run.envelope_ref, style.name, run.envelope_ref.index);
        brush.glow(wrap.at, wrap.round, run.envelope_ref);
    }
    if (style.notes && !run.envelope_note.empty()) {
        // "4, 2 cut"; where that is too long, what the call returned.
        const std::string brief = run.envelope_note.substr(0, run.envelope_note.find_first_of(", "));
        const std::string note = brush.choose(FontRole::caps, {run.envelope_note, brief, ""}, wrap.at.w - 2);
        const float width = brush.width(FontRole::caps, note);
        brush.text({cells.x + (cells.w - width) / 2, cells.bottom() + 2, width + 0.5f, kStrip}, note,
                   {FontRole::caps, {Ink::muted, 1}});
    }
}

}  // namespace

float row_height(const RowStyle& style) {
    const float wrap = style.wrapping == Wrapping::none ? 0.0f : 2.5f;
    return style.cell_height + wrap + (style.numbers ? kStrip + wrap : 0) + (style.notes ? kStrip + 2 : wrap);
}

float draw_row(Brush& brush, Rect area, const std::vector<Run>& runs, const RowStyle& style) {
    const Packing packing = pack(brush, runs, style, area.w);
    const float y =
        area.y + (style.numbers ? kStrip + (style.wrapping == Wrapping::none ? 0.0f : 2.5f) : 2.5f);
    float x = area.x;
    if (packing.whole) {
        const float aside = style.slide * packing.cell + style.slide_wraps * gap_of(style.wrapping);
        x += std::min(aside, std::max(0.0f, area.w - packing.width));
    }
    const float whole = brush.alpha;
    if (style.newest_last && packing.rest_width > 0) {
        brush.text({x, y, packing.rest_width - 6, style.cell_height}, packing.rest,
                   {FontRole::small, {Ink::muted, 1}});
        x += packing.rest_width;
    }
    std::size_t i = 0;
    while (i < packing.runs.size()) {
        // The runs of one envelope; without envelopes each is for itself.
        std::size_t end = i + 1;
        if (style.wrapping != Wrapping::none) {
            while (end < packing.runs.size() &&
                   packing.runs[end].run->envelope == packing.runs[i].run->envelope)
                ++end;
            x += gap_of(style.wrapping) / 2;
        }
        float width = 0;
        for (std::size_t k = i; k < end; ++k) {
            width += static_cast<float>(packing.runs[k].head) * packing.cell + packing.runs[k].tail_width;
        }
        if (style.wrapping != Wrapping::none && packing.runs[i].run->envelope != story::kNone) {
            brush.alpha = whole * packing.runs[i].run->alpha;
            const bool torn = packing.runs[end - 1].run->look == CellLook::cut;
            draw_wrap(brush, {x, y, std::max(width, 4.0f), style.cell_height}, *packing.runs[i].run, style,
                      torn);
        }
        for (; i < end; ++i) {
            const Packed& packed = packing.runs[i];
            const Run& run = *packed.run;
            brush.alpha = whole * run.alpha;
            const Rect span{x, y, static_cast<float>(packed.head) * packing.cell + packed.tail_width,
                            style.cell_height};
            if (span.w <= 0) continue;
            if (style.numbers) {
                // Once a message, over all its neighbouring runs.
                float over = span.w;
                for (std::size_t k = i + 1;
                     k < end && packing.runs[k].run->piece.message == run.piece.message; ++k) {
                    over +=
                        static_cast<float>(packing.runs[k].head) * packing.cell + packing.runs[k].tail_width;
                }
                const bool first =
                    i == 0 || packing.runs[i - 1].run->piece.message != run.piece.message ||
                    (style.wrapping != Wrapping::none && packing.runs[i - 1].run->envelope != run.envelope);
                if (first) draw_number(brush, {x, area.y, over, kStrip}, run);
            }
            if (run.ref) brush.hit(span, run.ref, style.name, run.ref.index);
            const bool narrow = packing.cell < kNarrow || run.look == CellLook::lost;
            if (narrow) draw_band(brush, span, run);
            for (std::uint32_t b = 0; b < packed.head; ++b) {
                const Rect at{x + static_cast<float>(b) * packing.cell, y, packing.cell, style.cell_height};
                const std::string text = b < run.bytes.size()
                                             ? printable(static_cast<unsigned char>(run.bytes[b]))
                                             : std::string{};
                if (narrow) {
                    draw_byte(brush, at, run, text);
                } else {
                    draw_cell(brush, at, run, text, FontRole::mono_small);
                }
                if (run.piece.message != story::kNone) {
                    brush.hit(at, brush.ref(RefKind::byte, run.piece.message, run.piece.offset + b),
                              style.name, b);
                }
            }
            if (packed.tail_width > 0) {
                const Rect tail{span.right() - packed.tail_width, y, packed.tail_width, style.cell_height};
                const Look look = look_of(run.look);
                const CellInk ink = ink_of(run);
                if (!narrow || packed.head == 0) draw_band(brush, tail, run);
                const FontRole font =
                    run.word.empty() && packed.head == 0 ? FontRole::mono_small : FontRole::caps;
                if (!packed.tail.empty() && look.text > 0) {
                    brush.text(tail, packed.tail,
                               {font, {ink.text, 1}, look.strong ? ink.fill : Ink::count, Align::centre});
                }
            }
            if (run.ref) brush.glow(span, 3, run.ref);
            x += span.w;
        }
        x += gap_of(style.wrapping) / 2;
    }
    brush.alpha = whole;
    if (!style.newest_last && packing.rest_width > 0) {
        brush.text({x + 6, y, packing.rest_width - 6, style.cell_height}, packing.rest,
                   {FontRole::small, {Ink::muted, 1}});
        x += packing.rest_width;
    }
    return x - area.x;
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
    run.ref = brush.ref(RefKind::message, piece.message);
    const std::string_view sent = story.trace().bytes(story.trace().calls[message.call].data);
    constexpr std::uint32_t kShown = 256;  // no row shows more of one run
    if (piece.offset < sent.size()) run.bytes = sent.substr(piece.offset, std::min(piece.size, kShown));
    return run;
}

}  // namespace socketscope::stage

#include "app/stage/pack.hpp"

#include <algorithm>

#include "app/stage/excerpt.hpp"

namespace socketscope::stage {

using style::FontRole;

namespace {

constexpr float kComfortable = 9.5f, kSealGap = 7;

float wrap_gaps(const std::vector<Packed>& runs, Wrapping wrapping) {
    if (runs.empty()) return 0;
    float gaps = gap_of(wrapping);
    for (std::size_t i = 1; i < runs.size(); ++i) {
        if (runs[i].run->envelope != runs[i - 1].run->envelope) gaps += gap_of(wrapping);
    }
    return gaps;
}

// What no scale changes: gaps and words.
float fixed_width(const Packing& packing, const RowStyle& style) {
    float words = 0;
    for (const Packed& p : packing.runs) words += p.run->word.empty() ? 0 : p.tail_width;
    const float gaps = std::max(wrap_gaps(packing.runs, style.wrapping),
                                gap_of(style.wrapping) * static_cast<float>(style.reserve_wraps));
    return gaps + std::max(words, style.reserve_words);
}

float width_of(const Packing& packing, Wrapping wrapping) {
    float width = wrap_gaps(packing.runs, wrapping) + packing.rest_width;
    for (const Packed& p : packing.runs) width += p.width(packing.cell);
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
        p.font = p.head > 0 ? FontRole::caps : FontRole::mono_small;
        p.tail_width = brush.width(FontRole::caps, p.tail) + 10;
        if (static_cast<float>(run.size) * packing.cell <= p.width(packing.cell) && run.size <= known) {
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
std::string block_words(const Brush& brush, FontRole font, const Run& run, float room) {
    const std::string count = grouped(run.size) + " B";
    if (run.bytes.empty()) return brush.choose(font, {count, ""}, room);
    const std::string both =
        excerpt(brush, font, run.bytes, run.telling, room - brush.width(font, " " + count));
    if (run.size > 16 && letters(both) > 3) return both + " " + count;
    const std::string text = excerpt(brush, font, run.bytes, run.telling, room);
    const bool single = letters(text) == 2 && text.ends_with("…");  // one letter before the dots says nothing
    return single && run.size > 1 ? std::string{} : text;
}

// In large letters where they leave as much to be seen as must be.
Packed block_of(const Brush& brush, const Run& run, float width) {
    constexpr float kInset = 5, kDotsInset = 2;  // dots are light, and have room around them
    Packed block{&run, 0, block_words(brush, FontRole::mono_words, run, width - kInset), width,
                 FontRole::mono_words};
    if (letters(block.tail) < 3) {
        std::string dotted = block_words(brush, FontRole::mono_words, run, width - kDotsInset);
        if (dotted.starts_with("…") && dotted.ends_with("…")) block.tail = std::move(dotted);
    }
    const bool tells = run.telling == 0 || block.tail.starts_with("…") || letters(block.tail) > run.telling;
    if (!tells || letters(block.tail) < 3) {
        block.tail = block_words(brush, FontRole::mono_small, run, width - kInset);
        block.font = FontRole::mono_small;
    }
    return block;
}

// Each run as one block, all to one scale, so that what was sent and what was given stay aligned: its text as far as it
// fits. Only where each block is wide enough for its number.
bool pack_to_scale(Packing& packing, const Brush& brush, const RowStyle& style, float room,
                   std::uint64_t bytes) {
    if (packing.runs.empty()) return false;
    const float scale =
        (room - fixed_width(packing, style)) / static_cast<float>(std::max<std::uint64_t>(bytes, 1));
    const float least = brush.width(FontRole::caps, "8") + 4;
    for (const Packed& p : packing.runs) {
        const bool needs_number = p.run->word.empty() && p.run->look != CellLook::cut;
        if (needs_number && static_cast<float>(p.run->size) * scale < least) return false;
    }
    for (Packed& p : packing.runs) {
        if (!p.run->word.empty()) continue;
        p = block_of(brush, *p.run, static_cast<float>(p.run->size) * scale);
    }
    packing.width = width_of(packing, style.wrapping);
    return packing.width <= room + 0.5f;
}

// The runs that can have a place at all, words already measured. Returns how many bytes were left out.
std::uint64_t take_runs(Packing& packing, const Brush& brush, const std::vector<Run>& runs,
                        const RowStyle& style) {
    std::uint64_t omitted = style.omitted_bytes;
    const std::size_t drop = runs.size() > kMostRuns ? runs.size() - kMostRuns : 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Run& run = runs[i];
        if (style.newest_last ? i < drop : i >= runs.size() - drop) {
            omitted += run.size;
        } else if (run.word.empty()) {
            packing.runs.push_back({&run, run.size, {}, 0});
        } else {
            packing.runs.push_back({&run, 0, run.word, word_width(brush, run.word)});
        }
    }
    return omitted;
}

// Every byte as a cell of its own, if cells need not be narrower than a character.
bool pack_whole(Packing& packing, const RowStyle& style, float room, std::uint64_t bytes, float narrowest) {
    for (const Packed& p : packing.runs) {
        if (p.run->word.empty() && !p.run->bytes.empty() && p.run->bytes.size() < p.run->size) return false;
    }
    const float free = room - fixed_width(packing, style);
    packing.cell = std::min(widest_cell(style.cell_height),
                            free / static_cast<float>(std::max<std::uint64_t>({bytes, style.reserve, 1})));
    if (packing.cell < narrowest && !style.newest_last &&
        free / static_cast<float>(std::max<std::uint64_t>(bytes, 1)) >= narrowest) {
        packing.cell = narrowest;  // not yet too many, though there will be
    }
    packing.whole = packing.cell >= narrowest;
    packing.width = width_of(packing, style.wrapping);
    return packing.whole;
}

// The first bytes of each and how many there are; whole runs give way to a count where that is still too much.
void pack_heads(Packing& packing, const Brush& brush, const RowStyle& style, float room,
                std::uint64_t omitted) {
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
}

}  // namespace

float gap_of(Wrapping wrapping) {
    return wrapping == Wrapping::sealed ? kSealGap : 0;
}

float word_width(const Brush& brush, std::string_view word) {
    return brush.width(FontRole::caps, word) + 7;
}

float narrowest_cell(const Brush& brush) {
    return brush.width(FontRole::mono_small, "M") + 0.25f;
}

Packing pack_line(const Brush& brush, const std::vector<Run>& runs, const RowStyle& style) {
    Packing packing;
    take_runs(packing, brush, runs, style);
    packing.cell = style.cell;
    packing.whole = true;
    packing.width = width_of(packing, style.wrapping);
    return packing;
}

Packing pack(const Brush& brush, const std::vector<Run>& runs, const RowStyle& style, float room) {
    Packing packing;
    const std::uint64_t omitted = take_runs(packing, brush, runs, style);
    std::uint64_t bytes = 0;
    for (const Packed& p : packing.runs) bytes += p.head;
    const float narrowest = narrowest_cell(brush);
    if (omitted == 0 && pack_whole(packing, style, room, bytes, narrowest)) return packing;
    const auto says_nothing = [&] {
        return std::all_of(packing.runs.begin(), packing.runs.end(),
                           [](const Packed& p) { return p.tail.empty(); });
    };
    if (omitted == 0 && pack_to_scale(packing, brush, style, room, std::max(bytes, style.reserve))) {
        // Room that is kept for what is still to come is worth less than what is there now.
        RowStyle now = style;
        now.reserve = now.reserve_wraps = 0;
        Packing cells;
        take_runs(cells, brush, runs, now);
        return says_nothing() && pack_whole(cells, now, room, bytes, narrowest) ? cells : packing;
    }
    packing.cell = std::max(kComfortable, narrowest);
    pack_heads(packing, brush, style, room, omitted);
    return packing;
}

}  // namespace socketscope::stage

#include "app/stage/lines.hpp"

#include <algorithm>
#include <cmath>

#include "app/stage/pack.hpp"

namespace socketscope::stage {

namespace {

constexpr float kComfortable = 8.5f, kSlack = 0.01f;
constexpr std::uint32_t kMostBytes = 600;  // more are never shown byte by byte
constexpr std::size_t kMostUnits = 48;

// Fills lines from the left; things come one after another, each with its width, and go on where they are cut.
class Filler {
public:
    Filler(float room, float gap) : room_(room), gap_(gap) {}

    // A thing that can't be cut. False if it is wider than a line.
    bool put(float width) {
        if (width + gap_ > room_ + kSlack) return false;
        if (used_ + width + gap_ > room_ + kSlack) next();
        used_ += width + gap_;
        return true;
    }
    // How many of `count` cells go into this line: at least one, on a new line if need be.
    std::uint32_t put_cells(std::uint32_t count, float cell) {
        if (used_ + cell > room_ + kSlack) next();
        const auto fit =
            static_cast<std::uint32_t>(std::max(1.0f, std::floor((room_ - used_ + kSlack) / cell)));
        const std::uint32_t taken = std::min(count, fit);
        used_ += static_cast<float>(taken) * cell;
        return taken;
    }
    // Goes to a new line where this one has no room for so much, but a new one has.
    void keep_together(float width) {
        if (used_ + width > room_ + kSlack && width <= room_ + kSlack && used_ > 0) next();
    }
    int line() const { return line_; }

private:
    void next() {
        ++line_;
        used_ = 0;
    }
    float room_, gap_, used_{0};
    int line_{0};
};

// The lines that these units take; 0 if one of them does not fit into any.
int lines_for(std::span<const Unit> units, Wrapping wrapping, float room, float cell) {
    Filler filler(room, gap_of(wrapping));
    for (const Unit& unit : units) {
        if (wrapping == Wrapping::sealed) {
            const float width = std::max(unit.word + static_cast<float>(unit.bytes) * cell, kLeastWrap);
            if (!filler.put(width)) return 0;
            continue;
        }
        filler.keep_together(static_cast<float>(unit.bytes) * cell);
        for (std::uint32_t left = unit.bytes; left > 0;) left -= filler.put_cells(left, cell);
        if (unit.word > 0 && !filler.put(unit.word)) return 0;
    }
    return filler.line() + 1;
}

Run part_of(const Run& run, std::uint32_t from, std::uint32_t size) {
    Run part = run;
    part.piece.offset += from;
    part.piece.size = part.size = size;
    part.bytes = from < run.bytes.size() ? run.bytes.substr(from, size) : std::string{};
    return part;
}

class Breaker {
public:
    Breaker(const RowStyle& style, float room) : style_(style), filler_(room, gap_of(style.wrapping)) {}

    void stream(const Run& run, float word) {
        if (word > 0) {
            if (filler_.put(word)) add(run);
            return;
        }
        if (run.piece.offset == 0) filler_.keep_together(static_cast<float>(run.message_size) * style_.cell);
        for (std::uint32_t from = 0; from < run.size;) {
            const std::uint32_t taken = filler_.put_cells(run.size - from, style_.cell);
            add(part_of(run, from, taken));
            from += taken;
        }
    }
    void envelope(std::span<const Run> runs, float width) {
        filler_.put(std::max(width, kLeastWrap));
        for (const Run& run : runs) add(run);
    }
    // A call whose bytes go on in the next line is open there; what it returned stands at its end.
    std::vector<std::vector<Run>> result() {
        for (std::size_t i = 1; style_.wrapping == Wrapping::bracket && i < lines_.size(); ++i) {
            const std::uint32_t goes_on = lines_[i - 1].back().envelope;
            if (lines_[i].front().envelope != goes_on) continue;
            for (Run& run : lines_[i - 1]) {
                if (run.envelope == goes_on) run.open_end = true;
            }
            for (Run& run : lines_[i]) {
                if (run.envelope == goes_on) run.open_begin = true;
            }
        }
        return std::move(lines_);
    }

private:
    void add(Run run) {
        lines_.resize(static_cast<std::size_t>(filler_.line()) + 1);
        lines_.back().push_back(std::move(run));
    }

    const RowStyle& style_;
    Filler filler_;
    std::vector<std::vector<Run>> lines_;
};

}  // namespace

// In steps of a quarter of a pixel.
float cell_for_lines(std::span<const Unit> units, const LineRoom& room, int lines) {
    const auto fits = [&](float cell) {
        const int taken = lines_for(units, room.wrapping, room.width, cell);
        return taken > 0 && taken <= lines;
    };
    for (float cell = room.widest; cell >= room.narrowest; cell -= 0.25f) {
        if (fits(cell)) return cell;
    }
    return fits(room.narrowest) ? room.narrowest : 0;
}

Lining lining_of(std::span<const Unit> units, const LineRoom& room, int most) {
    std::uint64_t bytes = 0;
    for (const Unit& unit : units) bytes += unit.bytes;
    if (bytes > kMostBytes || units.size() > kMostUnits || room.narrowest <= 0 || room.width < room.narrowest)
        return {};
    Lining tight;
    for (int lines = 1; lines <= most; ++lines) {
        const float cell = cell_for_lines(units, room, lines);
        if (cell >= kComfortable) return {lines, cell};
        if (cell > 0 && tight.lines == 0) tight = {lines, cell};
    }
    return tight;
}

std::vector<std::vector<Run>> break_lines(const Brush& brush, const std::vector<Run>& runs,
                                          const RowStyle& style, float room) {
    if (style.cell <= 0 || style.omitted_bytes > 0 || runs.size() > 2 * kMostUnits) return {};
    const auto word_of = [&](const Run& run) { return run.word.empty() ? 0 : word_width(brush, run.word); };
    for (const Run& run : runs) {
        if (run.word.empty() && !run.bytes.empty() && run.bytes.size() < run.size) return {};
        if (run.size > kMostBytes) return {};
    }
    Breaker breaker(style, room);
    for (std::size_t i = 0; i < runs.size();) {
        if (style.wrapping != Wrapping::sealed) {
            breaker.stream(runs[i], word_of(runs[i]));
            ++i;
            continue;
        }
        std::size_t end = i;
        float width = 0;
        for (; end < runs.size() && runs[end].envelope == runs[i].envelope; ++end) {
            const float word = word_of(runs[end]);
            width += word > 0 ? word : static_cast<float>(runs[end].size) * style.cell;
        }
        if (width + gap_of(style.wrapping) > room + kSlack) return {};
        breaker.envelope(std::span(runs).subspan(i, end - i), width);
        i = end;
    }
    std::vector<std::vector<Run>> lines = breaker.result();
    const bool crowded =
        std::any_of(lines.begin(), lines.end(), [](auto& line) { return line.size() > kMostRuns; });
    if (crowded || lines.size() > static_cast<std::size_t>(style.lines)) lines.clear();
    return lines;
}

}  // namespace socketscope::stage

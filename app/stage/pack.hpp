// Fits the runs of a row into its room: every byte as a cell, blocks to scale, heads with counts, or just a count.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/stage/brush.hpp"
#include "app/stage/cells.hpp"

namespace socketscope::stage {

// Cells are upright, or square at most.
inline float widest_cell(float cell_height) {
    return std::max(15.0f, cell_height * 0.8f);
}
inline constexpr std::size_t kMostRuns = 48;  // more never fit into a line: the rest is counted
inline constexpr float kLeastWrap = 4;        // an envelope without a byte

// How much of a run is shown: the first `head` bytes as cells, and a tail of text: the rest, or all of it as one block.
struct Packed {
    const Run* run{nullptr};
    std::uint32_t head{0};
    std::string tail;
    float tail_width{0};
    style::FontRole font{style::FontRole::caps};  // of the tail

    float width(float cell) const { return static_cast<float>(head) * cell + tail_width; }
};

struct Packing {
    std::vector<Packed> runs;
    float cell{0};
    float width{0};
    std::string rest;  // "… 63,900 more bytes"
    float rest_width{0};
    bool whole{false};  // every byte is shown
};

// Between envelopes: records stand apart; the calls that cut a stream do not, its tape has no gaps.
float gap_of(Wrapping wrapping);
float word_width(const Brush& brush, std::string_view word);
// The narrowest cell in which a character can stand.
float narrowest_cell(const Brush& brush);

// Every run in cells of this width: a line that is known to fit.
Packing pack_line(const Brush& brush, const std::vector<Run>& runs, const RowStyle& style);
Packing pack(const Brush& brush, const std::vector<Run>& runs, const RowStyle& style, float room);

}  // namespace socketscope::stage

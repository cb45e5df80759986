// Fits the runs of a row into its room: every byte as a cell, or blocks to scale, or heads with counts, or a count alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/stage/brush.hpp"
#include "app/stage/cells.hpp"

namespace socketscope::stage {

inline constexpr float kWidestCell = 15;

// How much of a run is shown: the first `head` bytes as cells, and a tail of text: the rest, or all of it as one block.
struct Packed {
    const Run* run{nullptr};
    std::uint32_t head{0};
    std::string tail;
    float tail_width{0};

    float width(float cell) const { return static_cast<float>(head) * cell + tail_width; }
};

struct Packing {
    std::vector<Packed> runs;
    float cell{kWidestCell};
    float width{0};
    std::string rest;  // "… 63,900 more bytes"
    float rest_width{0};
    bool whole{false};  // every byte is shown
};

// Between envelopes: records stand apart; the calls that cut a stream do not, its tape has no gaps.
float gap_of(Wrapping wrapping);

Packing pack(const Brush& brush, const std::vector<Run>& runs, const RowStyle& style, float room);

}  // namespace socketscope::stage

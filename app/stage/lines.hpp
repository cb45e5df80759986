// Breaks a row of bytes into lines, so that every byte can have a cell of its own where one line is too short for that.
#pragma once

#include <span>
#include <vector>

#include "app/stage/cells.hpp"

namespace socketscope::stage {

// What a row will hold in the end, envelope by envelope: so many bytes, or a word of this width instead ("end").
struct Unit {
    std::uint32_t bytes{0};
    float word{0};
};

// How the whole of a row is shown: in so many lines, each byte in a cell of this width. lines 0: it can't be.
struct Lining {
    int lines{0};
    float cell{0};
};

// The room of a line, and how wide a cell may be.
struct LineRoom {
    Wrapping wrapping{Wrapping::none};
    float width{0};
    float narrowest{0}, widest{0};
};

// The fewest lines, at most `most`, in which cells are comfortable; else those in which they are not too narrow.
Lining lining_of(std::span<const Unit> units, const LineRoom& room, int most);

// The widest cells with which the units take at most so many lines; 0 if there are none.
float cell_for_lines(std::span<const Unit> units, const LineRoom& room, int lines);

// The runs of each line. Messages and envelopes begin a new line rather than being cut; a message of a stream that is
// longer than a line is cut where the line ends. Empty: they do not fit into `style.lines`.
std::vector<std::vector<Run>> break_lines(const Brush& brush, const std::vector<Run>& runs,
                                          const RowStyle& style, float room);

}  // namespace socketscope::stage

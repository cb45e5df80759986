// How a lane's room is shared: which rows of bytes each card shows, in how many lines, how large. Alike in all lanes.
#pragma once

#include "app/stage/view.hpp"

namespace socketscope::stage {

inline constexpr float kBorderHeight = 15;  // of the line between kernel and program, with its words
inline constexpr int kMostLines = 5;        // of a row of bytes
inline constexpr float kLargestCell = 34;   // its width, in a lane that is much higher than it needs to be

struct Shares {
    TapeStyle tape[2];  // by side
    bool result[2]{false, false};
    float caption{13};  // of two queues of one socket
    float queue_cell{17};
    bool queue_numbers{true};
    int queue_lines[2]{1, 1};
    float border{kBorderHeight};
    bool beside{false};  // strip: card and socket side by side: no room for one above the other

    float card(int side) const { return card_height(tape[side], result[side]); }
};

// Which numbers of lines the lanes of a picture need to show every byte: bit n stands for n lines.
struct Needs {
    unsigned lines[2]{0, 0};  // of the cards' rows, by side
    unsigned queue[2]{0, 0};  // of the queues
    // How wide the cells of cards and of queues can be where every byte of every lane has one, in one line.
    float card_cell{kLargestCell}, queue_cell{kLargestCell};
};

Shares share_column(const Grid& grid, const Needs& needs, float height);
Shares share_strip(const Grid& grid, const Needs& needs, float height);

// The widths of a strip's parts.
struct StripWidths {
    float card[2], socket;
};
StripWidths strip_widths(const Grid& grid, bool beside, float width);

}  // namespace socketscope::stage

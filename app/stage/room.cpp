#include "app/stage/room.hpp"

#include <algorithm>

namespace socketscope::stage {

namespace {

constexpr float kLeastWire = 84;         // a column's, so that packets can be told apart
constexpr float kWireForLines = 98;      // … before rows of bytes get more lines
constexpr float kLowWireForLines = 84;   // … where else texts would be cut
constexpr float kComfortableWire = 130;  // … before cards get a line for the last result
constexpr float kLongWire = 215;         // from here on everything else grows, too
constexpr float kLeastBorder = 5;        // a line without words
constexpr float kLargestCell = 26, kLargestQueueCell = 24;
constexpr float kLowQueueCell = 13;  // the lowest in which a letter can stand

// The most lines that some lane needs and that fit; 1 if none does.
template <class Fits>
int most_lines(unsigned needed, const Fits& fits) {
    for (int lines = kMostLines; lines > 1; --lines) {
        if ((needed >> lines & 1U) != 0 && fits(lines)) return lines;
    }
    return 1;
}

// Cells grow as long as `fits` holds.
template <class Fits>
void grow_cells(Shares& shares, const Fits& fits) {
    for (bool grew = true; grew;) {
        grew = false;
        const auto grow = [&](float& height, float most) {
            if (height + 1 > most) return;
            height += 1;
            if (fits()) {
                grew = true;
            } else {
                height -= 1;
            }
        };
        grow(shares.tape[0].cell_height, kLargestCell);
        grow(shares.tape[1].cell_height, kLargestCell);
        grow(shares.queue_cell, kLargestQueueCell);
    }
}

float sockets_of(const Grid& grid, const Shares& shares, int side) {
    Grid grown = grid;
    grown.queue_cell = shares.queue_cell;
    grown.queue_numbers = shares.queue_numbers;
    std::copy(shares.queue_lines, shares.queue_lines + 2, grown.queue_lines);
    return sockets_height(grown, side);
}

// Some lane needs more lines than these to show every byte, and could have them.
bool too_short(unsigned needed, int lines) {
    const unsigned enough = (2U << lines) - 2;
    return needed >> 2 != 0 && (needed & enough) == 0;
}

}  // namespace

Shares share_column(const Grid& grid, const Needs& needs, float height) {
    Shares shares;
    const auto wire = [&] {
        return height - sockets_of(grid, shares, 0) - sockets_of(grid, shares, 1) - 2 * shares.border -
               shares.card(0) - shares.card(1);
    };
    const auto grow = [&](auto& what, auto value, float wire_least) {
        const auto before = what;
        what = value;
        if (wire() < wire_least) what = before;
    };
    const int reader = grid.reader_side, writer = 1 - reader;
    const auto more_lines = [&](int side, float wire_least) {
        TapeStyle& tape = shares.tape[side];
        tape.lines = most_lines(needs.lines[side], [&](int lines) {
            tape.lines = lines;
            return wire() >= wire_least;
        });
    };
    const auto all_lines = [&](float wire_least) {
        if (shares.tape[reader].rows == Tape::both) more_lines(reader, wire_least);
        if (grid.given_back) more_lines(writer, wire_least);
        for (const int side : {reader, writer}) {
            int& lines = shares.queue_lines[side];
            if (!too_short(needs.queue[side], 1)) continue;
            lines = most_lines(needs.queue[side], [&](int more) {
                lines = more;
                return wire() >= wire_least;
            });
        }
    };
    // What is cut; a card's row matters more than the queues of both sides.
    const auto cut = [&] {
        int rows = 0;
        for (const int side : {0, 1})
            rows += 3 * too_short(needs.lines[side], shares.tape[side].lines) +
                    too_short(needs.queue[side], shares.queue_lines[side]);
        return rows;
    };
    grow(shares.tape[reader].rows, Tape::given, kLeastWire);
    if (grid.given_back) grow(shares.tape[writer].rows, Tape::given, kLeastWire);
    grow(shares.tape[reader].rows, Tape::both, kLeastWire);
    all_lines(kWireForLines);
    if (cut() > 0 && shares.tape[reader].rows == Tape::both) {
        // Whole texts matter more than numbers in the queues, and than words on the borders; those of the cards more
        // than those of the queues.
        const Shares roomy = shares;
        Shares best = shares;
        int least = cut();
        for (const bool cards_first : {false, true}) {
            shares = roomy;
            shares.queue_numbers = false;
            shares.border = kLeastBorder;
            if (cards_first) shares.queue_lines[0] = shares.queue_lines[1] = 1;
            all_lines(kLowWireForLines);
            if (cut() >= least) continue;
            least = cut();
            best = shares;
        }
        shares = best;
    }
    if (grid.given_back) grow(shares.tape[writer].rows, Tape::both, kComfortableWire);
    grow(shares.result[writer], true, kComfortableWire);
    grow(shares.result[reader], true, kComfortableWire);
    grow_cells(shares, [&] { return wire() >= kLongWire; });
    return shares;
}

namespace {

// The sockets of a low strip are as high as it, and narrow: where that shows every byte, lines without numbers.
void stack_queues(const Grid& grid, const Needs& needs, float height, Shares& shares) {
    const unsigned needed = needs.queue[0] | needs.queue[1];
    if (!too_short(needed, 1)) return;
    Shares stacked = shares;
    stacked.queue_numbers = false;
    stacked.queue_cell = kLowQueueCell;
    const int lines = most_lines(needed, [&](int more) {
        stacked.queue_lines[0] = stacked.queue_lines[1] = more;
        return sockets_of(grid, stacked, 0) <= height;
    });
    stacked.queue_lines[0] = stacked.queue_lines[1] = lines;
    if (lines > 1) shares = stacked;
}

}  // namespace

Shares share_strip(const Grid& grid, const Needs& needs, float height) {
    Shares shares;
    const float sockets = sockets_height(grid, 0);
    const auto room_with = [&](Tape rows) { return height - card_height({rows}, false) - sockets; };
    const Tape least = room_with(Tape::given) < kLeastBorder ? Tape::given_brief : Tape::given;
    const float spare = room_with(least);
    shares.beside = spare < kLeastBorder;
    shares.tape[0].upright = shares.tape[1].upright = shares.beside;
    if (!shares.beside) shares.border = std::min(kBorderHeight, spare);  // low: a line without words
    if (shares.beside) stack_queues(grid, needs, height, shares);
    const auto cards_fit = [&] {
        const float sockets_now = sockets_of(grid, shares, 0);
        const float room = shares.beside ? height : height - shares.border - sockets_now;
        return shares.card(0) <= room && shares.card(1) <= room && sockets_now <= height;
    };
    const int reader = grid.reader_side, writer = 1 - reader;
    const auto use = [&](int side, Tape rows) {
        const Tape before = shares.tape[side].rows;
        shares.tape[side].rows = rows;
        if (!cards_fit()) shares.tape[side].rows = before;
    };
    for (const Tape rows : {Tape::given_brief, Tape::given, Tape::both}) use(reader, rows);
    use(writer, grid.given_back ? least : Tape::sent);
    if (grid.given_back) use(writer, Tape::both);
    const auto use_lines = [&] {
        for (const int side : {reader, writer}) {
            TapeStyle& tape = shares.tape[side];
            tape.lines = 1;
            if (tape.rows == Tape::none) continue;
            tape.lines = most_lines(needs.lines[side], [&](int lines) {
                tape.lines = lines;
                return cards_fit();
            });
        }
    };
    use_lines();
    if (!shares.beside && shares.tape[reader].lines == 1 && needs.lines[reader] >> 2 != 0) {
        // Whole texts in the cards matter more than numbers in the queues.
        Shares without = shares;
        std::swap(shares, without);
        shares.queue_numbers = false;
        shares.border = kLeastBorder - 2;
        use_lines();
        if (shares.tape[reader].lines == 1) std::swap(shares, without);
    }
    for (const int side : {0, 1}) {
        shares.result[side] = true;
        if (!cards_fit()) shares.result[side] = false;
    }
    grow_cells(shares, cards_fit);
    return shares;
}

StripWidths strip_widths(const Grid& grid, bool beside, float width) {
    constexpr float kLeastWireWidth = 110;
    StripWidths widths{};
    if (!beside) {
        widths.card[0] = widths.card[1] = widths.socket = std::clamp(width * 0.34f, 190.0f, 460.0f);
        return widths;
    }
    widths.card[grid.reader_side] = std::clamp(width * 0.28f, 120.0f, 400.0f);
    widths.card[1 - grid.reader_side] = std::clamp(width * 0.256f, 120.0f, 400.0f);
    widths.socket = std::clamp(width * 0.14f, 110.0f, 260.0f);
    const float ends = widths.card[0] + widths.card[1] + 2 * widths.socket;
    const float room = std::max(0.0f, width - 2 * kBorderHeight - kLeastWireWidth);
    if (ends <= room) return widths;
    for (float* part : {&widths.card[0], &widths.card[1], &widths.socket}) *part *= room / ends;
    return widths;
}

}  // namespace socketscope::stage

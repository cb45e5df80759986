#include "app/stage/room.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace socketscope::stage {

namespace {

constexpr float kLeastWire = 84;         // a column's, so that packets can be told apart
constexpr float kWireForLines = 98;      // … before rows of bytes get more lines
constexpr float kLowWireForLines = 84;   // … where else texts would be cut
constexpr float kComfortableWire = 130;  // … before cards get a line for the last result
constexpr float kLongWire = 215;         // from here on everything else grows, too
constexpr float kLeastBorder = 5;        // a line without words
constexpr float kHighCell = 26, kHighQueueCell = 24;
constexpr float kHighest = 1.3f, kHighestInQueue = 1.6f;  // a cell's height to its width
constexpr float kAiryBorder = 24, kAiryStrip = 36;        // around what a high strip shows
constexpr float kAiryCaption = 17;  // clear of the line above it, also with a projector's letters
constexpr float kLowCell = 13;      // the lowest in which a letter can stand

// The most lines that some lane needs and that fit; 1 if none does.
template <class Fits>
int most_lines(unsigned needed, const Fits& fits) {
    for (int lines = kMostLines; lines > 1; --lines) {
        if ((needed >> lines & 1U) != 0 && fits(lines)) return lines;
    }
    return 1;
}

// Cells grow up to these heights, as long as `fits` holds.
template <class Fits>
void grow_cells(Shares& shares, float card, float queue, const Fits& fits) {
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
        grow(shares.tape[0].cell_height, card);
        grow(shares.tape[1].cell_height, card);
        grow(shares.queue_cell, queue);
    }
}

float sockets_of(const Grid& grid, const Shares& shares, int side) {
    Grid grown = grid;
    grown.caption = shares.caption;
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

namespace {

// How many rows of a column don't show every byte: what a program sent and was given matters more than the queues.
struct Cut {
    int cards{0}, queues{0};
    bool any() const { return cards + queues > 0; }
    bool operator<(const Cut& other) const {
        return std::tie(cards, queues) < std::tie(other.cards, other.queues);
    }
};

// Shares the height of a column. Each part grows only as far as the wire keeps as much as that part is worth.
class Column {
public:
    Column(const Grid& grid, const Needs& needs, float height)
        : grid_(grid), needs_(needs), height_(height) {}

    Shares share() {
        grow(shares_.tape[reader_].rows, Tape::given, kLeastWire);
        if (grid_.given_back) grow(shares_.tape[writer_].rows, Tape::given, kLeastWire);
        grow(shares_.tape[reader_].rows, Tape::both, kLeastWire);
        lines_of_cards(kWireForLines);
        lines_of_queues(kWireForLines);
        if (cut().any() && shares_.tape[reader_].rows == Tape::both) cut_least();
        if (grid_.given_back) grow(shares_.tape[writer_].rows, Tape::both, kComfortableWire);
        grow(shares_.result[writer_], true, kComfortableWire);
        grow(shares_.result[reader_], true, kComfortableWire);
        grow(shares_.caption, kAiryCaption, kWireForLines);
        grow_cells(shares_, kHighCell, kHighQueueCell, [&] { return wire() >= kLongWire; });
        return shares_;
    }

private:
    float wire() const {
        return height_ - sockets_of(grid_, shares_, 0) - sockets_of(grid_, shares_, 1) - 2 * shares_.border -
               shares_.card(0) - shares_.card(1);
    }
    template <class Part, class Value>
    void grow(Part& part, Value value, float least_wire) {
        const Part before = part;
        part = value;
        if (wire() < least_wire) part = before;
    }
    void lines_of_cards(float least_wire) {
        const auto fill = [&](TapeStyle& tape, unsigned needed) {
            tape.lines = most_lines(needed, [&](int lines) {
                tape.lines = lines;
                return wire() >= least_wire;
            });
        };
        if (shares_.tape[reader_].rows == Tape::both) fill(shares_.tape[reader_], needs_.lines[reader_]);
        if (grid_.given_back) fill(shares_.tape[writer_], needs_.lines[writer_]);
    }
    void lines_of_queues(float least_wire) {
        for (const int side : {reader_, writer_}) {
            int& lines = shares_.queue_lines[side];
            if (!too_short(needs_.queue[side], 1)) continue;
            lines = most_lines(needs_.queue[side], [&](int more) {
                lines = more;
                return wire() >= least_wire;
            });
        }
    }
    Cut cut() const {
        Cut rows;
        for (const int side : {0, 1}) {
            rows.cards += too_short(needs_.lines[side], shares_.tape[side].lines) ? 1 : 0;
            rows.queues += too_short(needs_.queue[side], shares_.queue_lines[side]) ? 1 : 0;
        }
        return rows;
    }
    // Whole texts matter more than numbers in the queues, and than words on the borders: without these there are
    // more lines, for cards beside the lines that queues have already, or before any queue gets a second one. The
    // first of the three ways that cuts least.
    void cut_least() {
        const Shares roomy = shares_;
        Shares tight = roomy;
        tight.queue_numbers = false;
        tight.border = kLeastBorder;
        Shares cards_first = tight;
        cards_first.queue_lines[0] = cards_first.queue_lines[1] = 1;
        Cut least = cut();
        Shares best = roomy;
        for (const Shares& way : {tight, cards_first}) {
            shares_ = way;
            lines_of_cards(kLowWireForLines);
            lines_of_queues(kLowWireForLines);
            if (const Cut now = cut(); now < least) {
                least = now;
                best = shares_;
            }
        }
        shares_ = best;
    }

    const Grid& grid_;
    const Needs& needs_;
    const float height_;
    const int reader_{grid_.reader_side}, writer_{1 - grid_.reader_side};
    Shares shares_;
};

}  // namespace

Shares share_column(const Grid& grid, const Needs& needs, float height) {
    return Column(grid, needs, height).share();
}

namespace {

// The sockets of a low strip are as high as it, and narrow: where that shows every byte, lines without numbers.
void stack_queues(const Grid& grid, const Needs& needs, float height, Shares& shares) {
    const unsigned needed = needs.queue[0] | needs.queue[1];
    if (!too_short(needed, 1)) return;
    Shares stacked = shares;
    stacked.queue_numbers = false;
    stacked.queue_cell = kLowCell;
    const int lines = most_lines(needed, [&](int more) {
        stacked.queue_lines[0] = stacked.queue_lines[1] = more;
        return sockets_of(grid, stacked, 0) <= height;
    });
    stacked.queue_lines[0] = stacked.queue_lines[1] = lines;
    if (lines > 1) shares = stacked;
}

// A strip that is much higher than its contents: larger cells, as far as their bytes leave them wide enough for that.
void use_height(const Grid& grid, const Needs& needs, float height, Shares& shares) {
    const auto fits = [&] {
        return std::max(shares.card(0), shares.card(1)) + shares.border + sockets_of(grid, shares, 0) +
                   kAiryStrip <=
               height;
    };
    const float border = std::exchange(shares.border, kAiryBorder);
    if (!fits()) shares.border = border;
    grow_cells(shares, std::max(kHighCell, needs.card_cell * kHighest),
               std::max(kHighQueueCell, needs.queue_cell * kHighestInQueue), fits);
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
    if (shares.beside && sockets > height) {                             // very low: cells alone
        shares.queue_numbers = false;
        shares.queue_cell = kLowCell;
    }
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
    for (const int side : {reader, writer}) {
        TapeStyle& tape = shares.tape[side];
        if (!shares.beside || tape.rows != Tape::none) continue;
        const float cell = std::exchange(tape.cell_height, kLowCell);
        tape.bare = true;
        tape.rows = side == reader || grid.given_back ? Tape::given_brief : Tape::sent;
        if (shares.card(side) <= height) continue;
        tape.rows = Tape::none;
        tape.bare = false;
        tape.cell_height = cell;
    }
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
    const float caption = std::exchange(shares.caption, kAiryCaption);
    if (!cards_fit()) shares.caption = caption;
    grow_cells(shares, kHighCell, kHighQueueCell, cards_fit);
    if (!shares.beside) use_height(grid, needs, height, shares);
    return shares;
}

StripWidths strip_widths(const Grid& grid, bool beside, float width) {
    constexpr float kLeastWireWidth = 110;
    StripWidths widths{};
    if (!beside) {
        widths.card[0] = widths.card[1] = widths.socket = std::clamp(width * 0.34f, 190.0f, 460.0f);
        return widths;
    }
    widths.card[grid.reader_side] = std::clamp(width * 0.286f, 120.0f, 400.0f);
    widths.card[1 - grid.reader_side] = std::clamp(width * 0.267f, 120.0f, 400.0f);
    widths.socket = std::clamp(width * 0.14f, 110.0f, 260.0f);
    const float ends = widths.card[0] + widths.card[1] + 2 * widths.socket;
    const float room = std::max(0.0f, width - 2 * kBorderHeight - kLeastWireWidth);
    if (ends <= room) return widths;
    for (float* part : {&widths.card[0], &widths.card[1], &widths.socket}) *part *= room / ends;
    return widths;
}

}  // namespace socketscope::stage

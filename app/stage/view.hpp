// What the parts of one lane draw from, and the parts: program cards, sockets, tapes, the wire.
#pragma once

#include <string>

#include "app/stage/brush.hpp"
#include "app/stage/clock.hpp"
#include "app/stage/lines.hpp"
#include "app/stage/plan.hpp"

namespace socketscope::stage {

// Whose bytes a card shows, and how large: alike in all lanes, so that they are aligned.
enum class Tape : std::uint8_t { none, sent, given, given_brief, both };  // brief: a low row
struct TapeStyle {
    Tape rows{Tape::none};
    int lines{1};  // of each row: more where a line is too short to show every byte
    float cell_height{17};
    bool upright{false};  // its captions: in low strips, where every pixel of the width counts
    bool bare{
        false};  // bytes alone, without numbers: in the lowest strips, where every pixel of the height does
};

// Heights that all lanes of a picture share, so that their edges are aligned.
struct Grid {
    bool sealed{false};        // some lane has records: their envelopes need a little more
    int reader_side{1};        // whose program is given most
    bool given_back{false};    // the other side's is given something too
    bool both_ways{false};     // some socket sends and receives: two queues with a caption each
    float caption{13};         // height of those captions
    float queue_cell{17};      // height of the cells of queues
    bool queue_numbers{true};  // above them the messages' numbers, but where every pixel of the height counts
    int queue_lines[2]{1, 1};  // of the queues of each side, where a line is too short to show every byte
};

struct LaneView {
    const story::Story& story;
    const LanePlan::Impl& plan;
    const Clock& clock;
    Brush& brush;
    int accent;
    Direction direction;  // never automatic
    std::string title;
    Grid grid;

    TimeNs now() const { return clock.now(); }
    bool column() const { return direction == Direction::column; }
};

// The program: its name, the call it is in, how it fares, and its last result. Rows of bytes come first; the line
// of the last result is written where the card is high enough for it.
float card_height(const TapeStyle& tape, bool with_result);
void draw_card(LaneView& view, const Place& place, Rect at, const TapeStyle& tape);
float tape_width(float card_width);  // of the rows of bytes

// The sockets of one program: the one that matters now in full, the others as chips.
float sockets_height(const Grid& grid, int side);
bool sends_and_receives(const LanePlan::Impl& plan);
void draw_sockets(LaneView& view, const Place& place, int side, Rect at);
// How many lines the queue of a program that only sends or only receives needs, at most `most`, to show every byte
// at the fullest moment; 0: it never can, or that is not known.
int queue_lines(const LaneView& view, const Place& place, float width, int most);
// How wide the cells of its queues can be in a single line, at most `widest`; 0: no byte has one.
float queue_cell(const LaneView& view, const Place& place, float width, float widest);
// The socket of a place that matters at this moment; kNone before there is one.
std::uint32_t main_socket(const LaneView& view, const Place& place);

// The rows of bytes of a program: what was sent to it, what it was given; or what it sent.
float tape_height(const TapeStyle& tape);
void draw_tape(LaneView& view, const Place& place, Rect at, const TapeStyle& tape);
// What is sent by these messages, to be broken into lines. Empty if that is too much to show byte by byte.
std::vector<Unit> sent_units(const LaneView& view, const std::vector<std::uint32_t>& messages);
// How many lines a row needs, at most `most`, to show every byte of the whole lane in a cell; 0: it never can.
int tape_lines(const LaneView& view, const Place& place, Tape rows, float width, int most);
// How wide its cells can be in a single line, at most `widest`; 0: no byte has one.
float tape_cell(const LaneView& view, const Place& place, Tape rows, float width, float widest);

// What is between the hosts: two tracks with the packets on them; for AF_UNIX the name under which they meet.
void draw_wire(LaneView& view, Rect at, Rect sockets);  // `sockets`: of the client
std::string wire_delay(const LaneView& view);           // "20 ms"; "" if there is none
void draw_meeting_place(LaneView& view, Rect at);

// A lane in which the kernel or this machine refused: what, why, what would help.
void draw_refusal(LaneView& view, Rect at);

}  // namespace socketscope::stage

// What the parts of one lane draw from, and the parts: program cards, sockets, tapes, the wire.
#pragma once

#include <string>

#include "app/stage/brush.hpp"
#include "app/stage/clock.hpp"
#include "app/stage/plan.hpp"

namespace socketscope::stage {

// Heights that all lanes of a picture share, so that their edges are aligned.
struct Grid {
    bool sealed{false};      // some lane has records: their envelopes need a little more
    int reader_side{1};      // whose program is given most
    bool given_back{false};  // the other side's is given something too
    bool both_ways{false};   // some socket sends and receives: two queues with a caption each
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

// The program: its name, the call it is in, how it fares, and its last result. `tape`: rows of bytes below (tape.hpp).
enum class Tape : std::uint8_t { none, sent, given, given_brief, both };  // brief: without the calls' results
// Rows of bytes come first; the line of the last result is written where the card is high enough for it.
float card_height(Tape tape, bool with_result);
void draw_card(LaneView& view, const Place& place, Rect at, Tape tape);

// The sockets of one program: the one that matters now in full, the others as chips.
float sockets_height(const Grid& grid);
bool sends_and_receives(const LanePlan::Impl& plan);
void draw_sockets(LaneView& view, const Place& place, Rect at);
// The socket of a place that matters at this moment; kNone before there is one.
std::uint32_t main_socket(const LaneView& view, const Place& place);

// The rows of bytes of a program: what was sent to it, what it was given; or what it sent.
float tape_height(Tape tape);
void draw_tape(LaneView& view, const Place& place, Rect at, Tape tape);

// What is between the hosts: two tracks with the packets on them; for AF_UNIX the name under which they meet.
void draw_wire(LaneView& view, Rect at);
std::string wire_delay(const LaneView& view);  // "20 ms"; "" if there is none
void draw_meeting_place(LaneView& view, Rect at);

// A lane in which the kernel or this machine refused: what, why, what would help.
void draw_refusal(LaneView& view, Rect at);

}  // namespace socketscope::stage

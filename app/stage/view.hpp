// What the parts of one lane draw from, and the parts: program cards, sockets, tapes, the wire.
#pragma once

#include <string>

#include "app/stage/brush.hpp"
#include "app/stage/clock.hpp"
#include "app/stage/plan.hpp"

namespace socketscope::stage {

struct LaneView {
    const story::Story& story;
    const LanePlan::Impl& plan;
    const Clock& clock;
    Brush& brush;
    int accent;
    Direction direction;  // never automatic
    std::string title;

    TimeNs now() const { return clock.now(); }
    bool column() const { return direction == Direction::column; }
};

// The program: its name, the call it is in, how it fares, and its last result. `tape`: rows of bytes below (tape.hpp).
enum class Tape : std::uint8_t { none, sent, given, both };
float card_height(const LaneView& view, Tape tape);
void draw_card(LaneView& view, const Place& place, Rect at, Tape tape);

// The sockets of one program: the one that matters now in full, the others as chips.
float sockets_height(const LaneView& view);
void draw_sockets(LaneView& view, const Place& place, Rect at);
// The socket of a place that matters at this moment; kNone before there is one.
std::uint32_t main_socket(const LaneView& view, const Place& place);

// The rows of bytes of a program: what was sent to it, what it was given; or what it sent.
float tape_height(const LaneView& view, Tape tape);
void draw_tape(LaneView& view, const Place& place, Rect at, Tape tape);

// What is between the hosts: two tracks with the packets on them; for AF_UNIX the name under which they meet.
void draw_wire(LaneView& view, Rect at);
void draw_meeting_place(LaneView& view, Rect at);

// A lane in which the kernel or this machine refused: what, why, what would help.
void draw_refusal(LaneView& view, Rect at);

}  // namespace socketscope::stage

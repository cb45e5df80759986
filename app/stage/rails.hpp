// The wire's geometry: a rail for the packets of each host, and one between them for ghosts and for what is held back.
#pragma once

#include <array>
#include <vector>

#include "app/stage/pill.hpp"

namespace socketscope::stage {

inline constexpr float kRoomForLarge = 220;    // a strip's height; higher ones have large pills
inline constexpr float kRoomForTwoRows = 150;  // a strip's height; in lower ones full pills go in one row
inline constexpr float kRoomForGhosts = 60;    // a strip's height; in lower ones they have low boxes
inline constexpr float kEnd = 4;               // between the end of a track and a pill that has just left

// The three rails of the wire: client's packets, ghosts, server's packets. Across it is x in columns, y in strips.
struct Rail {
    float across{0};  // centre
    float room{0};    // across, for its pills (in columns: their width)
    float bow{0};     // how far the track bends aside in its middle
    // Where the track leaves a socket and enters one: other than `across` in a strip whose sockets lie lower.
    float port{0};
};

struct Geometry {
    Rect at;
    bool column{true};
    bool narrow{false};  // a column with no room for the words of the track back: its pills say it
    Rail rails[3];
    // How far along the wire the inner control points of the tracks lie: less than a third where these rise from ports.
    float lead{1.0f / 3};

    float low() const { return column ? at.y : at.x; }
    float high() const { return column ? at.bottom() : at.right(); }
    // Where on a rail: way 0 at the client's host, 1 at the server's.
    Point place(int rail, float along) const;
    // Where a pill of this height, in so many rows, lies there: on the track, but where that comes down to its ports no
    // deeper than ghosts and what is held back leave room for, and two rows keep apart.
    Point place_of_pill(int rail, float along, float height, int rows) const;
    Curve track(int rail) const;
};

// `sockets`: what the tracks connect, one host's; the other one's lie as high.
Geometry geometry_of(const LaneView& view, Rect at, Rect sockets);
void draw_track(LaneView& view, const Geometry& g, int rail);

// The way of a packet that is held back and overtaken: it leaves the track, goes on beside it, and comes back.
struct Bypass {
    float low{0}, high{0};      // along the wire
    float track{0}, beside{0};  // across it
    bool column{true};
};
void draw_bypass(Brush& brush, const Bypass& way, Tint tint);

// A packet that is on the wire, or about to be, or was a moment ago.
struct OnWire {
    std::uint32_t packet;
    float way;     // true place
    float weight;  // room it takes of what it needs: it comes and goes smoothly
    float alpha;
};

// A packet as a pill in its place on a rail.
struct Placed {
    OnWire packet;
    Pill pill;
    Point centre;
    PillSize size;
    float room;  // across the rail
    Rect at;     // what it covers
};
using Traffic = std::array<std::vector<Placed>, 3>;  // by rail

// Pills on a rail. `on`: 0 the client's, 2 the server's, 1 what is held back and overtaken beside it.
std::vector<Placed> place_packets(const LaneView& view, const Geometry& g, int on,
                                  std::vector<OnWire> packets);
// The number of packets, which is only said where they are drawn as ticks, stays away from other rails and from what is
// `taken` (ghosts), and is added to it.
void draw_packets(LaneView& view, const Geometry& g, int on, const Traffic& traffic,
                  std::vector<Rect>& taken);
// In the order of sending. Packets that are about to be sent already get their room, those just delivered give it up.
std::vector<OnWire> packets_now(const LaneView& view);

float ghost_height(const Geometry& g);  // of their boxes

// Ghosts give way to what passes them: their boxes to packets held back on the same rail, their marks on the tracks to
// the pills there. Returns where they are.
std::vector<Rect> draw_ghosts(LaneView& view, const Geometry& g, const Traffic& traffic);

}  // namespace socketscope::stage

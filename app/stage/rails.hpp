// The wire's geometry: a rail for the packets of each host, and one between them for ghosts and for what is held back.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "app/stage/pill.hpp"

namespace socketscope::stage {

inline constexpr float kRoomForLarge = 220;    // a strip's height; higher ones have large pills
inline constexpr float kRoomForTwoRows = 150;  // a strip's height; in lower ones full pills go in one row
inline constexpr float kEnd = 4;               // between the end of a track and a pill that has just left

// The three rails of the wire: client's packets, ghosts, server's packets. Across it is x in columns, y in strips.
struct Rail {
    float across{0};  // centre
    float room{0};    // across, for its pills (in columns: their width)
    float bow{0};     // how far the track bends aside in its middle
};

struct Geometry {
    Rect at;
    bool column{true};
    bool narrow{false};  // a column with no room for the words of the track back: its pills say it
    Rail rails[3];

    float low() const { return column ? at.y : at.x; }
    float high() const { return column ? at.bottom() : at.right(); }
    // Where on a rail: way 0 at the client's host, 1 at the server's.
    Point place(int rail, float along) const {
        const float part = (along - low()) / std::max(1.0f, high() - low());
        // The track is a Bézier curve with its inner control points aside: 3·u·t·(u + t) = 3·u·t of the bow.
        const float across = rails[rail].across + rails[rail].bow * 3 * part * (1 - part);
        return column ? Point{across, along} : Point{along, across};
    }
    Curve track(int rail) const {
        const float length = high() - low(), a = rails[rail].across, b = a + rails[rail].bow;
        const std::array<float, 4> along{low(), low() + length / 3, low() + 2 * length / 3, high()};
        const std::array<float, 4> across{a, b, b, a};
        Curve c;
        Point* points[4] = {&c.p0, &c.p1, &c.p2, &c.p3};
        for (std::size_t i = 0; i < 4; ++i) {
            *points[i] = column ? Point{across[i], along[i]} : Point{along[i], across[i]};
        }
        if (rail == 2) {
            std::swap(c.p0, c.p3);
            std::swap(c.p1, c.p2);
        }
        return c;
    }
};

Geometry geometry_of(const LaneView& view, Rect at);
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

// Ghosts give way to what passes them: their boxes to packets held back on the same rail, their marks on the tracks to
// the pills there. Returns where they are.
std::vector<Rect> draw_ghosts(LaneView& view, const Geometry& g, const Traffic& traffic);

}  // namespace socketscope::stage

#include "app/stage/rails.hpp"

#include <utility>

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

// The across of a track's inner control points; so that its middle lies as far aside whatever its port.
float control_of(const Rail& rail) {
    return rail.bow + (rail.across - rail.port / 4) / 0.75f;
}

}  // namespace

Point Geometry::place(int rail, float along) const {
    const Rail& r = rails[rail];
    const float part = std::clamp((along - low()) / std::max(1.0f, high() - low()), 0.0f, 1.0f);
    // A Bézier curve: where along is u³ + 3u²(1-u)(1-lead) + 3u(1-u)²·lead of the way, across is port and control
    // by u³ + (1-u)³ = 1 - 3u(1-u) and 3u(1-u).
    float from = 0, to = 1, u = part;
    for (int i = 0; i < 14 && lead < 1.0f / 3; ++i) {
        u = (from + to) / 2;
        const float t = 1 - u, there = u * u * u + 3 * u * t * (u * (1 - lead) + t * lead);
        (there < part ? from : to) = u;
    }
    const float inner = 3 * u * (1 - u), across = r.port * (1 - inner) + control_of(r) * inner;
    return column ? Point{across, along} : Point{along, across};
}

Point Geometry::place_of_pill(int rail, float along, float height, int rows) const {
    Point centre = place(rail, along);
    if (rails[rail].port == rails[rail].across) return centre;
    Geometry flat = *this;
    flat.lead = 1.0f / 3;
    flat.rails[rail].port = rails[rail].across;
    const float level = flat.place(rail, along).y;
    const float beside = at.h >= kRoomForLarge ? 22.0f : 15.0f;  // half a ghost or pill on the middle rail
    const float deepest = rows > 1 ? level : rails[1].across - beside - height / 2;
    centre.y = std::min(centre.y, std::max(level, deepest));
    return centre;
}

Curve Geometry::track(int rail) const {
    const float aside = (high() - low()) * lead, a = rails[rail].port, b = control_of(rails[rail]);
    const std::array<float, 4> along{low(), low() + aside, high() - aside, high()};
    const std::array<float, 4> across{a, b, b, a};
    Curve c;
    Point* points[4] = {&c.p0, &c.p1, &c.p2, &c.p3};
    for (std::size_t i = 0; i < 4; ++i)
        *points[i] = column ? Point{across[i], along[i]} : Point{along[i], across[i]};
    if (rail == 2) {
        std::swap(c.p0, c.p3);
        std::swap(c.p1, c.p2);
    }
    return c;
}

Geometry geometry_of(const LaneView& view, Rect at, Rect sockets) {
    Geometry g;
    g.at = at;
    g.column = view.column();
    const bool back = view.plan.packets_from[1], forth = view.plan.packets_from[0];
    const bool data_back = view.plan.data_from[1];
    constexpr float kNarrow = 230;
    g.narrow = g.column && at.w < kNarrow && back && forth && !data_back;
    // In columns the words of the tracks stand at both sides, upright; the rails keep clear of them.
    const float words = g.column ? 18.0f : 0, words_back = g.narrow ? 1.0f : words;
    const float across = (g.column ? at.w : at.h) - words - words_back,
                origin = (g.column ? at.x : at.y) + words;
    const auto rail = [&](float centre, float room, float bow) {
        return Rail{origin + centre * across, room * across, bow};
    };
    if (g.column) {
        if (g.narrow) {
            g.rails[0] = rail(0.205f, 0.40f, -2);
            g.rails[1] = rail(0.515f, 0.21f, 0);
            g.rails[2] = rail(0.81f, 0.37f, 2);
        } else if (back && forth && !data_back) {
            g.rails[0] = rail(0.235f, 0.45f, -3);
            g.rails[1] = rail(0.595f, 0.265f, 0);
            g.rails[2] = rail(0.865f, 0.27f, 3);
        } else if (back && forth) {
            g.rails[0] = rail(0.19f, 0.35f, -4);
            g.rails[1] = rail(0.50f, 0.25f, 0);
            g.rails[2] = rail(0.81f, 0.35f, 4);
        } else {
            g.rails[0] = rail(0.31f, 0.46f, -10);
            g.rails[1] = rail(0.74f, 0.36f, 0);
            g.rails[2] = g.rails[0];
        }
    } else {
        const bool one = !(back && forth), low = at.h < 110, lowest = at.h < kRoomForGhosts;
        const float forth_at = one ? (low ? 0.36f : 0.46f) : (lowest ? 0.18f : low ? 0.22f : 0.33f);
        const float back_at = one ? forth_at : (lowest ? 0.88f : low ? 0.86f : 0.84f);
        g.rails[0] = rail(forth_at, 0, lowest ? -2.0f : low ? -5.0f : -12.0f);
        // Between pills and the box of a ghost there is room for its mark.
        g.rails[1] = rail(one ? 0.74f : (lowest ? 0.53f : low ? 0.57f : 0.63f), 0, 0);
        g.rails[2] = rail(back_at, 0, low ? 2.0f : 8.0f);
    }
    for (Rail& r : g.rails) r.port = r.across;
    // A track begins and ends at the sockets, not at the programs above them.
    if (!g.column && sockets.y > g.rails[0].across) {
        constexpr float kLead = 0.14f, kData = 0.3f, kMostRise = 80;
        const bool both = back && forth;
        g.lead = kLead;
        g.rails[0].port = sockets.y + sockets.h * (both ? kData : 0.5f);
        g.rails[0].across = std::max(g.rails[0].across, g.rails[0].port - kMostRise);
        if (!both) g.rails[2] = g.rails[0];
    }
    return g;
}

// "20 ms": a delay that a lesson set is a round number.
std::string wire_delay(const LaneView& view) {
    const TimeNs delay = view.story.trace().link.delay_ns;
    std::string words = delay > 0 ? model::format_duration(delay) : std::string{};
    for (const std::string_view zeros : {".00 ", ".0 "}) {
        const std::size_t at = words.find(zeros);
        if (at != std::string::npos) words.replace(at, zeros.size(), " ");
    }
    return words;
}

namespace {

std::string track_words(const LaneView& view, int rail, float room) {
    const model::SocketType type = view.story.trace().kind.type;
    const bool stream = type == model::SocketType::stream;
    const std::string what = type == model::SocketType::raw  ? "PACKETS"
                             : !stream                       ? "DATAGRAMS"
                             : view.plan.data_from[rail / 2] ? "DATA"
                                                             : "ACKs";
    const std::string delay = wire_delay(view);
    if (delay.empty()) return view.brush.fit(FontRole::caps, what, room);
    return view.brush.choose(FontRole::caps, {what + " · " + delay + " one way", what + " · " + delay, delay},
                             room);
}

}  // namespace

void draw_track(LaneView& view, const Geometry& g, int rail) {
    Brush& brush = view.brush;
    Curve track = g.track(rail);
    const Ink ink = rail == 0 ? lane_ink(view.accent) : Ink::good;
    track.tint = {ink, 0.07f};
    track.width = 26;
    brush.curve(track);
    track.tint = {ink, 0.10f};
    track.width = 14;
    brush.curve(track);
    track.tint = {ink, 0.85f};
    track.width = 1.75f;
    track.dash = 8;
    track.gap = 6;
    track.arrow = 7;
    brush.curve(track);

    if (g.narrow && rail == 2) return;
    const float height = brush.height(FontRole::caps);
    const float room = g.high() - g.low() - 4;
    const std::string shown = track_words(view, rail, room);
    const float width = brush.width(FontRole::caps, shown);
    const float middle = (g.low() + g.high()) / 2;
    Label label;
    label.text = shown;
    label.font = FontRole::caps;
    label.tint = {Ink::faint, 1};
    if (g.column) {
        label.turn = rail == 0 ? Turn::down : Turn::up;
        const float x = rail == 0 ? g.at.x : g.at.right() - height;
        label.at = {x, middle - width / 2, height, width};
    } else {
        // Above all pills of the track to the server, below all of the one back; low strips have no room for words.
        constexpr float kAbove = 46;  // its middle, where large pills are
        const float y = rail == 0 ? std::max(g.at.y, g.place(0, middle).y - kAbove) : g.at.bottom() - height;
        const float apart = rail == 0 ? g.place(0, middle).y - y - height : y - g.place(2, middle).y;
        if (apart < (g.at.h < kRoomForTwoRows ? 21.0f : 27.0f)) return;
        label.at = {middle - width / 2, y, width, height};
    }
    brush.label(std::move(label));
}

void draw_bypass(Brush& brush, const Bypass& way, Tint tint) {
    constexpr float kTurn = 0.2f, kWidth = 1.25f, kDash = 3, kGap = 4;  // turn: part of the length
    const float turn = kTurn * (way.high - way.low);
    const auto point = [&](float across, float along) {
        return way.column ? Point{across, along} : Point{along, across};
    };
    for (const bool leaves : {true, false}) {
        const float end = leaves ? way.low : way.high, inwards = leaves ? turn : -turn;
        brush.curve({point(way.track, end), point(way.track, end + inwards * 0.6f),
                     point(way.beside, end + inwards * 0.4f), point(way.beside, end + inwards), tint, kWidth,
                     kDash, kGap});
    }
    brush.line(
        {point(way.beside, way.low + turn), point(way.beside, way.high - turn), tint, kWidth, kDash, kGap});
}

}  // namespace socketscope::stage

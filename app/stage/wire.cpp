// The wire: a track each way, packets at their true place, ghosts of what was lost.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/stage/pill.hpp"
#include "app/stage/spread.hpp"
#include "app/stage/view.hpp"

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

constexpr float kEnd = 4;  // between the end of a track and a pill that has just left

// The three rails of the wire: client's packets, ghosts, server's packets. Across it is x in columns, y in strips.
struct Rail {
    float across{0};  // centre
    float room{0};    // across, for its pills (in columns: their width)
    float bow{0};     // how far the track bends aside in its middle
};

struct Geometry {
    Rect at;
    bool column{true};
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

Geometry geometry_of(const LaneView& view, Rect at) {
    Geometry g;
    g.at = at;
    g.column = view.column();
    const bool back = view.plan.packets_from[1], forth = view.plan.packets_from[0];
    const float across = g.column ? at.w : at.h, origin = g.column ? at.x : at.y;
    const auto rail = [&](float centre, float room, float bow) {
        return Rail{origin + centre * across, room * across, bow};
    };
    if (g.column) {
        const bool data_back = view.plan.data_from[1];
        if (back && forth && !data_back) {
            g.rails[0] = rail(0.27f, 0.38f, -10);
            g.rails[1] = rail(0.60f, 0.28f, 0);
            g.rails[2] = rail(0.85f, 0.22f, 8);
        } else if (back && forth) {
            g.rails[0] = rail(0.22f, 0.34f, -8);
            g.rails[1] = rail(0.50f, 0.24f, 0);
            g.rails[2] = rail(0.78f, 0.34f, 8);
        } else {
            g.rails[0] = rail(0.34f, 0.42f, -10);
            g.rails[1] = rail(0.72f, 0.32f, 0);
            g.rails[2] = g.rails[0];
        }
    } else {
        const bool one = !(back && forth), low = at.h < 110;
        const float forth_at = one ? (low ? 0.36f : 0.46f) : (low ? 0.22f : 0.38f);
        const float back_at = one ? forth_at : (low ? 0.86f : 0.85f);
        g.rails[0] = rail(forth_at, 0, low ? -5.0f : -12.0f);
        g.rails[1] = rail(one ? (low ? 0.74f : 0.70f) : (low ? 0.55f : 0.61f), 0, 0);
        g.rails[2] = rail(back_at, 0, low ? 2.0f : 8.0f);
    }
    return g;
}

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
        const float y = rail == 0 ? g.place(0, middle).y - 17 - height : g.place(2, middle).y + 15;
        label.at = {middle - width / 2, y, width, height};
        if (label.at.bottom() > g.at.bottom() || label.at.y < g.at.y) return;
    }
    brush.label(std::move(label));
}

// --- what is on the wire now

struct OnWire {
    std::uint32_t packet;
    float way;     // true place
    float weight;  // room it takes of what it needs: it comes and goes smoothly
    float alpha;
};

OnWire on_wire(const LaneView& view, std::uint32_t packet) {
    const model::PacketRecord& record = view.story.trace().packets[packet];
    const TimeNs end = view.plan.end_of(packet);
    const bool ended = end <= view.now();
    const TimeNs arrives =
        end == std::numeric_limits<TimeNs>::max() ? std::max(record.due_ns, record.sent_ns + 1) : end;
    OnWire out{packet, std::clamp(view.clock.between(record.sent_ns, arrives), 0.0f, 1.0f), 1, 1};
    const double to_come = -view.clock.since(record.sent_ns) / view.clock.fade();
    if (to_come > 0) {
        out.weight = 1 - Clock::smooth(to_come);
        out.alpha = 0;
    } else {
        out.alpha = view.clock.appearing(record.sent_ns);
    }
    if (ended) {
        const double gone = view.clock.since(end) / view.clock.fade();
        out.alpha *= 1 - Clock::smooth(gone * 2);
        out.weight = 1 - Clock::smooth(gone * 2 - 1);
    }
    if (record.from == model::Host::server) out.way = 1 - out.way;
    return out;
}

// In the order of sending. Packets that are about to be sent already get their room, those just delivered give it up.
std::vector<OnWire> packets_now(const LaneView& view) {
    constexpr std::size_t kMost = 96;
    const auto& records = view.story.trace().packets;
    std::vector<std::uint32_t> ids;
    for (const story::InFlight& flight : view.story.in_flight_at(view.now())) {
        if (ids.size() < kMost) ids.push_back(flight.packet);
    }
    const auto ended = std::upper_bound(view.plan.by_end.begin(), view.plan.by_end.end(), view.now(),
                                        [&](TimeNs t, std::uint32_t p) { return t < view.plan.end_of(p); });
    for (auto p = ended; p != view.plan.by_end.begin() && ids.size() < 2 * kMost; --p) {
        if (view.clock.since(view.plan.end_of(*(p - 1))) > view.clock.fade()) break;
        if (records[*(p - 1)].verdict == model::Verdict::delivered) ids.push_back(*(p - 1));
    }
    auto coming = std::upper_bound(records.begin(), records.end(), view.now(),
                                   [](TimeNs t, const model::PacketRecord& r) { return t < r.sent_ns; });
    for (; coming != records.end() && ids.size() < 3 * kMost; ++coming) {
        if (-view.clock.since(coming->sent_ns) > view.clock.fade()) break;
        if (coming->verdict != model::Verdict::dropped)
            ids.push_back(static_cast<std::uint32_t>(coming - records.begin()));
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::vector<OnWire> out;
    for (const std::uint32_t p : ids) out.push_back(on_wire(view, p));
    return out;
}

// The way of a packet that is held back and overtaken: an arc beside the track.
void draw_arc(LaneView& view, const Geometry& g, int rail) {
    Curve arc = g.track(rail);
    const float aside = (g.rails[1].across - g.rails[rail].across) * 4 / 3;
    for (Point* p : {&arc.p1, &arc.p2}) (g.column ? p->x : p->y) = g.rails[rail].across + aside;
    arc.tint = {rail == 0 ? lane_ink(view.accent) : Ink::good, 0.45f};
    arc.width = 1.25f;
    arc.dash = 3;
    arc.gap = 4;
    view.brush.curve(arc);
}

// `on`: the rail on which the pills stand; held ones stand beside their own track.
void draw_packets(LaneView& view, const Geometry& g, int on, std::vector<OnWire> packets) {
    Brush& brush = view.brush;
    // Nearest to the client first, so that order along the rail is order in the vector.
    std::stable_sort(packets.begin(), packets.end(), [&](const OnWire& a, const OnWire& b) {
        return a.way != b.way ? a.way < b.way : on != 2 ? a.packet > b.packet : a.packet < b.packet;
    });
    std::vector<Pill> pills;
    for (const OnWire& p : packets) pills.push_back(make_pill(view, p.packet));
    const float room_across = g.column ? g.rails[on].room : 130.0f;
    PillSize size = PillSize::full;
    const auto extents = [&] {
        std::vector<Spread> items;
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const style::Extent extent = pill_extent(brush, pills[i], size, room_across);
            const float along = (g.column ? extent.height : extent.width) + 4;
            const float way = packets[i].way;
            const float low = g.low() + kEnd + along / 2, high = g.high() - kEnd - along / 2;
            items.push_back({low + way * (high - low), along * packets[i].weight, 0});
        }
        return items;
    };
    std::vector<Spread> items = extents();
    const auto scale = [&] { return spread(items, g.low() + kEnd, g.high() - kEnd); };
    while (scale() < 0.999f && size != PillSize::tick) {
        size = size == PillSize::full ? PillSize::brief : PillSize::tick;
        items = extents();
    }
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (packets[i].alpha <= 0.01f) continue;
        const Point centre = g.place(on, items[i].placed);
        const float whole = brush.alpha;
        brush.alpha *= packets[i].alpha;
        draw_pill(view, pills[i], packets[i].packet, centre, size, room_across);
        brush.alpha = whole;
    }
    if (size == PillSize::tick && packets.size() > 1) {
        brush.missing(std::to_string(packets.size()) + " packets on one track: drawn as ticks");
    }
}

// --- what was lost

float way_of(const story::Loss& loss, model::Host from) {
    float way = 0.45f;
    switch (loss.place) {
        case story::LossPlace::wire:
            way = 0.45f;
            break;
        case story::LossPlace::device:
            way = 0.10f;
            break;
        case story::LossPlace::checksum:
        case story::LossPlace::receive_queue:
        case story::LossPlace::no_listener:
        case story::LossPlace::truncated:
        case story::LossPlace::unread:
        case story::LossPlace::reset:
            way = 0.88f;
            break;
    }
    return from == model::Host::client ? way : 1 - way;
}

std::string_view words_of(story::LossPlace place) {
    switch (place) {
        case story::LossPlace::receive_queue:
            return "queue full";
        case story::LossPlace::no_listener:
            return "nobody there";
        case story::LossPlace::checksum:
            return "bad checksum";
        case story::LossPlace::device:
            return "refused";
        case story::LossPlace::reset:
            return "reset";
        default:
            return "lost";
    }
}

struct Ghost {
    const story::Loss* loss;
    float weight, alpha;
};

std::vector<Ghost> ghosts_now(const LaneView& view, std::size_t most) {
    const auto losses = view.story.losses();
    std::vector<Ghost> out;
    const auto shown = [](const story::Loss& loss) {
        return loss.packet != story::kNone && loss.place != story::LossPlace::truncated &&
               loss.place != story::LossPlace::unread;
    };
    auto next = std::upper_bound(losses.begin(), losses.end(), view.now(),
                                 [](TimeNs t, const story::Loss& loss) { return t < loss.at_ns; });
    for (auto loss = next; loss != losses.end() && out.size() < 2; ++loss) {
        const double to_come = -view.clock.since(loss->at_ns) / view.clock.fade();
        if (to_come >= 1) break;
        if (shown(*loss)) out.push_back({&*loss, 1 - Clock::smooth(to_come), 0});
    }
    std::size_t seen = 0;
    for (auto loss = next; loss != losses.begin() && seen <= most && next - loss < 256;) {
        --loss;
        if (!shown(*loss)) continue;
        ++seen;
        // The oldest one gives its room to the one that comes.
        out.push_back({&*loss, 1, view.clock.appearing(loss->at_ns) * (loss->repaired ? 0.8f : 1.0f)});
    }
    if (out.size() > most) out.resize(most);
    return out;
}

// `passing`: held packets on the same rail; a ghost gives way to them.
void draw_ghosts(LaneView& view, const Geometry& g, const std::vector<OnWire>& passing) {
    Brush& brush = view.brush;
    const float length = g.high() - g.low() - 2 * kEnd;
    const float box_width = g.column ? g.rails[1].room : 96.0f,
                box_height = g.column || g.at.h >= 110 ? 22.0f : 18.0f;
    const float extent = (g.column ? box_height : box_width) + 5;
    std::vector<Ghost> ghosts = ghosts_now(view, static_cast<std::size_t>(std::max(1.0f, length / extent)));
    const auto from = [&](const Ghost& ghost) { return view.story.trace().packets[ghost.loss->packet].from; };
    std::stable_sort(ghosts.begin(), ghosts.end(), [&](const Ghost& a, const Ghost& b) {
        const float wa = way_of(*a.loss, from(a)), wb = way_of(*b.loss, from(b));
        return wa != wb ? wa < wb : a.loss->packet < b.loss->packet;
    });
    std::vector<Spread> items;
    for (const Ghost& ghost : ghosts) {
        items.push_back(
            {g.low() + way_of(*ghost.loss, from(ghost)) * (g.high() - g.low()), extent * ghost.weight, 0});
    }
    spread(items, g.low() + kEnd, g.high() - kEnd);
    for (std::size_t i = 0; i < ghosts.size(); ++i) {
        const Ghost& ghost = ghosts[i];
        if (ghost.alpha <= 0.01f) continue;
        const float whole = brush.alpha;
        brush.alpha *= ghost.alpha;
        for (const OnWire& p : passing) {
            const float apart = std::abs(g.low() + p.way * (g.high() - g.low()) - items[i].placed);
            brush.alpha *= 1 - p.weight * (1 - Clock::smooth(apart / (extent * 1.5f) - 0.6f));
        }
        const int rail = from(ghost) == model::Host::client ? 0 : 2;
        const Point place = g.place(rail, items[i].placed), aside = g.place(1, items[i].placed);
        Line tie;
        tie.from = place;
        tie.to = aside;
        tie.tint = {Ink::loss, 0.5f};
        tie.dash = 3;
        tie.gap = 3;
        brush.line(tie);
        Box spot;
        spot.at = {place.x - 8, place.y - 8, 16, 16};
        spot.round = 8;
        spot.fill = {Ink::panel, 1};
        spot.border = {Ink::loss, 1};
        spot.border_width = 1.5f;
        brush.box(spot);
        brush.cross({place, 3.5f, {Ink::loss, 1}, 2});

        const Pill pill = make_pill(view, ghost.loss->packet);
        const std::string words(words_of(ghost.loss->place));
        const std::string text =
            brush.choose(FontRole::small, {pill.label + " " + words, pill.label}, box_width - 10);
        Box box;
        const float width = std::min(box_width, brush.width(FontRole::small, text) + 14);
        box.at = {aside.x - width / 2, aside.y - box_height / 2, width, box_height};
        box.round = 5;
        box.fill = {Ink::panel, 0.92f};
        box.border = {Ink::loss, 0.95f};
        box.border_width = 1.25f;
        box.dash = 4;
        brush.box(box);
        Box wash = box;
        wash.border = kNoTint;
        wash.fill = {Ink::loss, 0.12f};
        brush.box(wash);
        brush.text(box.at.inset(4, 0), text, {FontRole::small, {Ink::loss, 1}, Ink::count, Align::centre});
        const model::Ref ref = brush.ref(RefKind::packet, ghost.loss->packet);
        brush.hit(spot.at, ref, "cross", ghost.loss->packet);
        brush.hit(box.at, ref, "lost", ghost.loss->packet);
        brush.glow(box.at, box.round, ref);
        brush.alpha = whole;
    }
}

}  // namespace

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

void draw_wire(LaneView& view, Rect at) {
    const Geometry g = geometry_of(view, at);
    const bool forth = view.plan.packets_from[0], back = view.plan.packets_from[1];
    if (forth || !back) draw_track(view, g, 0);
    if (back) draw_track(view, g, 2);
    std::vector<OnWire> rails[3];
    bool held[3]{};
    for (const OnWire& p : packets_now(view)) {
        const model::PacketRecord& record = view.story.trace().packets[p.packet];
        const int rail = record.from == model::Host::client ? 0 : 2;
        const bool aside = (record.flags & model::kHeld) != 0;
        held[rail] |= aside && p.alpha > 0;
        rails[aside ? 1 : rail].push_back(p);
    }
    for (const int rail : {0, 2}) {
        if (held[rail]) draw_arc(view, g, rail);
    }
    draw_ghosts(view, g, rails[1]);
    for (const int rail : {0, 2, 1}) draw_packets(view, g, rail, std::move(rails[rail]));
}

}  // namespace socketscope::stage

// Packets at their true place on the wire.
#include <algorithm>
#include <cmath>

#include "app/stage/pill.hpp"
#include "app/stage/rails.hpp"
#include "app/stage/spread.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

OnWire on_wire(const LaneView& view, std::uint32_t packet) {
    const model::PacketRecord& record = view.story.trace().packets[packet];
    const TimeNs end = view.plan.end_of(packet);
    const bool ended = end <= view.now();
    const bool arrived = record.verdict == model::Verdict::delivered;
    const TimeNs arrives = arrived ? end : std::max(record.due_ns, record.sent_ns + 1);
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

// How the pills of a rail are drawn: as large as there is room for all of them, in one column or two.
struct Density {
    PillSize size{PillSize::full};
    int columns{1};
};

float extent_along(const Brush& brush, const Geometry& g, const Pill& pill, Density density, float room) {
    const style::Extent extent = pill_extent(brush, pill, density.size, room);
    return (g.column ? extent.height : extent.width) + look_of(density.size).between;
}

float room_across(const Geometry& g, int on, Density density) {
    return g.column
               ? g.rails[on].room / static_cast<float>(density.columns) - (density.columns > 1 ? 2.0f : 0)
           : density.size == PillSize::large ? 220.0f
                                             : 130.0f;
}

// As wide as a pill with bytes may ever be in this lane: what is drawn must not depend on which packets are there now.
Pill widest_pill(const LaneView& view, std::size_t most_bytes) {
    const std::string last = grouped(view.plan.longest_stream);
    const std::size_t messages = view.story.messages().size(), largest = view.plan.largest_payload;
    Pill widest;
    widest.label = widest.brief = view.plan.stream ? last + "–" + last : "#" + std::to_string(messages);
    widest.again = view.plan.stream;
    if (largest > 0) widest.payload.push_back({std::string(std::min(largest, most_bytes), 'm'), 0});
    if (largest > 0)
        widest.instead.push_back(
            {view.plan.stream ? "#" + std::to_string(messages) : grouped(largest) + " B", 0});
    return widest;
}

// The room that a pill of this lane takes along the rail, at most.
float most_along(const LaneView& view, const Geometry& g, int on, PillSize size, float room) {
    if (g.column) return look_of(size).height + look_of(size).between;
    const Brush& brush = view.brush;
    const std::string last = grouped(view.plan.longest_stream);
    const Pill widest = widest_pill(view, kFewBytes);
    float most = view.plan.data_from[on == 2 ? 1 : 0] ? pill_extent(brush, widest, size, room).width : 0;
    if (view.plan.stream || most == 0) {
        Pill control;
        control.control = true;
        control.label = control.brief = view.plan.stream ? "ACK " + last : "echo request";
        most = std::max(most, pill_extent(brush, control, size, room).width);
    }
    return most + 4;
}

// As large as there is room for all of a burst at its fullest moment, so that it looks alike from its first packet on.
Density density_of(const LaneView& view, const Geometry& g, int on, const std::vector<OnWire>& packets,
                   const std::vector<Pill>& pills) {
    std::size_t crowd = 1;
    float widest[2]{};  // of a brief and a tiny pill, to see whether two stand side by side
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (packets[i].alpha > 0)
            crowd = std::max<std::size_t>(crowd, view.plan.packets[packets[i].packet].crowd);
        widest[0] = std::max(widest[0], pill_extent(view.brush, pills[i], PillSize::brief, 1000).width);
        widest[1] = std::max(widest[1], pill_extent(view.brush, pills[i], PillSize::tiny, 1000).width);
    }
    const float length = g.high() - g.low() - 2 * kEnd;
    static constexpr Density kChoices[] = {{PillSize::large, 1}, {PillSize::full, 1},  {PillSize::full, 2},
                                           {PillSize::named, 1}, {PillSize::named, 2}, {PillSize::brief, 1},
                                           {PillSize::brief, 2}, {PillSize::tiny, 1},  {PillSize::tiny, 2}};
    // Two rows of full pills would reach the ghosts …
    const bool low = !g.column && g.at.h < kRoomForTwoRows;
    const bool lowest = !g.column && g.at.h < 80;  // … and two of any
    // Acknowledgements alone are never larger than the data that they answer.
    const bool roomy = !g.column && g.at.h >= kRoomForLarge && view.plan.data_from[on == 2 ? 1 : 0];
    // In the lowest strips pills must be low, too, or they would lie on the boxes of ghosts.
    const auto clear_of_ghosts = [&](PillSize size) {
        const PillLook& look = look_of(size);
        const float height = view.plan.data_from[on == 2 ? 1 : 0] ? look.height : look.control_height;
        return !lowest || on == 1 || view.story.losses().empty() ||
               (height + ghost_height(g)) / 2 <= std::abs(g.rails[on].across - g.rails[1].across);
    };
    for (const Density choice : kChoices) {
        if (choice.size == PillSize::large && !roomy) continue;
        // The labels of datagrams are their names, and in columns brief pills have room for them.
        if (choice.size == PillSize::named && (g.column || !view.plan.stream)) continue;
        if (!clear_of_ghosts(choice.size)) continue;
        const bool two = choice.columns > 1;
        if (two && (on == 1 || lowest || (choice.size == PillSize::full && (low || g.column)))) continue;
        const float room = room_across(g, on, choice);
        // In a column's two columns labels must not be cut; one column would show them in full.
        if (g.column && two && widest[choice.size == PillSize::brief ? 0 : 1] > room) continue;
        const std::size_t each = two ? crowd / 2 + 1 : crowd;
        if (static_cast<float>(each) * most_along(view, g, on, choice.size, room) <= length) return choice;
    }
    return {PillSize::tick, 1};
}

// Packets of one column, spread along the rail.
void place_column(const LaneView& view, const Geometry& g, int on, Density density, int column,
                  const std::vector<OnWire>& packets, const std::vector<Pill>& pills,
                  std::vector<Placed>& out) {
    const float room = room_across(g, on, density);
    std::vector<Spread> items;
    std::vector<std::size_t> who;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (density.columns > 1 && static_cast<int>(view.plan.packets[packets[i].packet].rank % 2) != column)
            continue;
        const float along = extent_along(view.brush, g, pills[i], density, room);
        const float low = g.low() + kEnd + along / 2, high = g.high() - kEnd - along / 2;
        items.push_back({low + packets[i].way * (high - low), along * packets[i].weight, 0});
        who.push_back(i);
    }
    spread(items, g.low() + kEnd, g.high() - kEnd);
    constexpr float kUprightTick = 18;
    const float height = density.size == PillSize::tick ? kUprightTick : look_of(density.size).height;
    float aside = 0;
    if (density.columns > 1) {
        constexpr float kWidestHalf = 70;  // of a pill: farther from its track it would belong to none
        aside = g.column ? std::min(g.rails[on].room / 4, kWidestHalf) + 1
                         : (density.size == PillSize::full ? 13.0f : 10.0f);
        if (column == 0) aside = -aside;
    }
    for (std::size_t k = 0; k < items.size(); ++k) {
        Point centre = g.place_of_pill(on, items[k].placed, height, density.columns);
        (g.column ? centre.x : centre.y) += aside;
        const Pill& pill = pills[who[k]];
        out.push_back({packets[who[k]], pill, centre, density.size, room,
                       pill_box(view, pill, centre, density.size, room)});
    }
}

}  // namespace

namespace {

// Where the number of packets may stand: beside the track in columns, above it or below it in strips.
std::vector<Rect> places_of_count(const Geometry& g, int on, style::Extent size) {
    const float half = (g.low() + g.high()) / 2;
    const Point middle = g.place(on, half);
    if (g.column) return {{middle.x + 17, middle.y - size.height / 2, size.width, size.height}};
    std::vector<Rect> places;
    for (const float part : {0.0f, -0.3f, 0.3f}) {
        const Point track = g.place(on, half + part * (g.high() - g.low()));
        for (const float y : {track.y - 10 - size.height, track.y + 10}) {
            const Rect at{track.x - size.width / 2, y, size.width, size.height};
            if (g.at.contains(at)) places.push_back(at);
        }
    }
    return places;
}

// In a column up to the pills of the next track, if there is one.
float room_for_count(const Geometry& g, int on) {
    if (!g.column) return 130;
    const Rail& beside = g.rails[std::min(on + 1, 2)];
    const bool last = on == 2 || beside.across <= g.rails[on].across;
    const float next = last ? g.at.right() : beside.across - beside.room / 2;
    return std::max(24.0f, next - g.place(on, (g.low() + g.high()) / 2).x - 18);
}

// How many there are, where they are too many for words. Returns where it stands; nowhere if all is `taken`.
Rect draw_count(LaneView& view, const Geometry& g, int on, std::size_t count,
                const std::vector<Rect>& taken) {
    Brush& brush = view.brush;
    const std::string number = grouped(count);
    const std::string words = brush.choose(
        FontRole::caps, {number + (count == 1 ? " packet" : " packets"), number}, room_for_count(g, on));
    const std::vector<Rect> places =
        places_of_count(g, on, {brush.width(FontRole::caps, words) + 8, brush.height(FontRole::caps)});
    const auto free = std::find_if(places.begin(), places.end(), [&](const Rect& at) {
        return std::none_of(taken.begin(), taken.end(),
                            [&](const Rect& other) { return other.overlaps(at); });
    });
    if (free == places.end()) return {};
    Box plate;
    plate.at = *free;
    plate.round = 4;
    plate.fill = {Ink::panel, 0.85f};
    brush.box(plate);
    brush.text(free->inset(3, 0), words, {FontRole::caps, {Ink::text, 1}, Ink::count, Align::centre});
    return *free;
}

// Across a column there may be room for more bytes on every pill.
void show_more_bytes(const LaneView& view, const Geometry& g, int on, Density density,
                     const std::vector<OnWire>& packets, std::vector<Pill>& pills) {
    const bool single = g.column && density.columns == 1 && density.size <= PillSize::brief;
    if (!single || view.plan.largest_payload <= kFewBytes) return;
    const float room = room_across(g, on, density);
    const auto fits = [&](const Pill& pill) {
        return pill.control || payload_fits(view.brush, pill, density.size, room);
    };
    if (!fits(widest_pill(view, kManyBytes))) return;
    std::vector<Pill> longer;
    longer.reserve(packets.size());
    for (const OnWire& p : packets) longer.push_back(make_pill(view, p.packet, kManyBytes));
    if (std::all_of(longer.begin(), longer.end(), fits)) pills = std::move(longer);
}

}  // namespace

std::vector<OnWire> packets_now(const LaneView& view) {
    constexpr std::size_t kMost = 96;
    const auto& records = view.story.trace().packets;
    std::vector<std::uint32_t> ids;
    for (const story::InFlight& flight : view.story.in_flight_at(view.now())) {
        // The wire decides on entry what it will drop: the ghost tells it. A person drops a packet on its way.
        const model::PacketRecord& record = records[flight.packet];
        if (record.verdict == model::Verdict::dropped && record.cause != model::Cause::person) continue;
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
    out.reserve(ids.size());
    for (const std::uint32_t p : ids) out.push_back(on_wire(view, p));
    return out;
}

std::vector<Placed> place_packets(const LaneView& view, const Geometry& g, int on,
                                  std::vector<OnWire> packets) {
    std::vector<Placed> placed;
    if (packets.empty()) return placed;
    // Nearest to the client first, so that order along the rail is order in the vector.
    std::stable_sort(packets.begin(), packets.end(), [&](const OnWire& a, const OnWire& b) {
        return a.way != b.way ? a.way < b.way : on != 2 ? a.packet > b.packet : a.packet < b.packet;
    });
    std::vector<Pill> pills;
    pills.reserve(packets.size());
    for (const OnWire& p : packets) pills.push_back(make_pill(view, p.packet));
    const Density density = density_of(view, g, on, packets, pills);
    show_more_bytes(view, g, on, density, packets, pills);
    for (int column = 0; column < density.columns; ++column)
        place_column(view, g, on, density, column, packets, pills, placed);
    return placed;
}

void draw_packets(LaneView& view, const Geometry& g, int on, const Traffic& traffic,
                  std::vector<Rect>& taken) {
    Brush& brush = view.brush;
    const std::vector<Placed>& placed = traffic[static_cast<std::size_t>(on)];
    std::size_t shown = 0;
    for (const Placed& p : placed) {
        if (p.packet.alpha <= 0.01f) continue;
        const float whole = brush.alpha;
        brush.alpha *= p.packet.alpha;
        draw_pill(view, p.pill, p.packet.packet, p.centre, p.size, p.room);
        brush.alpha = whole;
        ++shown;
    }
    if (placed.empty() || placed.front().size != PillSize::tick) return;
    std::vector<Rect> others = taken;
    for (const std::vector<Placed>& rail : traffic) {
        for (const Placed& p : rail) {
            if (&rail != &placed && p.packet.alpha > 0.01f) others.push_back(p.at);
        }
    }
    taken.push_back(draw_count(view, g, on, shown, others));
    brush.missing(std::to_string(placed.size()) + " packets on one track: drawn as ticks");
}

}  // namespace socketscope::stage

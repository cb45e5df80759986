// What was lost on the wire: a cross where it was lost, and a ghost beside the track.
#include <algorithm>
#include <cmath>

#include "app/stage/pill.hpp"
#include "app/stage/rails.hpp"
#include "app/stage/spread.hpp"

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

// Where on the wire. What the wire drops on entry is shown half-way: it got no farther than the wire.
float way_of(const story::Loss& loss, const model::PacketRecord& record) {
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
        case story::LossPlace::backlog:
            way = 0.88f;
            break;
    }
    if (record.cause == model::Cause::person && record.due_ns > record.sent_ns) {
        way = std::clamp(static_cast<float>(record.delivered_ns - record.sent_ns) /
                             static_cast<float>(record.due_ns - record.sent_ns),
                         0.05f, 0.95f);
    }
    return record.from == model::Host::client ? way : 1 - way;
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
        case story::LossPlace::backlog:
            return "backlog full";
        default:
            return "lost";
    }
}

struct Ghost {
    const story::Loss* loss;
    float way;  // 0 at the client's end
    float weight, alpha;
};

bool is_shown(const story::Loss& loss) {
    return loss.packet != story::kNone && loss.place != story::LossPlace::truncated &&
           loss.place != story::LossPlace::unread;
}

// What was lost before the `most` last ones, which alone have room.
std::size_t lost_before(const LaneView& view, std::size_t most) {
    // A longer list need not be counted to its beginning in every frame.
    constexpr std::ptrdiff_t kLook = 5000;
    const auto losses = view.story.losses();
    const auto end = std::upper_bound(losses.begin(), losses.end(), view.now(),
                                      [](TimeNs t, const story::Loss& loss) { return t < loss.at_ns; });
    const auto begin = end - std::min(end - losses.begin(), kLook);
    const auto count = static_cast<std::size_t>(std::count_if(begin, end, is_shown));
    return count > most ? count - most : 0;
}

std::vector<Ghost> ghosts_now(const LaneView& view, std::size_t most) {
    const auto losses = view.story.losses();
    std::vector<Ghost> out;
    const auto add = [&](const story::Loss& loss, float weight, float alpha) {
        out.push_back({&loss, way_of(loss, view.story.trace().packets[loss.packet]), weight, alpha});
    };
    auto next = std::upper_bound(losses.begin(), losses.end(), view.now(),
                                 [](TimeNs t, const story::Loss& loss) { return t < loss.at_ns; });
    for (auto loss = next; loss != losses.end() && out.size() < 2; ++loss) {
        const double to_come = -view.clock.since(loss->at_ns) / view.clock.fade();
        if (to_come >= 1) break;
        if (is_shown(*loss)) add(*loss, 1 - Clock::smooth(to_come), 0);
    }
    std::size_t seen = 0;
    for (auto loss = next; loss != losses.begin() && seen <= most && next - loss < 256;) {
        --loss;
        if (!is_shown(*loss)) continue;
        ++seen;
        // The oldest one gives its room to the one that comes.
        add(*loss, 1, view.clock.appearing(loss->at_ns));
    }
    if (out.size() > most) out.resize(most);
    return out;
}

// Ghosts keep off the ends of the wire, and of tracks that come down to the sockets there.
float end_of(const Geometry& g) {
    constexpr float kClearOfTrack = 14;
    const bool down = g.rails[0].port != g.rails[0].across;
    return down ? kClearOfTrack : kEnd;
}

// At the end of the rail from which the packets come.
void draw_lost_before(LaneView& view, const Geometry& g, float extent, std::size_t count) {
    Brush& brush = view.brush;
    const bool back = !view.plan.packets_from[0];
    const float from_end = end_of(g) + extent / 2;
    const Point end = g.place(1, back ? g.high() - from_end : g.low() + from_end);
    const std::string number = "+ " + grouped(count);
    const float room = g.column ? g.rails[1].room : extent - 6;
    const std::string words = brush.choose(FontRole::small, {number + " before", number}, room);
    const float width = brush.width(FontRole::small, words) + 1, height = brush.height(FontRole::small);
    brush.text({end.x - width / 2, end.y - height / 2, width, height}, words,
               {FontRole::small, {Ink::loss, 1}});
}

constexpr float kMark = 16;

// A mark gives way to the pills on its track, so that none lies on it: it goes towards its box, as far as there is
// room, and fades where there is none.
struct Mark {
    Point at;
    float alpha{1};
};

Mark beside_pills(const Geometry& g, Point place, Point aside, float room, const std::vector<Placed>& pills) {
    constexpr float kEarly = 10, kBetween = 3, kApart = 7;
    const float way = g.column ? aside.x - place.x : aside.y - place.y;
    const float along = g.column ? place.y : place.x, across = g.column ? place.x : place.y;
    float shift = 0;
    for (const Placed& p : pills) {
        const float low = g.column ? p.at.y : p.at.x, high = g.column ? p.at.bottom() : p.at.right();
        const float gap = std::max(low - along, along - high) - kMark / 2;
        const float near = 1 - Clock::smooth(gap / kEarly);
        const float edge = way > 0 ? (g.column ? p.at.right() : p.at.bottom()) - across
                                   : across - (g.column ? p.at.x : p.at.y);
        // In the middle of what is left between pill and box, so that it touches neither.
        const float apart = std::clamp((room - edge - kMark / 2) / 2, kBetween, kApart);
        // Beside the ticks of a column stands their number.
        const bool counted = g.column && p.size == PillSize::tick;
        const float needed = counted ? room + kBetween : edge + kMark / 2 + apart;
        shift = std::max(shift, near * p.packet.alpha * needed);
    }
    Mark mark{place, 1 - Clock::smooth((shift - room) / kBetween)};
    (g.column ? mark.at.x : mark.at.y) += std::copysign(std::min(shift, std::max(room, 0.0f)), way);
    return mark;
}

// A cross on the track, tied to what says what it was.
void draw_mark(Brush& brush, Point at, Point aside, model::Ref ref) {
    Line tie;
    tie.from = at;
    tie.to = aside;
    tie.tint = {Ink::loss, 0.5f};
    tie.dash = 3;
    tie.gap = 3;
    brush.line(tie);
    Box spot;
    spot.at = {at.x - kMark / 2, at.y - kMark / 2, kMark, kMark};
    spot.round = kMark / 2;
    spot.fill = {Ink::panel, 1};
    spot.border = {Ink::loss, 1};
    spot.border_width = 1.5f;
    brush.box(spot);
    brush.cross({at, 3.5f, {Ink::loss, 1}, 2});
    brush.hit(spot.at, ref, "cross", ref.index);
}

// Where on the wire the mark of a loss stands, and the box that belongs to it.
struct Along {
    float mark, box;
};

// A mark on the track where it was lost, and beside the track in a dashed box what was lost and why.
void draw_ghost(LaneView& view, const Geometry& g, const story::Loss& loss, Along along, style::Extent size,
                const Traffic& traffic, std::vector<Rect>& taken) {
    Brush& brush = view.brush;
    const int rail = view.story.trace().packets[loss.packet].from == model::Host::client ? 0 : 2;
    const Point place = g.place(rail, along.mark), aside = g.place(1, along.box);
    const model::Ref ref = brush.ref(RefKind::packet, loss.packet);
    const Pill pill = make_pill(view, loss.packet);
    const std::string words(words_of(loss.place));
    const std::string text = brush.choose(
        FontRole::small, {pill.label + " " + words, pill.label + " lost", pill.label}, size.width - 10);
    const float width = std::min(size.width, brush.width(FontRole::small, text) + 14);
    const Rect box{aside.x - width / 2, aside.y - size.height / 2, width, size.height};

    const float between =
        g.column ? std::abs(aside.x - place.x) - width / 2 : std::abs(aside.y - place.y) - size.height / 2;
    const Mark mark =
        beside_pills(g, place, aside, between - kMark / 2, traffic[static_cast<std::size_t>(rail)]);
    const float whole = brush.alpha;
    brush.alpha *= mark.alpha;
    if (mark.alpha > 0.01f) {
        draw_mark(brush, mark.at, aside, ref);
        taken.push_back({mark.at.x - kMark / 2, mark.at.y - kMark / 2, kMark, kMark});
    }
    brush.alpha = whole;
    taken.push_back(box);
    draw_lost_box(brush, box, text);
    brush.hit(box, ref, "lost", loss.packet);
    brush.glow(box, 5, ref);
}

// How many ghosts have room, and what is kept free for the count of those before them.
struct GhostRoom {
    std::size_t most{1};
    std::size_t before{0};
    float count_extent{0};

    float kept() const { return before > 0 ? count_extent : 0; }
};

GhostRoom room_for(const LaneView& view, const Geometry& g, float extent) {
    const float length = g.high() - g.low() - 2 * kEnd;
    GhostRoom room;
    // Beside one ghost at least; where that leaves no room for a number none is said.
    constexpr float kLeastCount = 26;
    room.count_extent = g.column ? 18.0f : std::min(72.0f, length - extent);
    if (room.count_extent < (g.column ? 0 : kLeastCount)) room.count_extent = 0;
    room.most = static_cast<std::size_t>(std::max(1.0f, length / extent));
    room.before = lost_before(view, room.most);
    if (room.before > 0 && room.most > 1 &&
        static_cast<float>(room.most) * extent + room.count_extent > length) {
        --room.most;
        room.before = lost_before(view, room.most);
    }
    return room;
}

// From the client's end to the server's.
std::vector<Ghost> sorted_ghosts(const LaneView& view, std::size_t most) {
    std::vector<Ghost> ghosts = ghosts_now(view, most);
    std::stable_sort(ghosts.begin(), ghosts.end(), [](const Ghost& a, const Ghost& b) {
        return a.way != b.way ? a.way < b.way : a.loss->packet < b.loss->packet;
    });
    return ghosts;
}

// How much of a ghost is left beside what passes it.
float beside(const Geometry& g, const std::vector<Placed>& passing, float placed, float extent) {
    float alpha = 1;
    for (const Placed& p : passing) {
        const float apart = std::abs(g.low() + p.packet.way * (g.high() - g.low()) - placed);
        alpha *= 1 - p.packet.weight * (1 - Clock::smooth(apart / (extent * 1.5f) - 0.6f));
    }
    return alpha;
}

}  // namespace

float ghost_height(const Geometry& g) {
    if (g.column || g.at.h >= 110) return 22;
    return g.at.h >= kRoomForGhosts ? 18.0f : 15.0f;
}

std::vector<Rect> draw_ghosts(LaneView& view, const Geometry& g, const Traffic& traffic) {
    Brush& brush = view.brush;
    // A short wire has room for one of them and the number of those before.
    const float wide = std::clamp(g.high() - g.low() - 2 * kEnd - 36, 60.0f, 96.0f);
    const style::Extent size{g.column ? g.rails[1].room : wide, ghost_height(g)};
    const float extent = (g.column ? size.height : size.width) + 5;
    const GhostRoom room = room_for(view, g, extent);
    if (room.kept() > 0) draw_lost_before(view, g, room.count_extent, room.before);
    const std::vector<Ghost> ghosts = sorted_ghosts(view, room.most);
    // Boxes need room beside each other; their marks need less, and keep nearer to where it happened.
    std::vector<Spread> boxes, marks;
    boxes.reserve(ghosts.size());
    marks.reserve(ghosts.size());
    for (const Ghost& ghost : ghosts) {
        const float place = g.low() + ghost.way * (g.high() - g.low());
        boxes.push_back({place, extent * ghost.weight, 0});
        marks.push_back({place, (kMark + 3) * ghost.weight, 0});
    }
    const bool back = !view.plan.packets_from[0];
    const float end = end_of(g);
    const float low = g.low() + end + (back ? 0 : room.kept()),
                high = g.high() - end - (back ? room.kept() : 0);
    spread(boxes, low, high);
    spread(marks, low, high);
    std::vector<Rect> taken;
    for (std::size_t i = 0; i < ghosts.size(); ++i) {
        if (ghosts[i].alpha <= 0.01f) continue;
        const float whole = brush.alpha;
        brush.alpha *= ghosts[i].alpha * beside(g, traffic[1], boxes[i].placed, extent);
        draw_ghost(view, g, *ghosts[i].loss, {marks[i].placed, boxes[i].placed}, size, traffic, taken);
        brush.alpha = whole;
    }
    return taken;
}

}  // namespace socketscope::stage

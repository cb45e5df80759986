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
    float weight, alpha;
};

bool is_shown(const story::Loss& loss) {
    return loss.packet != story::kNone && loss.place != story::LossPlace::truncated &&
           loss.place != story::LossPlace::unread;
}

// What was lost before the `most` last ones, which alone have room.
std::size_t lost_before(const LaneView& view, std::size_t most) {
    constexpr std::ptrdiff_t kLook =
        5000;  // so long a list need not be counted to its beginning in every frame
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
    auto next = std::upper_bound(losses.begin(), losses.end(), view.now(),
                                 [](TimeNs t, const story::Loss& loss) { return t < loss.at_ns; });
    for (auto loss = next; loss != losses.end() && out.size() < 2; ++loss) {
        const double to_come = -view.clock.since(loss->at_ns) / view.clock.fade();
        if (to_come >= 1) break;
        if (is_shown(*loss)) out.push_back({&*loss, 1 - Clock::smooth(to_come), 0});
    }
    std::size_t seen = 0;
    for (auto loss = next; loss != losses.begin() && seen <= most && next - loss < 256;) {
        --loss;
        if (!is_shown(*loss)) continue;
        ++seen;
        // The oldest one gives its room to the one that comes.
        out.push_back({&*loss, 1, view.clock.appearing(loss->at_ns)});
    }
    if (out.size() > most) out.resize(most);
    return out;
}

// At the end of the rail from which the packets come.
void draw_lost_before(LaneView& view, const Geometry& g, float extent, std::size_t count) {
    Brush& brush = view.brush;
    const bool back = !view.plan.packets_from[0];
    const Point end = g.place(1, back ? g.high() - kEnd - extent / 2 : g.low() + kEnd + extent / 2);
    const std::string number = "+ " + grouped(count);
    const float room = g.column ? g.rails[1].room : extent - 6;
    const std::string words = brush.choose(FontRole::small, {number + " before", number}, room);
    const float width = brush.width(FontRole::small, words) + 1, height = brush.height(FontRole::small);
    brush.text({end.x - width / 2, end.y - height / 2, width, height}, words,
               {FontRole::small, {Ink::loss, 1}});
}

// A cross on the track, and beside it in a dashed box what was lost and why.
void draw_ghost(LaneView& view, const Geometry& g, const story::Loss& loss, float along, style::Extent size) {
    Brush& brush = view.brush;
    const int rail = view.story.trace().packets[loss.packet].from == model::Host::client ? 0 : 2;
    const Point place = g.place(rail, along), aside = g.place(1, along);
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

    const Pill pill = make_pill(view, loss.packet);
    const std::string words(words_of(loss.place));
    const std::string text = brush.choose(
        FontRole::small, {pill.label + " " + words, pill.label + " lost", pill.label}, size.width - 10);
    Box box;
    const float width = std::min(size.width, brush.width(FontRole::small, text) + 14);
    box.at = {aside.x - width / 2, aside.y - size.height / 2, width, size.height};
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
    const model::Ref ref = brush.ref(RefKind::packet, loss.packet);
    brush.hit(spot.at, ref, "cross", loss.packet);
    brush.hit(box.at, ref, "lost", loss.packet);
    brush.glow(box.at, box.round, ref);
}

}  // namespace

void draw_ghosts(LaneView& view, const Geometry& g, const std::vector<OnWire>& passing) {
    Brush& brush = view.brush;
    const float length = g.high() - g.low() - 2 * kEnd;
    const style::Extent size{g.column ? g.rails[1].room : 96.0f, g.column || g.at.h >= 110 ? 22.0f : 18.0f};
    const float extent = (g.column ? size.height : size.width) + 5;
    const float count_extent = g.column ? 18.0f : 72.0f;  // for a count of those that have no room
    std::size_t most = static_cast<std::size_t>(std::max(1.0f, length / extent));
    std::size_t before = lost_before(view, most);
    if (before > 0 && most > 1 && static_cast<float>(most) * extent + count_extent > length) {
        --most;
        before = lost_before(view, most);
    }
    const float kept = before > 0 ? count_extent : 0;
    if (before > 0) draw_lost_before(view, g, count_extent, before);
    std::vector<Ghost> ghosts = ghosts_now(view, most);
    const auto record_of = [&](const Ghost& ghost) -> const model::PacketRecord& {
        return view.story.trace().packets[ghost.loss->packet];
    };
    std::stable_sort(ghosts.begin(), ghosts.end(), [&](const Ghost& a, const Ghost& b) {
        const float wa = way_of(*a.loss, record_of(a)), wb = way_of(*b.loss, record_of(b));
        return wa != wb ? wa < wb : a.loss->packet < b.loss->packet;
    });
    std::vector<Spread> items;
    items.reserve(ghosts.size());
    for (const Ghost& ghost : ghosts) {
        items.push_back({g.low() + way_of(*ghost.loss, record_of(ghost)) * (g.high() - g.low()),
                         extent * ghost.weight, 0});
    }
    const bool back = !view.plan.packets_from[0];
    spread(items, g.low() + kEnd + (back ? 0 : kept), g.high() - kEnd - (back ? kept : 0));
    for (std::size_t i = 0; i < ghosts.size(); ++i) {
        const Ghost& ghost = ghosts[i];
        if (ghost.alpha <= 0.01f) continue;
        const float whole = brush.alpha;
        brush.alpha *= ghost.alpha;
        for (const OnWire& p : passing) {
            const float apart = std::abs(g.low() + p.way * (g.high() - g.low()) - items[i].placed);
            brush.alpha *= 1 - p.weight * (1 - Clock::smooth(apart / (extent * 1.5f) - 0.6f));
        }
        draw_ghost(view, g, *ghost.loss, items[i].placed, size);
        brush.alpha = whole;
    }
}

}  // namespace socketscope::stage

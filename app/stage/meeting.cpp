// AF_UNIX: no wire. Both programs stand in one host and meet under a name; data goes straight into the peer's queue.
#include <algorithm>

#include "app/stage/view.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

// The name under which they meet: a path, an abstract name, or none.
struct Name {
    std::string words, kind;
    IconForm icon{IconForm::file};
    std::uint32_t socket{0};  // whose name it is
};
Name name_of(const LaneView& view) {
    const auto sockets = view.story.sockets();
    for (std::uint32_t s = 0; s < sockets.size(); ++s) {
        const story::Socket& socket = sockets[s];
        const auto bound = std::find_if(socket.states.begin(), socket.states.end(),
                                        [](const story::StateChange& c) { return c.state == "bound"; });
        if (socket.local.empty() || bound == socket.states.end() || bound->at_ns > view.now()) continue;
        const bool abstract = socket.local.front() == '@';
        const std::size_t slash = socket.local.rfind('/');
        const std::string brief = slash == std::string::npos ? socket.local : socket.local.substr(slash + 1);
        return {brief, abstract ? "abstract name" : "socket file", abstract ? IconForm::host : IconForm::file,
                s};
    }
    if (view.plan.pair_ns != model::kNever && view.plan.pair_ns <= view.now()) {
        return {"socketpair", "no name needed", IconForm::host, 0};
    }
    return {"", "no name yet", IconForm::file, 0};
}

// In smaller letters where it is long, and without its middle where that is not enough.
void write_name(Brush& brush, Rect room, const std::string& name) {
    const FontRole font = brush.width(FontRole::mono, name) <= room.w ? FontRole::mono : FontRole::mono_small;
    brush.text(room, brush.fit_middle(font, name, room.w), {font, {Ink::text, 1}});
}

// How fresh the last message in a direction is: the path lights up when something has just gone along it.
float freshness(const LaneView& view, int side) {
    float fresh = 0;
    for (const Place& place : view.plan.sides[side]) {
        const auto& sent = view.plan.endpoints[place.endpoint].sent;
        const auto last =
            std::upper_bound(sent.begin(), sent.end(), view.now(),
                             [&](TimeNs t, std::uint32_t m) { return t < view.story.handed_ns(m); });
        if (last == sent.begin()) continue;
        const double gone = view.clock.since(view.story.handed_ns(*(last - 1)));
        fresh = std::max(fresh, 1 - Clock::smooth(gone / (2 * view.clock.fade())));
    }
    return fresh;
}

void draw_path(LaneView& view, Point from, Point to, float fresh) {
    Line path;
    path.from = from;
    path.to = to;
    path.tint = {lane_ink(view.accent), 0.10f + 0.15f * fresh};
    path.width = 16;
    view.brush.line(path);
    path.tint = {lane_ink(view.accent), 0.65f + 0.35f * fresh};
    path.width = 1.75f + fresh;
    path.dash = 8;
    path.gap = 6;
    path.arrow = 7;
    view.brush.line(path);
}

}  // namespace

void draw_meeting_place(LaneView& view, Rect at) {
    Brush& brush = view.brush;
    const bool column = view.column();
    const Name name = name_of(view);
    const std::string note = "one host, one kernel: no wire";
    const float words =
        std::max({brush.width(FontRole::mono, name.words) + 24, brush.width(FontRole::small, name.kind),
                  brush.width(FontRole::caps, note)});
    const float width = std::min(at.w - (column ? 50.0f : 20.0f), words + 26);
    const float height = std::min(at.h - (column ? 24.0f : 30.0f), 64.0f);
    const Rect plate{at.x + (at.w - width) / 2 + (column ? 18.0f : 0),
                     at.y + (column ? (at.h - height) / 2 : 2.0f), width, height};

    const bool back = !view.plan.endpoints.empty() &&
                      std::any_of(view.plan.sides[1].begin(), view.plan.sides[1].end(), [&](const Place& p) {
                          return !p.again && view.plan.endpoints[p.endpoint].sent_bytes > 0;
                      });
    const float apart = back ? 9.0f : 0.0f;
    if (column) {
        const float x = std::max(at.x + 14, plate.x - 26);
        draw_path(view, {x - apart, at.y}, {x - apart, at.bottom()}, freshness(view, 0));
        if (back) draw_path(view, {x + apart, at.bottom()}, {x + apart, at.y}, freshness(view, 1));
    } else {
        const float y = (std::max(plate.bottom(), at.y) + at.bottom()) / 2;
        draw_path(view, {at.x, y - apart}, {at.right(), y - apart}, freshness(view, 0));
        if (back) draw_path(view, {at.right(), y + apart}, {at.x, y + apart}, freshness(view, 1));
    }
    constexpr float kLeastPlate = 16;
    if (plate.h < kLeastPlate) return;  // no room for a name
    Box box;
    box.at = plate;
    box.round = 8;
    box.fill = {Ink::card, 1};
    box.border = {Ink::line, 1};
    box.dash = 5;
    brush.box(box);
    brush.hit(plate, brush.ref(model::RefKind::socket, name.socket), "name", name.socket);
    const int lines = plate.h >= 52 ? 3 : plate.h >= 38 ? 2 : 1;
    const float line = (plate.h - 4) / static_cast<float>(lines);
    const Tint accent{lane_ink(view.accent), 1};
    const auto row = [&](int i, float x) {
        return Rect{x, plate.y + 2 + line * static_cast<float>(i), plate.right() - 8 - x, line};
    };
    if (!name.words.empty()) {
        brush.icon({name.icon, {plate.x + 10, row(0, 0).centre().y - 7.5f, 15, 15}, accent, Ink::count});
        write_name(brush, row(0, plate.x + 31), name.words);
    }
    if (lines == 3) brush.text(row(1, plate.x + 12), name.kind, {FontRole::small, {Ink::muted, 1}});
    if (lines > 1 || name.words.empty()) {
        const Rect last = row(lines - 1, plate.x + 12);
        brush.text(last, brush.choose(FontRole::caps, {note, "one host, no wire", "no wire"}, last.w),
                   {FontRole::caps, accent});
    }
}

}  // namespace socketscope::stage

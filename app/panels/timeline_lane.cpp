#include "app/panels/timeline_lane.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace socketscope::panels {

namespace {

using story::Doing;
using story::MarkKind;
using style::Box;
using style::Canvas;
using style::FontRole;
using style::Ink;

constexpr double kFuture = 0.38;  // how strongly what lies behind the playhead is drawn

// What a pixel column of a program's bar shows.
enum class Bar : std::uint8_t { idle, call, blocked };

struct LaneView {
    const View& view;
    Canvas canvas;
    const TimeAxis& axis;
    const story::Story& story;
    std::size_t lane;
    TimeNs start;  // absolute ns of the lane's t = 0
    Box box;
};

// Calls are far shorter than a pixel: a column in which one begins counts as "in a call".
bool call_begins(const LaneView& v, std::uint8_t endpoint, TimeNs from, TimeNs to) {
    const auto& calls = v.story.trace().calls;
    auto call = std::lower_bound(calls.begin(), calls.end(), from,
                                 [](const model::CallRecord& c, TimeNs t) { return c.enter_ns < t; });
    constexpr int kLook =
        8;  // calls of other programs in between; a denser column is lit by one of the others anyway
    for (int i = 0; i < kLook && call != calls.end() && call->enter_ns < to; ++i, ++call)
        if (call->endpoint == endpoint) return true;
    return false;
}

Bar bar_at(const LaneView& v, std::uint8_t endpoint, TimeNs from, TimeNs to) {
    const auto now = v.story.program_at(endpoint, v.start + from);
    if (now.doing == Doing::blocked) return Bar::blocked;
    if (now.doing == Doing::in_call || call_begins(v, endpoint, v.start + from, v.start + to))
        return Bar::call;
    return Bar::idle;
}

// One bar: runs of equal pixel columns become one rectangle; thick where the program is blocked, thin in other calls.
void draw_program(const LaneView& v, std::uint8_t endpoint, float y) {
    const TimeNs now = v.view.state.t;
    const auto paint = [&](float x0, float x1, Bar bar) {
        if (bar == Bar::idle || x1 <= x0) return;
        const Ink ink = bar == Bar::blocked ? Ink::loss : style::lane_ink(v.lane);
        const float thickness = v.canvas.px(bar == Bar::blocked ? 4 : 2);
        const float split = std::clamp(v.axis.x(now), x0, x1);
        const auto piece = [&](float a, float b, double alpha) {
            if (b > a)
                style::fill(v.canvas, {{a, y - thickness / 2}, {std::max(b, a + 1), y + thickness / 2}}, 0,
                            v.canvas.ink(ink, alpha));
        };
        piece(x0, split, 0.9);
        piece(split, x1, kFuture);
    };
    Bar current = Bar::idle;
    float begin = v.axis.left();
    for (float x = v.axis.left(); x < v.axis.right(); x += 1) {
        const Bar bar = bar_at(v, endpoint, v.axis.t(x), std::max(v.axis.t(x + 1), v.axis.t(x) + 1));
        if (bar == current) continue;
        paint(begin, x, current);
        begin = x;
        current = bar;
    }
    paint(begin, v.axis.right(), current);
}

struct Sign {
    style::Mark mark;
    Ink ink;
    int rank;     // the higher one is drawn where two would overlap
    float level;  // −1 above, 0 on the middle line, 1 below
};

std::optional<Sign> sign_of(const LaneView& v, const story::Event& event) {
    switch (event.kind) {
        case MarkKind::send:
            return Sign{style::Mark::triangle, style::lane_ink(v.lane), 4, 0};
        case MarkKind::receive:
            return Sign{style::Mark::disc, style::lane_ink(v.lane), 5, 0};
        case MarkKind::lost:
            return Sign{style::Mark::cross, Ink::loss, 9, -1};
        case MarkKind::retransmitted:
            return Sign{style::Mark::diamond, Ink::text, 8, 0};
        case MarkKind::ack:
            return Sign{style::Mark::ring, Ink::good, 3, -1};
        case MarkKind::refused:
            return Sign{style::Mark::square, Ink::loss, 7, 0};
        case MarkKind::call:
        case MarkKind::blocked:
        case MarkKind::packet_sent:
        case MarkKind::packet_delivered:
        case MarkKind::control:
            return std::nullopt;  // the bars show them
    }
    return std::nullopt;
}

bool lit(const View& view, model::Ref ref) {
    return view.state.selected && (view.state.selected == ref || player::is_linked(view.state, ref));
}

void draw_sign(const LaneView& v, const story::Event& event, const Sign& sign, float x) {
    const float radius = v.canvas.px(4.6F);
    const ImVec2 center{x, v.box.center().y + sign.level * v.box.height() * 0.30F};
    const bool past = event.at_ns - v.start <= v.view.state.t;
    model::Ref ref = event.ref;
    ref.lane = static_cast<std::uint8_t>(v.lane);
    const Press state =
        press(v.view,
              "mark." + std::to_string(v.lane) + "." + std::to_string(static_cast<int>(ref.kind)) + "." +
                  std::to_string(ref.index),
              {{x - radius, center.y - radius}, {x + radius, center.y + radius}});
    if (lit(v.view, ref) || state.hovered)
        v.canvas.list->AddCircleFilled(center, radius * 1.9F, v.canvas.ink(Ink::now, 0.35), 24);
    style::mark(v.canvas, sign.mark, center, radius, v.canvas.ink(sign.ink, past ? 1 : kFuture));
    if (state.hovered)
        ImGui::SetTooltip("%s ms  %s", model::format_ms(event.at_ns - v.start, 3).c_str(),
                          v.story.describe(event).c_str());
    if (state.clicked) v.view.send(player::Select{ref, true});
}

// At most one sign a step of pixels and level, the one with the highest rank; a few events are looked at per step, so the
// cost follows the pixels. Losses are few and matter most: they have a list of their own in the story.
void draw_signs(const LaneView& v) {
    const float step = v.canvas.px(7);
    const auto events = v.story.events();
    for (float x = v.axis.left(); x < v.axis.right() + step; x += step) {
        const TimeNs from = v.start + v.axis.t(x - step / 2),
                     to = v.start + std::max(v.axis.t(x + step / 2), v.axis.t(x - step / 2) + 1);
        auto event = std::lower_bound(events.begin(), events.end(), from,
                                      [](const story::Event& e, TimeNs t) { return e.at_ns < t; });
        const story::Event* best[2] = {nullptr, nullptr};  // above, on the line
        Sign sign[2]{};
        constexpr int kLook = 48;
        for (int i = 0; i < kLook && event != events.end() && event->at_ns < to; ++i, ++event) {
            const auto candidate = sign_of(v, *event);
            if (!candidate) continue;
            const std::size_t level = candidate->level < 0 ? 0 : 1;
            if (best[level] && candidate->rank <= sign[level].rank) continue;
            best[level] = &*event;
            sign[level] = *candidate;
        }
        for (std::size_t level = 0; level < 2; ++level)
            if (best[level])
                draw_sign(v, *best[level], sign[level],
                          std::clamp(v.axis.x(best[level]->at_ns - v.start), v.axis.left(), v.axis.right()));
    }
}

}  // namespace

void draw_timeline_lane(const View& view, Canvas canvas, const TimeAxis& axis, std::size_t lane, Box box) {
    const auto& story = *view.state.lanes[lane].story;
    const LaneView v{view, canvas, axis, story, lane, story.trace().start_ns, box};
    style::fill(canvas, {{box.min.x - canvas.px(6), box.min.y}, {box.max.x + canvas.px(6), box.max.y}},
                canvas.px(8), canvas.ink(Ink::card));
    const auto& kind = model::row(story.trace().kind);
    const std::string_view name =
        kind.protocol.empty() ? kind.name.substr(kind.name.find('/') + 1) : kind.protocol;
    style::text_right(canvas, FontRole::caps, {box.min.x - canvas.px(12), box.center().y},
                      canvas.ink(style::lane_ink(lane)), name);

    const float now = std::clamp(axis.x(view.state.t), axis.left(), axis.right()), middle = box.center().y;
    style::line(canvas, {axis.left(), middle}, {axis.right(), middle},
                canvas.ink(style::lane_ink(lane), 0.25), canvas.px(1.6F));
    style::line(canvas, {axis.left(), middle}, {now, middle}, canvas.ink(style::lane_ink(lane), 0.8),
                canvas.px(1.6F));
    const auto& endpoints = story.trace().endpoints;
    const float edge = canvas.px(4);
    // Programs of the client host hang at the upper edge, those of the server host at the lower one.
    float above = box.min.y + edge, below = box.max.y - edge;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const bool client = endpoints[i].host == model::Host::client;
        float& y = client ? above : below;
        draw_program(v, static_cast<std::uint8_t>(i), y);
        y += client ? canvas.px(5) : -canvas.px(5);
    }
    draw_signs(v);
}

}  // namespace socketscope::panels

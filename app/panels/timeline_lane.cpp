#include "app/panels/timeline_lane.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace socketscope::panels {

namespace {

using story::MarkKind;
using style::Box;
using style::Canvas;
using style::FontRole;
using style::Ink;

constexpr double kFuture = 0.38;  // how strongly what lies behind the playhead is drawn

struct LaneView {
    const View& view;
    Canvas canvas;
    const TimeAxis& axis;
    const story::Story& story;
    std::size_t lane;
    TimeNs start;  // absolute ns of the lane's t = 0
    Box box;
};

// One bar, thick where the program is blocked, thin in other calls; what lies behind the playhead is fainter.
void draw_program(const LaneView& v, const std::vector<BarRun>& runs, float y) {
    const float now = v.axis.x(v.view.state.t);
    for (const BarRun& run : runs) {
        const Ink ink = run.blocked ? Ink::loss : style::lane_ink(v.lane);
        const float thickness = v.canvas.px(run.blocked ? 4 : 2);
        const float split = std::clamp(now, run.begin, run.end);
        const auto piece = [&](float a, float b, double alpha) {
            if (b > a)
                style::fill(v.canvas, {{a, y - thickness / 2}, {std::max(b, a + 1), y + thickness / 2}}, 0,
                            v.canvas.ink(ink, alpha));
        };
        piece(run.begin, split, 0.9);
        piece(split, run.end, kFuture);
    }
}

struct Sign {
    style::Mark mark;
    Ink ink;
};

Sign sign_of(const LaneView& v, const story::Event& event) {
    switch (event.kind) {
        case MarkKind::receive:
            return {style::Mark::disc, style::lane_ink(v.lane)};
        case MarkKind::lost:
            return {style::Mark::cross, Ink::loss};
        case MarkKind::retransmitted:
            return {style::Mark::diamond, Ink::text};
        case MarkKind::ack:
            return {style::Mark::ring, Ink::good};
        case MarkKind::refused:
            return {style::Mark::square, Ink::loss};
        case MarkKind::send:
        case MarkKind::call:
        case MarkKind::blocked:
        case MarkKind::packet_sent:
        case MarkKind::packet_delivered:
        case MarkKind::control:
            break;
    }
    return {style::Mark::triangle, style::lane_ink(v.lane)};
}

bool lit(const View& view, model::Ref ref) {
    return view.state.selected && (view.state.selected == ref || player::is_linked(view.state, ref));
}

void draw_sign(const LaneView& v, const RowSign& place) {
    const story::Event& event = v.story.events()[place.event];
    const Sign sign = sign_of(v, event);
    const float x = std::clamp(v.axis.x(event.at_ns - v.start), v.axis.left(), v.axis.right());
    const float radius = v.canvas.px(4.6F);
    const ImVec2 center{x, v.box.center().y + (place.above ? -1.0F : 0.0F) * v.box.height() * 0.30F};
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

}  // namespace

void draw_timeline_lane(const View& view, Canvas canvas, const TimeAxis& axis, const TimelineRow& row,
                        Box box) {
    const std::size_t lane = row.lane;
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
        draw_program(v, row.bars[i], y);
        y += client ? canvas.px(5) : -canvas.px(5);
    }
    for (const RowSign& sign : row.signs) draw_sign(v, sign);
}

}  // namespace socketscope::panels

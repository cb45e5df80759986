#include "app/panels/timeline_lane.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/event_sign.hpp"

namespace socketscope::panels {

namespace {

constexpr std::size_t kMostLit = 200;  // of what belongs to the chosen thing: more only paint the lane full
constexpr double kFuture = 0.38;       // how strongly what lies behind the playhead is drawn

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

// The calls that were chosen, or belong to what was: a bar over their time, in the row of their program.
void draw_chosen_calls(const LaneView& v, std::uint8_t endpoint, float y, float thickness) {
    const auto& calls = v.story.trace().calls;
    const auto light = [&](const model::Ref& ref) {
        if (ref.kind != model::RefKind::call || ref.lane != v.lane || ref.index >= calls.size()) return;
        const model::CallRecord& call = calls[ref.index];
        if (call.endpoint != endpoint) return;
        const TimeNs exit = call.exit_ns == model::kNever ? v.story.end_ns() : call.exit_ns;
        const float x0 = v.axis.x(call.enter_ns - v.start), x1 = v.axis.x(exit - v.start),
                    least = v.canvas.px(4);
        const Box bar{{std::max(x0, v.axis.left()), y - thickness},
                      {std::min(std::max(x1, x0 + least), v.axis.right()), y + thickness}};
        if (bar.width() > 0) style::fill(v.canvas, bar, v.canvas.px(1.5F), v.canvas.ink(Ink::now));
    };
    for (std::size_t i = 0; i < v.view.state.linked.size() && i < kMostLit; ++i)
        light(v.view.state.linked[i]);
    light(v.view.state.selected);
}

// Packets as thin slanted lines between the hosts' edges, sent to delivered; a lost one ends half way. At most one
// a few pixels, so that the cost follows the pixels; one that was chosen shows always.
void draw_packet(const LaneView& v, const model::PacketRecord& packet, bool lit) {
    const TimeNs sent = packet.sent_ns - v.start;
    const bool lost = packet.verdict != model::Verdict::delivered;
    const float edge = v.canvas.px(5);
    const bool down = packet.from == model::Host::client;
    const float y0 = down ? v.box.min.y + edge : v.box.max.y - edge;
    float y1 = down ? v.box.max.y - edge : v.box.min.y + edge;
    const float x0 = v.axis.x(sent);
    float x1 = lost ? x0 : v.axis.x(packet.delivered_ns - v.start);
    if (lost) y1 = (y0 + y1) / 2;
    if (std::max(x0, x1) < v.axis.left() || std::min(x0, x1) > v.axis.right()) return;
    const bool past = sent <= v.view.state.t;
    const ImU32 color = lit    ? v.canvas.ink(Ink::now)
                        : lost ? v.canvas.ink(Ink::loss, past ? 0.8 : kFuture)
                               : v.canvas.ink(style::lane_ink(v.lane), past ? 0.55 : 0.22);
    style::line(v.canvas, {x0, y0}, {x1, y1}, color, v.canvas.px(lit ? 2.0F : 1.0F));
}

void draw_packets(const LaneView& v) {
    const auto& packets = v.story.trace().packets;
    const ImVec2 min{v.axis.left(), v.box.min.y}, max{v.axis.right(), v.box.max.y};
    v.canvas.list->PushClipRect(min, max, true);
    const float step = v.canvas.px(3);
    auto packet = packets.begin();
    const auto sent_before = [](const model::PacketRecord& p, TimeNs t) { return p.sent_ns < t; };
    TimeNs from = v.start + v.axis.t(v.axis.left());
    for (float x = v.axis.left(); x < v.axis.right() && packet != packets.end(); x += step) {
        packet = std::lower_bound(packet, packets.end(), from, sent_before);
        from = v.start + v.axis.t(x + step);
        if (packet != packets.end() && packet->sent_ns < from) draw_packet(v, *packet, false);
    }
    const auto chosen = [&](const model::Ref& ref) {
        if (ref.kind == model::RefKind::packet && ref.lane == v.lane && ref.index < packets.size())
            draw_packet(v, packets[ref.index], true);
    };
    for (std::size_t i = 0; i < v.view.state.linked.size() && i < kMostLit; ++i)
        chosen(v.view.state.linked[i]);
    chosen(v.view.state.selected);
    v.canvas.list->PopClipRect();
}

void draw_sign(const LaneView& v, const RowSign& place) {
    const story::Event& event = v.story.events()[place.event];
    const EventSign sign = sign_of(event.kind, v.lane);
    const float x = std::clamp(v.axis.x(event.at_ns - v.start), v.axis.left(), v.axis.right());
    const float radius = v.canvas.px(4.6F);
    const ImVec2 center{x, v.box.center().y + (place.above ? -1.0F : 0.0F) * v.box.height() * 0.30F};
    const bool past = event.at_ns - v.start <= v.view.state.t;
    model::Ref ref = v.story.ref(event);
    ref.lane = static_cast<std::uint8_t>(v.lane);
    const Press state =
        press(v.view,
              "mark." + std::to_string(v.lane) + "." + std::to_string(static_cast<int>(ref.kind)) + "." +
                  std::to_string(ref.index),
              {{x - radius, center.y - radius}, {x + radius, center.y + radius}});
    if (player::is_lit(v.view.state, ref) || state.hovered)
        v.canvas.list->AddCircleFilled(center, radius * 1.9F, v.canvas.ink(Ink::now, 0.35), 24);
    style::mark(v.canvas, sign.mark, center, radius, v.canvas.ink(sign.ink, past ? 1 : kFuture));
    if (state.hovered)
        tip_at_pointer(v.view,
                       model::format_ms(event.at_ns - v.start, 3) + " ms  " + v.story.describe(event));
    if (state.clicked) v.view.send(player::Select{ref, true, event.at_ns - v.start});
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
        draw_chosen_calls(v, static_cast<std::uint8_t>(i), y, canvas.px(2.5F));
        y += client ? canvas.px(5) : -canvas.px(5);
    }
    draw_packets(v);
    for (const RowSign& sign : row.signs) draw_sign(v, sign);
}

}  // namespace socketscope::panels

#include "app/panels/timeline.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/time_axis.hpp"
#include "app/panels/timeline_lane.hpp"

namespace socketscope::panels {

namespace {

// The parts of the timeline from top to bottom.
struct Parts {
    Box beats, lanes, ruler, legend;
    float left, right;
};

Parts split(const View& view, Box area) {
    const auto px = [&](float v) { return view.look.px(v); };
    Parts parts{};
    parts.left = area.min.x + px(84);
    parts.right = area.max.x - px(34);
    const bool roomy = area.height() >= px(120);
    const float legend = roomy ? px(22) : 0, ruler = px(roomy ? 24 : 20), beats = px(16);
    parts.beats = {{parts.left, area.min.y + px(4)}, {parts.right, area.min.y + px(4) + beats}};
    parts.legend = {{parts.left, area.max.y - legend - px(4)}, {parts.right, area.max.y - px(4)}};
    parts.ruler = {{parts.left, parts.legend.min.y - ruler}, {parts.right, parts.legend.min.y}};
    parts.lanes = {{parts.left, parts.beats.max.y}, {parts.right, parts.ruler.min.y - px(2)}};
    return parts;
}

void draw_ruler(const View& view, Canvas canvas, const TimeAxis& axis, Box box) {
    const float y = box.min.y + canvas.px(3);
    const auto ticks = axis.ticks(canvas.px(84));
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const auto& tick = ticks[i];
        style::line(canvas, {tick.x, y}, {tick.x, y + canvas.px(6)}, canvas.ink(Ink::muted), canvas.px(1));
        const std::string label = i + 1 == ticks.size() ? tick.label + " ms" : tick.label;
        style::text_center(canvas, FontRole::small, {tick.x, y + canvas.px(14)}, canvas.ink(Ink::muted),
                           label);
        if (i == 0) continue;
        // Small ticks at equal true times: where they stand close, story time runs fast.
        const TimeNs before = ticks[i - 1].at;
        for (int part = 1; part < 5; ++part) {
            const float x = axis.x(before + (tick.at - before) * part / 5);
            style::line(canvas, {x, y}, {x, y + canvas.px(3)}, canvas.ink(Ink::faint), canvas.px(1));
        }
    }
    (void)view;
}

void draw_beats(const View& view, Canvas canvas, const TimeAxis& axis, Box box) {
    const auto& state = view.state;
    const std::size_t current = player::current_beat(state);
    const float radius = canvas.px(7);
    float free_from = axis.left() - radius;  // beats close together stand side by side, never on each other
    for (std::size_t i = 0; i < state.beats.size(); ++i) {
        const float true_x = axis.x(state.beats[i].at);
        if (true_x < axis.left() - 1 || true_x > axis.right() + 1) continue;
        const float x = std::max(true_x, free_from + radius);
        free_from = x + radius + canvas.px(2);
        const ImVec2 center{x, box.center().y};
        const Press state_of = press(view, "beat." + state.beats[i].name,
                                     {{x - radius, center.y - radius}, {x + radius, center.y + radius}});
        const bool lit = i == current;
        canvas.list->AddCircleFilled(
            center, radius,
            lit ? canvas.ink(Ink::lane0_fill)
                : view.look.mixed(Ink::card_raised, Ink::lane0, state_of.hovered ? 0.4 : 0.12),
            24);
        style::text_center(canvas, FontRole::caps, center,
                           lit ? view.look.on(Ink::lane0_fill) : canvas.ink(Ink::muted),
                           std::to_string(i + 1));
        if (state_of.hovered) tip_at_pointer(view, state.beats[i].title);
        if (state_of.clicked) view.send(player::GoToBeat{i});
    }
}

void draw_legend(const View& view, Canvas canvas, Box box) {
    struct Entry {
        style::Mark mark;
        Ink ink;
        const char* text;
    };
    static constexpr Entry kEntries[] = {
        {style::Mark::triangle, Ink::muted, "send"},   {style::Mark::disc, Ink::muted, "receive"},
        {style::Mark::cross, Ink::loss, "lost"},       {style::Mark::diamond, Ink::text, "sent again"},
        {style::Mark::ring, Ink::good, "ACK arrives"}, {style::Mark::square, Ink::loss, "refused"},
    };
    float x = box.min.x;
    const float y = box.center().y;
    const float gap = canvas.px(box.width() < canvas.px(700) ? 9 : 17);
    const auto fits = [&](const char* text) {
        return x + canvas.px(26) + view.look.text_size(FontRole::small, text).x <= box.max.x;
    };
    for (const auto& entry : kEntries) {
        if (!fits(entry.text)) return;
        style::mark(canvas, entry.mark, {x + canvas.px(5), y}, canvas.px(4.3F), canvas.ink(entry.ink));
        style::text_left(canvas, FontRole::small, {x + canvas.px(15), y}, canvas.ink(Ink::muted), entry.text);
        x += canvas.px(15) + view.look.text_size(FontRole::small, entry.text).x + gap;
    }
    const struct {
        Ink ink;
        float half;
        const char* text;
    } bars[] = {{Ink::muted, 1, "in a call"}, {Ink::loss, 2, "blocked"}};
    for (const auto& bar : bars) {
        if (!fits(bar.text)) return;
        style::fill(canvas, {{x, y - canvas.px(bar.half)}, {x + canvas.px(14), y + canvas.px(bar.half)}},
                    canvas.px(1), canvas.ink(bar.ink));
        style::text_left(canvas, FontRole::small, {x + canvas.px(20), y}, canvas.ink(Ink::muted), bar.text);
        x += canvas.px(20) + view.look.text_size(FontRole::small, bar.text).x + gap;
    }
    // Bytes in queues, as the stage draws them.
    const struct {
        double fill;
        bool hole;
        const char* text;
    } cells[] = {{1, false, "can be read"}, {0.25, false, "kept or held"}, {0.1, true, "missing"}};
    for (const auto& cell : cells) {
        if (!fits(cell.text)) return;
        const Box at{{x, y - canvas.px(6.5F)}, {x + canvas.px(12), y + canvas.px(6.5F)}};
        const Ink ink = cell.hole ? Ink::loss : Ink::hue0;
        style::fill(canvas, at, canvas.px(3), canvas.ink(ink, cell.fill));
        if (cell.hole)
            style::hatch(canvas, style::inset(at, canvas.px(1)), canvas.ink(ink, 0.75), canvas.px(4),
                         canvas.px(1));
        if (cell.fill < 1)
            style::stroke(canvas, at, canvas.px(3), canvas.ink(cell.hole ? ink : Ink::hue0_line, 0.9),
                          canvas.px(1));
        style::text_left(canvas, FontRole::small, {x + canvas.px(18), y}, canvas.ink(Ink::muted), cell.text);
        x += canvas.px(35) + view.look.text_size(FontRole::small, cell.text).x;
    }
}

void draw_loop(const View& view, Canvas canvas, const TimeAxis& axis, Box box) {
    const auto& state = view.state;
    if (!state.looping() && !state.loop_mark) return;
    const TimeNs from = state.looping() ? state.loop_from : std::min(*state.loop_mark, state.t);
    const TimeNs to = state.looping() ? state.loop_to : std::max(*state.loop_mark, state.t);
    const Box span{{std::max(axis.left(), axis.x(from)), box.min.y},
                   {std::min(axis.right(), std::max(axis.x(to), axis.x(from) + 1)), box.max.y}};
    if (span.width() <= 0) return;
    style::fill(canvas, span, canvas.px(4), canvas.ink(Ink::now, 0.10));
    style::stroke(canvas, span, canvas.px(4), canvas.ink(Ink::now, 0.5), canvas.px(1));
}

void draw_playhead(const View& view, Canvas canvas, const TimeAxis& axis, const Parts& parts) {
    const float x = std::round(axis.x(view.state.t));
    if (x < axis.left() - 1 || x > axis.right() + 1) return;
    const ImU32 color = canvas.ink(Ink::now);
    const float top = parts.beats.max.y - canvas.px(2), head = canvas.px(7);
    style::fill(canvas, {{x - canvas.px(1), top}, {x + canvas.px(1), parts.ruler.min.y + canvas.px(8)}}, 0,
                color);
    canvas.list->AddTriangleFilled({x - head, top - canvas.px(2)}, {x + head, top - canvas.px(2)},
                                   {x, top + canvas.px(8)}, color);
    view.probe.push_back({"playhead", {{x - head, top}, {x + head, parts.ruler.min.y}}, true});
}

struct ZoomSpan {
    TimeNs from{0}, to{0};
};

ZoomSpan clamp_span(const player::State& state, double from, double to) {
    const double whole = static_cast<double>(state.end);
    const double length = to - from;
    if (length >= whole) return {0, 0};
    if (from < 0) from = 0, to = length;
    if (to > whole) to = whole, from = whole - length;
    return {static_cast<TimeNs>(from), static_cast<TimeNs>(to)};
}

void pan(const View& view, const TimeAxis& axis) {
    const float shift = -ImGui::GetIO().MouseDelta.x;
    if (shift == 0 || view.state.view_to <= view.state.view_from) return;
    const auto span = clamp_span(view.state, static_cast<double>(axis.t(axis.left() + shift)),
                                 static_cast<double>(axis.t(axis.right() + shift)));
    view.send(player::ZoomTimeline{span.from, span.to});
}

void zoom_by_wheel(const View& view, const TimeAxis& axis) {
    const auto& io = ImGui::GetIO();
    const float factor = std::pow(0.8F, io.MouseWheel);
    const float at = std::clamp(io.MousePos.x, axis.left(), axis.right());
    const auto span = clamp_span(view.state, static_cast<double>(axis.t(at - (at - axis.left()) * factor)),
                                 static_cast<double>(axis.t(at + (axis.right() - at) * factor)));
    constexpr TimeNs kShortest = model::kMicrosecond;
    if (span.to == 0 || span.to - span.from > kShortest) view.send(player::ZoomTimeline{span.from, span.to});
}

TimeNs time_at(const TimeAxis& axis, float x) {
    return axis.t(std::clamp(x, axis.left(), axis.right()));
}

void scrub(const View& view, const TimeAxis& axis) {
    const TimeNs t = time_at(axis, ImGui::GetIO().MousePos.x);
    if (t != view.state.t) view.send(player::Seek{t});  // a pointer that rests changes nothing
}

// Along the ruler: from where the button went down to where the pointer is. A mere click goes there instead.
void choose_span(const View& view, const TimeAxis& axis) {
    const auto& io = ImGui::GetIO();
    const float begin = io.MouseClickedPos[0].x, now = io.MousePos.x;
    if (std::abs(now - begin) < io.MouseDragThreshold) return scrub(view, axis);
    const TimeNs from = time_at(axis, std::min(begin, now)), to = time_at(axis, std::max(begin, now));
    if (from != view.state.loop_from || to != view.state.loop_to) view.send(player::SetLoop{from, to});
}

// Mouse on the whole timeline: drag scrubs, along the ruler it chooses a span to loop; the wheel zooms about the
// pointer, Shift or the middle button pans.
void handle_mouse(const View& view, const TimeAxis& axis, Box lanes, Box ruler) {
    const Press area = press(view, "timeline", lanes), strip = press(view, "timeline.ruler", ruler);
    const auto& io = ImGui::GetIO();
    const bool middle = ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0) &&
                        ImGui::IsMouseHoveringRect(lanes.min, ruler.max);
    const bool pressed = ImGui::IsMouseDown(ImGuiMouseButton_Left);  // not by Space or Enter
    if (middle || ((area.held || strip.held) && io.KeyShift)) {
        pan(view, axis);
    } else if (area.held && pressed) {
        scrub(view, axis);
    } else if (strip.held && pressed) {
        choose_span(view, axis);
    }
    if ((area.hovered || strip.hovered) && io.MouseWheel != 0) zoom_by_wheel(view, axis);
    if (strip.hovered && !strip.held) tip_at_pointer(view, "Drag: choose a span to loop.  Wheel: zoom.");
}

}  // namespace

void TimelinePanel::prepare(const player::State& state, const TimeAxis& axis, float step, float wide) {
    const MadeFor wanted{state.revision, state.clock_kind, axis.from(), axis.to(),
                         axis.left(),    axis.right(),     step};
    if (made_for_ == wanted && rows_.size() == state.lanes.size()) return;
    made_for_ = wanted;
    rows_.clear();
    const Columns columns = columns_of(state, axis, wide);
    for (std::size_t i = 0; i < state.lanes.size(); ++i)
        rows_.push_back(make_row(*state.lanes[i].story, i, axis, columns, step));
}

void TimelinePanel::draw(const View& view, Box area) {
    const PanelWindow window(view, "Timeline", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas canvas = window.canvas();
    const auto& state = view.state;
    if (state.lanes.empty()) return;
    const Parts parts = split(view, area);
    const TimeAxis axis(state, parts.left, parts.right);
    prepare(state, axis, canvas.px(7), canvas.px(2));

    const float gap = canvas.px(5);
    const float count = static_cast<float>(state.lanes.size());
    const float height = std::min(canvas.px(46), (parts.lanes.height() - gap * (count - 1)) / count);
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        const float top = parts.lanes.min.y + static_cast<float>(i) * (height + gap);
        draw_timeline_lane(view, canvas, axis, rows_[i], {{parts.left, top}, {parts.right, top + height}});
    }
    draw_loop(view, canvas, axis, parts.lanes);
    draw_ruler(view, canvas, axis, parts.ruler);
    if (parts.legend.height() > canvas.px(10)) draw_legend(view, canvas, parts.legend);
    draw_playhead(view, canvas, axis, parts);
    draw_beats(view, canvas, axis, parts.beats);
    // Last, so that marks and beats, which lie on it, are hovered first.
    handle_mouse(view, axis, {parts.lanes.min, {parts.lanes.max.x, parts.ruler.min.y}}, parts.ruler);
}

}  // namespace socketscope::panels

#include "app/panels/stage_panel.hpp"

#include <imgui.h>

#include "app/panels/prose.hpp"
#include "app/panels/reasons.hpp"
#include "app/stage/paint_imgui.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {
namespace {

constexpr std::size_t kMostLanes = 3;

stage::StageInput input_for(const View& view, Box area, bool strips,
                            const std::vector<std::shared_ptr<const stage::LanePlan>>& plans) {
    const player::State& state = view.state;
    stage::StageInput input;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        // A title that only repeats the lane's name says nothing: the stage then uses the kind's own words.
        const std::string title = state.lanes[i].title == lane_name(state, i) ? "" : state.lanes[i].title;
        input.lanes.push_back({state.lanes[i].story.get(), plans[i].get(), title, state.lanes[i].accent});
    }
    input.t = state.t;
    input.width = area.width() / view.look.scale();
    input.height = area.height() / view.look.scale();
    input.direction = stage::Direction::automatic;
    input.folded = strips;
    input.selected = std::span(&state.selected, state.selected ? 1 : 0);
    input.linked = state.linked;
    input.hovered = state.hovered;
    if (state.clock_kind == player::ClockKind::story) {
        input.story_time = [&state](model::TimeNs t) { return state.clock.to_story(t); };
    }
    input.still = !state.playing;
    input.measure = view.look.measure();
    return input;
}

// What it is and what happened; with W also why the kernel does so.
std::string words_for(const player::State& state, model::Ref ref) {
    if (ref.lane >= state.lanes.size()) return {};
    std::string out = what_it_is(state, ref);
    const auto add = [&](std::string_view more) {
        if (!more.empty()) out += (out.empty() ? "" : "\n") + std::string(more);
    };
    add(evidence_of(state, ref));
    const std::string_view reason = reason_for(state, ref);
    if (!reason.empty()) add(state.explain ? "Why: " + std::string(reason) : "W: why the kernel does so");
    return out;
}

// What is chosen is told by the inspector: a tip on it would only hide the stage.
bool is_told(const player::State& state, model::Ref ref) {
    return ref == state.selected && !state.presenter && !state.is_folded(player::Panel::inspector);
}

// Pointing lights up, a click chooses, a double click goes to the moment, a click beside everything lets go.
// Returns whether it lies in the pointer's hands.
bool point_at(const View& view, const stage::Scene& scene, Box area) {
    // A button of choose_by_keys() may hold the press; what was pressed in another panel is dragged past.
    const bool passing = ImGui::IsMouseDown(0) && !area.contains(ImGui::GetIO().MouseClickedPos[0]);
    const bool inside = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) && !passing &&
                        area.contains(ImGui::GetMousePos());
    const float scale = view.look.scale();
    const ImVec2 mouse = ImGui::GetMousePos();
    const stage::Hit* hit =
        inside ? scene.hit_at({(mouse.x - area.min.x) / scale, (mouse.y - area.min.y) / scale}) : nullptr;
    const model::Ref ref = hit ? hit->ref : model::Ref{};
    if (inside && ref != view.state.hovered) view.send(player::Hover{ref});
    if (!inside) return false;
    if (hit) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (!view.state.playing && !is_told(view.state, ref))
            tip_at_pointer(view, words_for(view.state, ref));
    }
    if (ImGui::IsMouseDoubleClicked(0) && hit) {
        view.send(player::Select{ref, true});
    } else if (ImGui::IsMouseClicked(0) && (hit || view.state.selected)) {
        view.send(player::Select{ref == view.state.selected ? model::Ref{} : ref, false});
    }
    return true;
}

// The arrow keys go from thing to thing as they lie on the stage, Enter or Space chooses. The pointer is served by
// point_at(), so the buttons are there only for the keyboard, and only while the stage has it.
void choose_by_keys(const View& view, const stage::Scene& scene, Box area) {
    if (!ImGui::IsWindowFocused()) return;
    const float scale = view.look.scale();
    for (std::size_t i = 0; i < scene.hits.size(); ++i) {
        const stage::Hit& hit = scene.hits[i];
        ImGui::SetCursorScreenPos({area.min.x + hit.at.x * scale, area.min.y + hit.at.y * scale});
        ImGui::PushID(hit.probe.empty() ? std::to_string(i).c_str() : hit.probe.c_str());
        const ImVec2 size{std::max(1.0F, hit.at.w * scale), std::max(1.0F, hit.at.h * scale)};
        for (const ImGuiCol color : {ImGuiCol_Button, ImGuiCol_ButtonHovered, ImGuiCol_ButtonActive})
            ImGui::PushStyleColor(color, 0);
        const bool pressed = ImGui::Button("##thing", size);
        ImGui::PopStyleColor(3);
        if (style::item_has_keys() && !view.state.playing) {
            const std::string words = words_for(view.state, hit.ref);
            if (!words.empty()) draw_tip(view, words);
        }
        ImGui::PopID();
        if (pressed && !ImGui::IsMouseReleased(0))
            view.send(player::Select{hit.ref == view.state.selected ? model::Ref{} : hit.ref, false});
    }
}

std::string why_nothing(const player::State& state) {
    if (!state.loading.empty()) return "Loading " + state.loading + "…";
    if (state.running) return "The run has begun…";
    if (state.stopped_early)
        return "The run was stopped before it began: nothing was recorded. R runs it again.";
    return "Nothing was recorded.";
}

// Before anything was recorded: why there is nothing to see, and a way on where there is one.
void nothing_yet(const View& view, Canvas c, Box area) {
    c.list->PushClipRect(area.min, area.max, false);
    style::fill(c, area, c.px(10), c.ink(Ink::panel));
    style::stroke(c, area, c.px(10), c.ink(Ink::line, 0.8));
    c.list->PopClipRect();
    const std::string words = why_nothing(view.state);
    const float margin = c.px(24),
                widest = std::max(c.px(80), std::min(area.width() - 2 * margin, c.px(560)));
    const float width = std::min(widest, view.look.text_size(FontRole::body, words).x + 1);
    const ImVec2 middle = area.center();
    const float height = draw_wrapped(view, FontRole::body, words,
                                      {middle.x - width / 2, middle.y - c.px(24)}, width, c.ink(Ink::text));
    if (!view.state.stopped_early || view.state.running) return;
    const float top = middle.y - c.px(12) + height, half = c.px(56);
    if (text_button(view, "stage.run_again", "Run again",
                    {{middle.x - half, top}, {middle.x + half, top + c.px(32)}}, true))
        view.send(player::RunAgain{});
}

}  // namespace

void plan_stage(player::Recording& recording) {
    for (std::size_t i = 0; i < recording.lanes.size() && i < kMostLanes; ++i)
        recording.lanes[i].plan = std::make_shared<const stage::LanePlan>(*recording.lanes[i].story);
}

void StagePanel::prepare(const player::State& state) {
    const std::size_t shown = std::min(state.lanes.size(), kMostLanes);
    if (revision_ == state.revision && plans_.size() == shown) return;
    plans_.clear();
    for (std::size_t i = 0; i < shown; ++i) {
        const player::Lane& lane = state.lanes[i];
        plans_.push_back(lane.plan ? lane.plan : std::make_shared<const stage::LanePlan>(*lane.story));
    }
    revision_ = state.revision;
}

std::size_t StagePanel::draw(const View& view, Box area, bool strips) {
    prepare(view.state);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0F);
    const PanelWindow window(
        view, "Stage", area,
        ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    if (view.state.lanes.empty()) {
        nothing_yet(view, window.canvas(), area);
        return 0;
    }
    const stage::Scene scene = stage::layout(input_for(view, area, strips, plans_));
    // The shadows and frames of the lanes reach to the very edge.
    window.canvas().list->PushClipRect({area.min.x - view.look.px(8), area.min.y - view.look.px(8)},
                                       {area.max.x + view.look.px(8), area.max.y + view.look.px(8)}, false);
    stage::paint(window.canvas(), scene, area.min);
    window.canvas().list->PopClipRect();
    const float scale = view.look.scale();
    for (const stage::Hit& hit : scene.hits) {
        if (hit.probe.empty()) continue;
        view.probe.push_back({hit.probe,
                              {{area.min.x + hit.at.x * scale, area.min.y + hit.at.y * scale},
                               {area.min.x + hit.at.right() * scale, area.min.y + hit.at.bottom() * scale}},
                              true});
    }
    choose_by_keys(view, scene, area);
    const bool pointing = point_at(view, scene, area);
    if (pointed_ && !pointing && view.state.hovered) view.send(player::Hover{});
    pointed_ = pointing;
    return scene.shapes.size();
}

}  // namespace socketscope::panels

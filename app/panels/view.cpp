#include "app/panels/view.hpp"

#include <imgui.h>

#include <algorithm>

#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {

PanelWindow::PanelWindow(const View& view, const char* name, Box area, int extra_flags)
    : canvas_{nullptr, &view.look} {
    constexpr ImGuiWindowFlags kPlain = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                        ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                        ImGuiWindowFlags_NoFocusOnAppearing;
    ImGui::SetNextWindowPos(area.min);
    ImGui::SetNextWindowSize({area.width(), area.height()});
    if (view.take_keys) ImGui::SetNextWindowFocus();
    ImGui::Begin(name, nullptr, kPlain | extra_flags);
    if (view.take_keys) style::start_keys_here();
    canvas_.list = ImGui::GetWindowDrawList();
}

PanelWindow::~PanelWindow() {
    ImGui::End();
}

// Only what can be seen can be pointed at: the part that scrolling has not hidden.
void note_item(const View& view, std::string_view id, Box box, bool enabled) {
    const ImVec2 min = ImGui::GetWindowDrawList()->GetClipRectMin();
    const ImVec2 max = ImGui::GetWindowDrawList()->GetClipRectMax();
    const Box seen{{std::max(box.min.x, min.x), std::max(box.min.y, min.y)},
                   {std::min(box.max.x, max.x), std::min(box.max.y, max.y)}};
    if (seen.width() >= 1 && seen.height() >= 1) view.probe.push_back({std::string(id), seen, enabled});
}

void draw_tip(const View& view, std::string_view words) {
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(view.look.px(380));
    ImGui::TextUnformatted(words.data(), words.data() + words.size());
    ImGui::PopTextWrapPos();
    const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    view.probe.push_back({"tip", {at, {at.x + size.x, at.y + size.y}}, true});
    ImGui::EndTooltip();
}

void tip_at_pointer(const View& view, std::string_view words) {
    if (view.tips && !words.empty()) draw_tip(view, words);
}

Press press(const View& view, std::string_view id, Box box, bool enabled) {
    note_item(view, id, box, enabled);
    ImGui::SetCursorScreenPos(box.min);
    const std::string label = "##" + std::string(id);
    if (!enabled) {
        ImGui::Dummy({box.width(), box.height()});
        return {};
    }
    for (const ImGuiCol color : {ImGuiCol_Button, ImGuiCol_ButtonHovered, ImGuiCol_ButtonActive})
        ImGui::PushStyleColor(color, 0);
    const bool clicked = ImGui::Button(label.c_str(), {box.width(), box.height()});
    ImGui::PopStyleColor(3);
    return {clicked, ImGui::IsItemHovered(), ImGui::IsItemActive()};
}

bool icon_button(const View& view, std::string_view id, style::Icon icon, ImVec2 center, float radius,
                 bool strong, bool on, const char* tooltip) {
    const style::Canvas canvas{ImGui::GetWindowDrawList(), &view.look};
    const Press state =
        press(view, id, {{center.x - radius, center.y - radius}, {center.x + radius, center.y + radius}});
    const Ink base = strong ? Ink::lane0_fill : Ink::card_raised;
    if (strong)
        style::shadow(canvas,
                      {{center.x - radius, center.y - radius}, {center.x + radius, center.y + radius}},
                      radius, canvas.px(10), {0, canvas.px(2)});
    const double lift = state.held ? 0.30 : state.hovered ? 0.16 : on ? 0.22 : 0;
    canvas.list->AddCircleFilled(center, radius,
                                 view.look.mixed(base, strong ? Ink::white : Ink::lane0, lift), 48);
    if (on)
        canvas.list->AddCircle(center, radius - canvas.px(0.5F), view.look.ink(Ink::lane0), 48,
                               canvas.px(1.4F));
    style::icon(canvas, icon, center, radius * 0.5F,
                strong ? view.look.on(Ink::lane0_fill) : view.look.ink(Ink::text));
    if (tooltip && state.hovered) tip_at_pointer(view, tooltip);
    return state.clicked;
}

bool text_button(const View& view, std::string_view id, std::string_view label, Box box, bool strong,
                 bool enabled) {
    const style::Canvas canvas{ImGui::GetWindowDrawList(), &view.look};
    const Press state = press(view, id, box, enabled);
    const Ink base = strong ? Ink::lane0_fill : Ink::card_raised;
    const double lift = state.held ? 0.30 : state.hovered ? 0.16 : 0;
    style::fill(canvas, box, canvas.px(7),
                view.look.mixed(base, strong ? Ink::white : Ink::lane0, lift, enabled ? 1 : 0.5));
    const ImU32 color = !enabled ? view.look.ink(Ink::faint)
                        : strong ? view.look.on(Ink::lane0_fill)
                                 : view.look.ink(Ink::text);
    style::text_center(canvas, strong ? style::FontRole::strong : style::FontRole::body, box.center(), color,
                       label);
    return state.clicked;
}

}  // namespace socketscope::panels

#include "app/panels/open_field.hpp"

#include <imgui.h>

#include <array>
#include <cstring>

#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {

namespace {

constexpr std::size_t kLongestPath = 4096;  // PATH_MAX of Linux
constexpr const char* kLabel = "##path of a file";

// Returns whether Enter was pressed.
bool draw_text(const View& view, Box box, bool take_text) {
    std::array<char, kLongestPath> text{};
    std::strncpy(text.data(), view.state.path.c_str(), text.size() - 1);
    ImGui::SetCursorScreenPos(box.min);
    ImGui::SetNextItemWidth(box.width());
    if (take_text) style::type_into(kLabel);
    style::push_font(view.look.font(FontRole::mono));
    const float above = (box.height() - ImGui::GetFontSize()) / 2;  // the frame is as high as the box
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(view.look.px(10), above));
    const bool entered = ImGui::InputTextWithHint(
        kLabel, "path of a lesson, a script or a recording", text.data(), text.size(),
        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    ImGui::PopStyleVar();
    style::pop_font();
    if (text.data() != view.state.path) view.send(player::TypePath{text.data()});
    view.probe.push_back({"open.path", box, true});
    return entered;
}

}  // namespace

void draw_open_field(const View& view, Box area, bool take_text) {
    const PanelWindow window(view, "Open a file", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas c = window.canvas();
    const float y = area.center().y, half = c.px(15);
    style::text_left(c, FontRole::strong, {area.min.x + c.px(16), y}, c.ink(Ink::text), "Open");
    const float words = view.look.text_size(FontRole::strong, "Open").x;
    const float close = area.max.x - c.px(24);
    const Box button{{close - c.px(20 + 84), y - half}, {close - c.px(20), y + half}};
    const Box field{{area.min.x + c.px(28) + words, y - half}, {button.min.x - c.px(8), y + half}};
    const bool entered = draw_text(view, field, take_text);
    const bool pressed = text_button(view, "open.go", "Open", button, true, !view.state.path.empty());
    const bool closed = icon_button(view, "open.close", style::Icon::close, {close, y}, c.px(12), false,
                                    false, "Close (Esc)");
    if ((entered || pressed) && !view.state.path.empty()) {
        view.send(player::AskForFile{false});
        view.send(player::OpenFile{view.state.path, true});
    } else if (entered || closed) {
        view.send(player::AskForFile{false});
    }
}

}  // namespace socketscope::panels

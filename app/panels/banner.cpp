#include "app/panels/banner.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/prose.hpp"

namespace socketscope::panels {
namespace {

bool is_problem(const player::State& state) {
    return !state.message.empty();
}

ImU32 ground_of(const View& view) {
    return view.look.mixed(Ink::panel, is_problem(view.state) ? Ink::loss : Ink::good, 0.12);
}

// The sign at the left, the buttons at the right. Returns where the text must end.
float draw_frame_of_message(const View& view, Canvas c, Box area, float row) {
    const ImVec2 sign{area.min.x + c.px(22), row};
    if (is_problem(view.state)) {
        style::cross(c, sign, c.px(5), c.ink(Ink::loss), c.px(2.6F));
    } else {
        style::check(c, sign, c.px(6), c.ink(Ink::good), c.px(2.4F));
    }
    float right = area.max.x - c.px(24);
    if (icon_button(view, "message.close", style::Icon::close, {right, row}, c.px(12), false, false,
                    "Close (Esc)"))
        view.send(player::Dismiss{});
    right -= c.px(22);
    if (is_problem(view.state) || view.state.notice.path.empty()) return right;
    const Box box{{right - c.px(116), row - c.px(13)}, {right, row + c.px(13)}};
    if (text_button(view, "message.copy", "Copy the path", box))
        view.send(player::CopyText{view.state.notice.path});
    return box.min.x - c.px(8);
}

}  // namespace

void draw_message(const View& view, Box area) {
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ground_of(view));
    const PanelWindow window(view, "Message", area, ImGuiWindowFlags_NoScrollbar);
    ImGui::PopStyleColor();
    const Canvas c = window.canvas();
    const float row = area.min.y + std::min(c.px(20), area.height() / 2), x = area.min.x + c.px(40);
    const float right = draw_frame_of_message(view, c, area, row);
    const std::string& text = player::message_of(view.state);
    const std::size_t first = std::min(text.find('\n'), text.size());
    float y = row - c.px(10);
    y += draw_wrapped(view, FontRole::body, std::string_view(text).substr(0, first), {x, y}, right - x,
                      c.ink(Ink::text));
    std::string_view code = std::string_view(text).substr(std::min(first + 1, text.size()));
    while (!code.empty()) {
        const std::size_t end = std::min(code.find('\n'), code.size());
        y += c.px(20);
        style::text_left(c, FontRole::mono_small, {x, y - c.px(6)}, c.ink(Ink::text), code.substr(0, end));
        code.remove_prefix(std::min(end + 1, code.size()));
    }
}

void write_message(const View& view, Canvas c, Box area) {
    style::fill(c, area, c.px(9), ground_of(view));
    style::stroke(c, area, c.px(9), c.ink(Ink::line));
    const float row = area.center().y, x = area.min.x + c.px(40);
    const float right = draw_frame_of_message(view, c, area, row);
    style::text_fit(c, FontRole::body, {x, row}, right - x, c.ink(Ink::text), player::message_of(view.state));
}

}  // namespace socketscope::panels

#include "app/panels/inspector.hpp"

#include <imgui.h>

#include "app/panels/facts.hpp"
#include "app/panels/hex_view.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {

namespace {

using style::Box;
using style::Canvas;
using style::FontRole;
using style::Ink;

void text_line(const View& view, FontRole role, Ink ink, const std::string& text) {
    style::push_font(view.look.font(role));
    ImGui::PushStyleColor(ImGuiCol_Text, view.look.ink(ink));
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    style::pop_font();
}

// Name and value in two columns; long values wrap.
void draw_facts(const View& view, const std::vector<Fact>& facts) {
    if (facts.empty() ||
        !ImGui::BeginTable("facts", 2, ImGuiTableFlags_NoPadOuterX | ImGuiTableFlags_SizingStretchProp))
        return;
    ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthFixed, view.look.px(92));
    ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
    for (const auto& fact : facts) {
        ImGui::TableNextRow();
        ImGui::TableSetColumnIndex(0);
        text_line(view, FontRole::small, Ink::muted, fact.name);
        ImGui::TableSetColumnIndex(1);
        text_line(view, fact.code ? FontRole::mono_small : FontRole::small, fact.bad ? Ink::loss : Ink::text,
                  fact.value);
    }
    ImGui::EndTable();
}

void draw_evidence(const View& view, const Sheet& sheet) {
    if (sheet.why.empty()) return;
    ImGui::Dummy({0, view.look.px(2)});
    text_line(view, FontRole::small, Ink::muted, sheet.why);
}

void draw_hint(const View& view, Canvas canvas, Box area) {
    style::text_left(canvas, FontRole::strong, {area.min.x + canvas.px(14), area.min.y + canvas.px(19)},
                     canvas.ink(Ink::text), "Inspector");
    ImGui::SetCursorScreenPos({area.min.x + canvas.px(14), area.min.y + canvas.px(38)});
    ImGui::BeginChild("hint", {area.width() - canvas.px(28), area.height() - canvas.px(44)});
    text_line(view, FontRole::small, Ink::muted,
              "Choose a message, a packet, a call or a byte: on the stage, the timeline or in the list. "
              "Everything it is part of lights up, and here stands what is known of it, and how.");
    ImGui::EndChild();
}

}  // namespace

void draw_inspector(const View& view, Box area) {
    const PanelWindow window(view, "Inspector", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas canvas = window.canvas();
    const auto sheet = sheet_of(view.state, view.state.selected);
    if (!sheet) return draw_hint(view, canvas, area);
    const float close = canvas.px(11);
    if (icon_button(view, "inspector.close", style::Icon::close,
                    {area.max.x - canvas.px(20), area.min.y + canvas.px(19)}, close, false, false,
                    "Close (Esc)"))
        view.send(player::Select{});
    style::fill(canvas,
                {{area.min.x + canvas.px(14), area.min.y + canvas.px(11)},
                 {area.min.x + canvas.px(18), area.min.y + canvas.px(27)}},
                canvas.px(2), canvas.ink(style::lane_ink(view.state.selected.lane)));
    style::text_fit(canvas, FontRole::strong, {area.min.x + canvas.px(26), area.min.y + canvas.px(19)},
                    area.width() - canvas.px(64), canvas.ink(Ink::text), sheet->title);
    ImGui::SetCursorScreenPos({area.min.x + canvas.px(14), area.min.y + canvas.px(36)});
    ImGui::BeginChild("sheet", {area.width() - canvas.px(20), area.height() - canvas.px(42)});
    draw_facts(view, sheet->facts);
    draw_evidence(view, *sheet);
    if (!sheet->bytes.empty()) {
        ImGui::Dummy({0, canvas.px(4)});
        draw_hex(view, sheet->bytes, sheet->marks);
    }
    ImGui::EndChild();
}

}  // namespace socketscope::panels

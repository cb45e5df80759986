#include "app/style/look.hpp"

#include "app/style/imgui_bridge.hpp"

namespace socketscope::style {

Look::Look(ThemeName theme, float scale, Distance distance)
    : theme_(theme),
      scale_(scale),
      distance_(distance),
      fonts_(build_fonts(scale, theme == ThemeName::light, distance)) {
    set_imgui_style();
}

ImVec2 Look::text_size(FontRole role, std::string_view text) const {
    return style::text_size(font(role), text);
}

TextMeasure Look::measure() const {
    return [this](FontRole role, std::string_view text) {
        const ImVec2 size = text_size(role, text);
        return Extent{size.x / scale_, size.y / scale_};
    };
}

void Look::set_imgui_style() const {
    ImGuiStyle style;
    if (dark()) {
        ImGui::StyleColorsDark(&style);
    } else {
        ImGui::StyleColorsLight(&style);
    }
    style.WindowRounding = 12;
    style.ChildRounding = 8;
    style.FrameRounding = 7;
    style.PopupRounding = 8;
    style.ScrollbarRounding = 8;
    style.GrabRounding = 6;
    style.TabRounding = 7;
    style.WindowPadding = {14, 12};
    style.FramePadding = {11, 6};
    style.ItemSpacing = {8, 7};
    style.CellPadding = {7, 4};
    style.ScrollbarSize = 11;
    style.ScaleAllSizes(scale_);
    style.WindowBorderSize = 1;
    style.FrameBorderSize = 0;
    style.CurveTessellationTol = 0.6F;
    style.CircleTessellationMaxError = 0.25F;
    const auto set = [&](int index, ImU32 value) {
        style.Colors[index] = ImGui::ColorConvertU32ToFloat4(value);
    };
    set(ImGuiCol_Text, ink(Ink::text));
    set(ImGuiCol_TextDisabled, ink(Ink::faint));
    set(ImGuiCol_WindowBg, ink(Ink::panel));
    set(ImGuiCol_ChildBg, 0);
    set(ImGuiCol_PopupBg, ink(Ink::card));
    set(ImGuiCol_Border, ink(Ink::line, 0.8));
    set(ImGuiCol_FrameBg, ink(Ink::card_raised));
    set(ImGuiCol_FrameBgHovered, mixed(Ink::card_raised, Ink::lane0, 0.15));
    set(ImGuiCol_FrameBgActive, mixed(Ink::card_raised, Ink::lane0, 0.25));
    set(ImGuiCol_Button, ink(Ink::card_raised));
    set(ImGuiCol_ButtonHovered, mixed(Ink::card_raised, Ink::lane0, 0.22));
    set(ImGuiCol_ButtonActive, mixed(Ink::card_raised, Ink::lane0, 0.38));
    set(ImGuiCol_Header, mixed(Ink::card, Ink::lane0, 0.18));
    set(ImGuiCol_HeaderHovered, mixed(Ink::card, Ink::lane0, 0.28));
    set(ImGuiCol_HeaderActive, mixed(Ink::card, Ink::lane0, 0.36));
    set(ImGuiCol_Separator, ink(Ink::line));
    set(ImGuiCol_ScrollbarBg, 0);
    set(ImGuiCol_ScrollbarGrab, mixed(Ink::card_raised, Ink::muted, 0.25));
    set(ImGuiCol_ScrollbarGrabHovered, mixed(Ink::card_raised, Ink::muted, 0.45));
    set(ImGuiCol_ScrollbarGrabActive, ink(Ink::muted));
    set(ImGuiCol_TextSelectedBg, ink(Ink::lane0, 0.35));
    set(ImGuiCol_NavHighlight, ink(Ink::now));
    ImGui::GetStyle() = style;
}

}  // namespace socketscope::style

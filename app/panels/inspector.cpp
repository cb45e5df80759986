#include "app/panels/inspector.hpp"

#include <imgui.h>

#include <algorithm>

#include "app/panels/facts.hpp"
#include "app/panels/hex_view.hpp"
#include "app/panels/prose.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {

namespace {

void text_line(const View& view, FontRole role, Ink ink, const std::string& text) {
    style::push_font(view.look.font(role));
    ImGui::PushStyleColor(ImGuiCol_Text, view.look.ink(ink));
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    style::pop_font();
}

// Sentences break between words only: ImGui would break "RFC 9293 §3.8.1" behind a dot.
void paragraph(const View& view, Ink ink, const std::string& text) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = draw_wrapped(view, FontRole::small, text, at, width, view.look.ink(ink));
    ImGui::Dummy({width, height});
}

// Name and value in two columns; long values wrap.
void draw_facts(const View& view, const char* name, const std::vector<Fact>& facts) {
    if (facts.empty() ||
        !ImGui::BeginTable(name, 2, ImGuiTableFlags_NoPadOuterX | ImGuiTableFlags_SizingStretchProp))
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

void draw_evidence(const View& view, Canvas canvas, const Sheet& sheet) {
    if (!sheet.why.empty()) {
        ImGui::Dummy({0, view.look.px(2)});
        paragraph(view, Ink::muted, sheet.why);
    }
    if (sheet.reason.empty()) return;
    ImGui::Dummy({0, view.look.px(2)});
    if (view.state.explain) {
        paragraph(view, Ink::text, "Why: " + sheet.reason);
        return;
    }
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = std::min(canvas.px(190), ImGui::GetContentRegionAvail().x);
    const Box box{at, {at.x + width, at.y + canvas.px(24)}};
    if (text_button(view, "inspector.why", "Why the kernel does so  (W)", box))
        view.send(player::ToggleWhy{});
    ImGui::SetCursorScreenPos({at.x, box.max.y});
}

const char* word_of(model::RefKind kind) {
    switch (kind) {
        case model::RefKind::call:
            return "call";
        case model::RefKind::packet:
            return "packet";
        case model::RefKind::message:
        case model::RefKind::byte:
            return "message";
        case model::RefKind::socket:
            return "socket";
        case model::RefKind::endpoint:
            return "program";
        case model::RefKind::note:
            return "note";
        case model::RefKind::none:
            break;
    }
    return "";
}

// What it follows from and what follows from it: the recorded things that light up with it. A click goes there.
void draw_kin(const View& view, Canvas canvas) {
    constexpr std::size_t kMost = 40;  // a list to read
    std::size_t shown = 0;
    for (const model::Ref& ref : view.state.linked) {
        if (ref == view.state.selected) continue;
        if (shown == 0) {
            ImGui::Dummy({0, view.look.px(4)});
            text_line(view, FontRole::caps, Ink::muted, "BELONGS WITH");
        }
        if (++shown > kMost) break;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float height = canvas.px(22), width = ImGui::GetContentRegionAvail().x - canvas.px(4);
        const Box box{at, {at.x + width, at.y + height}};
        const Press state = press(view, "kin." + std::to_string(shown), box);
        const Canvas c{ImGui::GetWindowDrawList(), canvas.look};
        if (state.hovered) style::fill(c, box, c.px(4), c.ink(Ink::lane0, 0.12));
        style::text_left(c, FontRole::small, {at.x + c.px(2), box.center().y}, c.ink(Ink::muted),
                         word_of(ref.kind));
        style::text_fit(c, FontRole::small, {at.x + c.px(60), box.center().y}, width - c.px(64),
                        c.ink(Ink::text), name_of(view.state, ref));
        ImGui::SetCursorScreenPos({at.x, at.y + height});
        if (state.clicked) view.send(player::Select{ref, true});
    }
    if (shown > kMost)
        text_line(view, FontRole::small, Ink::muted,
                  "and " + std::to_string(view.state.linked.size() - kMost) + " more");
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
    style::begin_part("sheet", {area.width() - canvas.px(20), area.height() - canvas.px(42)});
    draw_facts(view, "facts", sheet->facts);
    draw_evidence(view, canvas, *sheet);
    draw_kin(view, canvas);
    if (!sheet->details.empty()) {
        ImGui::Dummy({0, view.look.px(4)});
        text_line(view, FontRole::caps, Ink::muted,
                  view.state.selected.kind == model::RefKind::packet ? "HEADERS" : "STATES");
        draw_facts(view, "details", sheet->details);
    }
    if (!sheet->bytes.empty()) {
        ImGui::Dummy({0, canvas.px(4)});
        draw_hex(view, sheet->bytes, sheet->marks);
    }
    ImGui::EndChild();
}

}  // namespace socketscope::panels

#include "app/panels/event_list.hpp"

#include <imgui.h>

#include <algorithm>
#include <cstring>

#include "app/panels/event_sign.hpp"
#include "app/panels/event_words.hpp"
#include "app/player/event_filter.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {

namespace {

// Logical pixels: ImGui's clipper needs it told where a million rows are listed.
constexpr float kRowHeight = 23;

void draw_filter(const View& view, Canvas canvas, Box area, bool focus) {
    const float width = canvas.px(150), height = canvas.px(24);
    const Box box{{area.max.x - canvas.px(12) - width, area.min.y + canvas.px(7)},
                  {area.max.x - canvas.px(12), area.min.y + canvas.px(7) + height}};
    char text[128];
    std::strncpy(text, view.state.filter.c_str(), sizeof text - 1);
    text[sizeof text - 1] = 0;
    ImGui::SetCursorScreenPos(box.min);
    ImGui::SetNextItemWidth(width);
    if (focus) style::type_into("##filter");
    style::push_font(view.look.font(FontRole::small));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(canvas.px(24), canvas.px(4)));
    if (ImGui::InputTextWithHint("##filter", "filter  /", text, sizeof text))
        view.send(player::SetFilter{text});
    ImGui::PopStyleVar();
    style::pop_font();
    style::icon(canvas, style::Icon::search, {box.min.x + canvas.px(12), box.center().y}, canvas.px(5),
                canvas.ink(Ink::muted));
    view.probe.push_back({"events.filter", box, true});
}

void draw_row(const View& view, Canvas canvas, std::size_t index, Box row, bool current) {
    const auto& state = view.state;
    const player::EventPlace place = state.events[index];
    const auto& story = *state.lanes[place.lane].story;
    const auto& event = story.events()[place.index];
    model::Ref ref = story.ref(event);
    ref.lane = place.lane;
    const Press pressed = press(view, "event." + std::to_string(index), row);
    const bool lit = player::is_lit(state, ref);
    if (current)
        style::fill(canvas, row, canvas.px(4), canvas.ink(Ink::now_fill, view.look.dark() ? 0.20 : 0.75));
    if (lit)
        style::stroke(canvas, style::inset(row, canvas.px(1)), canvas.px(4), canvas.ink(Ink::now),
                      canvas.px(1.5F));
    if (pressed.hovered) style::fill(canvas, row, canvas.px(4), canvas.ink(Ink::lane0, 0.12));

    const bool past = place.at <= state.t;
    const float y = row.center().y, x = row.min.x;
    const EventSign sign = sign_of(event.kind, place.lane);
    style::text_right(canvas, FontRole::mono_small, {x + canvas.px(50), y},
                      canvas.ink(past ? Ink::muted : Ink::faint), model::format_ms(place.at, 2));
    style::mark(canvas, sign.mark, {x + canvas.px(63), y}, canvas.px(4.2F),
                canvas.ink(sign.ink, past ? 1 : 0.45));
    style::fill(
        canvas,
        {{x + canvas.px(73), row.min.y + canvas.px(5)}, {x + canvas.px(76), row.max.y - canvas.px(5)}},
        canvas.px(1.5F), canvas.ink(style::lane_ink(place.lane), past ? 1 : 0.45));
    const auto& endpoints = story.trace().endpoints;
    const bool of_program = ref.kind == model::RefKind::call || ref.kind == model::RefKind::note;
    const std::string who =
        of_program && event.endpoint < endpoints.size() ? endpoints[event.endpoint].name + "  " : "";
    const float room = row.max.x - x - canvas.px(88);
    style::text_fit(canvas, FontRole::small, {x + canvas.px(84), y}, room,
                    canvas.ink(past ? Ink::text : Ink::faint),
                    event_words(story, event, who, view.look, room));
    if (pressed.clicked) view.send(player::Select{ref, true, place.at});
}

// Keeps the row under the playhead in sight while time moves; a person who scrolls is left alone until it moves again.
void follow(const View& view, std::size_t current_row, float row_height, float visible) {
    static constexpr const char* kLastTime = "last time";
    ImGuiStorage* storage = ImGui::GetStateStorage();
    // A list that has become lower (the inspector has opened below it) must show the row again, too.
    const int now = static_cast<int>(view.state.t / 1000) * 31 + static_cast<int>(visible);
    if (storage->GetInt(ImGui::GetID(kLastTime), -1) == now) return;
    storage->SetInt(ImGui::GetID(kLastTime), now);
    const float y = static_cast<float>(current_row) * row_height;
    if (y < ImGui::GetScrollY() || y + row_height * 2 > ImGui::GetScrollY() + visible)
        ImGui::SetScrollY(std::max(0.0F, y - visible * 0.4F));
}

// The row that has the keyboard is drawn wherever the list was scrolled to, with its neighbours: only what is drawn can
// be pressed by Enter, and left by an arrow key.
constexpr const char* kRowOfKeys = "row of keys";

void note_row_of_keys(int row) {
    ImGui::GetStateStorage()->SetInt(ImGui::GetID(kRowOfKeys), row);
}

void include_row_of_keys(ImGuiListClipper& clipper, int rows) {
    const int row = ImGui::GetStateStorage()->GetInt(ImGui::GetID(kRowOfKeys), -1);
    if (row < 0 || row >= rows) return;
    style::clip_around(clipper, std::max(0, row - 1), std::min(rows, row + 2));
}

}  // namespace

void draw_event_list(const View& view, Box area, bool focus_filter) {
    const PanelWindow window(view, "Events", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas canvas = window.canvas();
    style::text_left(canvas, FontRole::strong, {area.min.x + canvas.px(14), area.min.y + canvas.px(19)},
                     canvas.ink(Ink::text), "Events");
    draw_filter(view, canvas, area, focus_filter);
    const float top = area.min.y + canvas.px(38), row_height = canvas.px(kRowHeight);
    if (area.max.y - top < row_height) return;
    ImGui::SetCursorScreenPos({area.min.x + canvas.px(8), top});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    style::begin_part("list", {area.width() - canvas.px(15), area.max.y - top - canvas.px(8)});
    const Canvas list{ImGui::GetWindowDrawList(), &view.look};
    const std::size_t rows = player::row_count(view.state);
    const std::size_t current = player::event_at(view.state, view.state.t);
    const std::size_t current_row = player::row_of_event(view.state, current);
    follow(view, current_row == SIZE_MAX ? 0 : current_row, row_height, ImGui::GetWindowHeight());
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows), row_height);
    include_row_of_keys(clipper, static_cast<int>(rows));
    const float left = ImGui::GetCursorScreenPos().x, right = left + ImGui::GetContentRegionAvail().x;
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const float y = ImGui::GetCursorScreenPos().y;
            draw_row(view, list, player::event_of_row(view.state, static_cast<std::size_t>(i)),
                     {{left, y}, {right, y + row_height}}, static_cast<std::size_t>(i) == current_row);
            if (ImGui::IsItemFocused()) note_row_of_keys(i);
            ImGui::SetCursorScreenPos({left, y + row_height});
        }
    if (rows == 0)
        style::text_left(list, FontRole::small, {left + canvas.px(8), top + canvas.px(14)},
                         canvas.ink(Ink::muted),
                         view.state.filter.empty()       ? "Nothing has happened yet."
                         : player::filtering(view.state) ? "Looking…"
                                                         : "No event matches the filter.");
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

}  // namespace socketscope::panels

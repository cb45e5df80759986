#include "app/panels/help.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/prose.hpp"
#include "app/panels/steps.hpp"
#include "app/player/shortcuts.hpp"
#include "app/stage/paint_imgui.hpp"
#include "app/stage/signs.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {
namespace {

// A row of the table with its further chords: "K", "P" → "K P".
struct HelpRow {
    std::vector<std::string_view> keys;
    std::string_view does, group;
};
std::vector<HelpRow> help_rows() {
    std::vector<HelpRow> out;
    for (const player::Shortcut& row : player::shortcuts()) {
        if (row.does.empty() && !out.empty()) {
            out.back().keys.push_back(row.keys);
        } else {
            out.push_back({{row.keys}, row.does, row.group});
        }
    }
    return out;
}

float key_caps(const View& view, Canvas c, const std::vector<std::string_view>& keys, ImVec2 left_middle) {
    float x = left_middle.x;
    for (const std::string_view key : keys) {
        const float width = std::max(c.px(24), view.look.text_size(FontRole::mono_small, key).x + c.px(12));
        const Box box{{x, left_middle.y - c.px(10)}, {x + width, left_middle.y + c.px(10)}};
        style::fill(c, box, c.px(5), c.ink(Ink::card_raised));
        style::stroke(c, box, c.px(5), c.ink(Ink::line));
        style::text_center(c, FontRole::mono_small, box.center(), c.ink(Ink::text), key);
        x += width + c.px(4);
    }
    return x;
}

// What the sockets of all lanes hold at this moment, sent or received.
std::uint64_t queued_bytes(const player::State& state) {
    std::uint64_t bytes = 0;
    for (const player::Lane& lane : state.lanes) {
        const story::Story& story = *lane.story;
        const model::TimeNs now = story.begin_ns() + state.t;
        for (std::uint32_t i = 0; i < story.sockets().size(); ++i)
            if (story.open_at(i, now))
                bytes += story.send_queue_at(i, now).bytes + story.receive_queue_at(i, now).bytes;
    }
    return bytes;
}

constexpr float kRow = 26, kHead = 36, kColumn = 380, kSigns = 340, kTop = 54, kFoot = 40;

// Where each row of the keys stands, in logical pixels from the top of the columns.
struct Layout {
    struct Item {
        std::size_t column;
        float y;
        bool head;  // its group begins here: a heading above it
    };
    std::vector<Item> items;
    float height{0};
};

Layout lay_out(const std::vector<HelpRow>& rows, bool two) {
    Layout out;
    std::size_t groups = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        groups += i == 0 || rows[i].group != rows[i - 1].group ? 1U : 0U;
    const float all = kRow * static_cast<float>(rows.size()) + kHead * static_cast<float>(groups);
    std::size_t column = 0;
    float y = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool head = i == 0 || rows[i].group != rows[i - 1].group;
        if (two && head && column == 0 && y > all * 0.3F) {
            column = 1;
            y = 0;
        }
        if (head) y += kHead;
        out.items.push_back({column, y, head});
        y += kRow;
        out.height = std::max(out.height, y);
    }
    return out;
}

void list_of_keys(const View& view, Canvas c, ImVec2 at, const std::vector<HelpRow>& rows,
                  const Layout& layout) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Layout::Item& item = layout.items[i];
        const float x = at.x + c.px(kColumn) * static_cast<float>(item.column);
        const float middle = at.y + c.px(item.y + kRow / 2);
        if (item.head) {
            style::text_left(c, FontRole::caps, {x, at.y + c.px(item.y - 12)}, c.ink(Ink::lane0),
                             rows[i].group);
        }
        key_caps(view, c, rows[i].keys, {x, middle});
        style::text_fit(c, FontRole::body, {x + c.px(112), middle}, c.px(kColumn - 130), c.ink(Ink::text),
                        rows[i].does);
    }
}

// What the stage's signs mean, each beside its picture.
void list_of_signs(const View& view, Canvas c, ImVec2 at) {
    style::text_left(c, FontRole::caps, {at.x, at.y + c.px(kHead - 12)}, c.ink(Ink::lane0), "On the stage");
    float y = at.y + c.px(kHead);
    for (const stage::Sign& sign : stage::signs(view.look.measure())) {
        stage::paint(c, sign.picture, {at.x, y});
        const float x = at.x + c.px(stage::kSignWidth + 12), width = c.px(kSigns - stage::kSignWidth - 36);
        const bool two_lines = view.look.text_size(FontRole::small, sign.means).x > width;
        draw_wrapped(view, FontRole::small, sign.means, {x, y + c.px(two_lines ? 1 : 9)}, width,
                     c.ink(Ink::text));
        y += c.px(stage::kSignHeight + 5);
    }
}

}  // namespace

void draw_help(const View& view, Box area, std::string_view version) {
    const auto rows = help_rows();
    const style::Look& look = view.look;
    const bool two = area.width() >= look.px(2 * kColumn + 60),
               signs = area.width() >= look.px(2 * kColumn + kSigns + 60);
    const Layout layout = lay_out(rows, two);
    const float keys = look.px((two ? 2 * kColumn : kColumn) + 40);
    const float width = std::min(area.width() - look.px(32), keys + (signs ? look.px(kSigns) : 0));
    const float height = std::min(area.height() - look.px(32), look.px(layout.height + kTop + kFoot + 12));
    const ImVec2 center = area.center();
    const Box box{{std::round(center.x - width / 2), std::round(center.y - height / 2)},
                  {std::round(center.x + width / 2), std::round(center.y + height / 2)}};
    // A window of its own kind: it lies on top of the panels, covers them, and a click beside the card closes it.
    ImGui::SetNextWindowPos(area.min);
    ImGui::SetNextWindowSize({area.width(), area.height()});
    ImGui::SetNextWindowFocus();
    ImGui::PushStyleColor(ImGuiCol_WindowBg, look.ink(Ink::background, 0.75));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0F);
    ImGui::Begin("Keys", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    const Canvas c{ImGui::GetWindowDrawList(), &look};
    style::shadow(c, box, c.px(12), c.px(30), {0, c.px(6)});
    style::fill(c, box, c.px(12), c.ink(Ink::panel));
    style::stroke(c, box, c.px(12), c.ink(Ink::line));
    if (ImGui::IsMouseClicked(0) && !box.contains(ImGui::GetMousePos())) view.send(player::ToggleHelp{});
    ImGui::SetCursorScreenPos(box.min);
    style::begin_part("list of keys", {width, height}, ImGuiWindowFlags_NoBackground);
    const Canvas list{ImGui::GetWindowDrawList(), &look};
    const float top = box.min.y - ImGui::GetScrollY(), left = box.min.x + c.px(24);
    style::text(list, FontRole::title, {left, top + c.px(18)}, c.ink(Ink::text),
                signs ? "Keys and signs" : "Keys");
    if (icon_button(view, "help.close", style::Icon::close, {box.max.x - c.px(30), top + c.px(32)}, c.px(14)))
        view.send(player::ToggleHelp{});
    list_of_keys(view, list, {left, top + c.px(kTop)}, rows, layout);
    if (signs) list_of_signs(view, list, {box.min.x + keys, top + c.px(kTop)});
    const std::string last =
        "F6: next panel (Shift: before).   Arrows: from item to item.   Space, Enter: press.   Socketscope " +
        std::string(version);
    style::text_fit(list, FontRole::small, {left, top + c.px(kTop + layout.height + 20)},
                    box.width() - c.px(48), c.ink(Ink::muted), last);
    ImGui::SetCursorScreenPos({box.min.x, top + c.px(kTop + layout.height + kFoot - 8)});
    ImGui::Dummy({1, c.px(8)});
    ImGui::EndChild();
    ImGui::End();
}

void draw_overlay(const View& view, Box area, const Figures& figures) {
    const Canvas c{ImGui::GetForegroundDrawList(), &view.look};
    const std::size_t in_trace = view.state.events.size();
    char text[512];
    std::snprintf(text, sizeof text,
                  "frame    %6.2f ms\ndrawing  %6.2f ms\nvertices %6d\nshapes   %6zu\nitems    %6zu\n"
                  "events   %6zu\nlanes    %6zu\ninput    %6zu waiting\nqueues   %6llu B\nsession  %s\n"
                  "at       %9.6f s",
                  static_cast<double>(figures.frame_ms), static_cast<double>(figures.drawing_ms),
                  figures.vertices, figures.shapes, figures.probe_items, in_trace, view.state.lanes.size(),
                  figures.input_waiting, static_cast<unsigned long long>(queued_bytes(view.state)),
                  figures.session, static_cast<double>(view.state.t) / model::kSecond);
    const ImVec2 size = view.look.text_size(FontRole::mono_small, text);
    const Box box{{area.max.x - size.x - c.px(32), area.min.y + c.px(10)},
                  {area.max.x - c.px(12), area.min.y + size.y + c.px(26)}};
    style::fill(c, box, c.px(8), c.ink(Ink::card, 0.94));
    style::stroke(c, box, c.px(8), c.ink(Ink::line));
    style::text(c, FontRole::mono_small, {box.min.x + c.px(10), box.min.y + c.px(8)}, c.ink(Ink::text), text);
}

}  // namespace socketscope::panels

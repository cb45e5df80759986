#include "app/panels/hex_view.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace socketscope::panels {

namespace {

struct Columns {
    std::size_t per_row;
    float glyph, offset_width, hex_left, text_left;
};

// As many bytes a row as fit, 8 or 16: powers of two are what people count in.
Columns columns_for(const View& view, float width) {
    const float glyph = view.look.text_size(FontRole::mono_small, "0").x;
    Columns columns{16, glyph, glyph * 5, 0, 0};
    if (width < glyph * (5 + 16 * 2.5F + 1 + 16)) columns.per_row = 8;
    columns.hex_left = columns.offset_width;
    columns.text_left = columns.hex_left + glyph * (2.5F * static_cast<float>(columns.per_row) + 1);
    return columns;
}

const ByteMark* mark_of(const std::vector<ByteMark>& marks, std::size_t byte) {
    const ByteMark* found = nullptr;
    for (const auto& mark : marks)
        if (byte >= mark.offset && byte < mark.offset + mark.size) found = &mark;  // later ones lie on top
    return found;
}

void draw_byte(const View& view, Canvas canvas, const Columns& columns, ImVec2 row, std::size_t column,
               unsigned char byte, const ByteMark* mark, float height) {
    const float x = row.x + columns.hex_left + columns.glyph * 2.5F * static_cast<float>(column);
    const float text_x = row.x + columns.text_left + columns.glyph * static_cast<float>(column);
    const bool of_message = mark && mark->hue >= 0;
    ImU32 color = canvas.ink(of_message || !mark ? Ink::text : Ink::muted);
    if (of_message) {
        const Ink hue = style::hue_ink(static_cast<std::size_t>(mark->hue));
        style::fill(canvas, {{x - columns.glyph * 0.25F, row.y}, {x + columns.glyph * 2.25F, row.y + height}},
                    0, canvas.ink(hue));
        style::fill(canvas, {{text_x, row.y}, {text_x + columns.glyph, row.y + height}}, 0, canvas.ink(hue));
        color = view.look.on(hue);
    }
    const char digits[] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    const char letter = byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    style::text(canvas, FontRole::mono_small, {x, row.y}, color, {digits, 2});
    style::text(canvas, FontRole::mono_small, {text_x, row.y}, color, {&letter, 1});
}

// What a byte is, in words; a byte of a message can be chosen.
void point_at_byte(const View& view, const Columns& columns, ImVec2 row, std::size_t index,
                   std::size_t column, const ByteMark& mark, float height) {
    const float x = row.x + columns.hex_left + columns.glyph * (2.5F * static_cast<float>(column) - 0.25F);
    const style::Box box{{x, row.y}, {x + columns.glyph * 2.5F, row.y + height}};
    if (!mark.first) {
        if (ImGui::IsWindowHovered() && box.contains(ImGui::GetMousePos())) tip_at_pointer(view, mark.name);
        return;
    }
    const Press state = press(view, "byte." + std::to_string(index), box);
    model::Ref byte = mark.first;
    byte.lane = view.state.selected.lane;
    byte.offset += static_cast<std::uint32_t>(index - mark.offset);
    if (state.hovered) tip_at_pointer(view, mark.name + ", byte " + std::to_string(byte.offset + 1));
    if (state.clicked) view.send(player::Select{byte, false});
}

}  // namespace

void draw_hex(const View& view, std::string_view bytes, const std::vector<ByteMark>& marks) {
    const Canvas canvas{ImGui::GetWindowDrawList(), &view.look};
    const Columns columns = columns_for(view, ImGui::GetContentRegionAvail().x);
    const float height = std::round(view.look.text_size(FontRole::mono_small, "0").y * 1.15F);
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const std::size_t rows = (bytes.size() + columns.per_row - 1) / columns.per_row;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows), height);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const std::size_t first = static_cast<std::size_t>(i) * columns.per_row;
            const ImVec2 row{start.x, start.y + static_cast<float>(i) * height};
            style::text(canvas, FontRole::mono_small, row, canvas.ink(Ink::faint),
                        fmt::format("{:04x}", first));
            for (std::size_t k = 0; k < columns.per_row && first + k < bytes.size(); ++k) {
                const ByteMark* mark = mark_of(marks, first + k);
                draw_byte(view, canvas, columns, row, k, static_cast<unsigned char>(bytes[first + k]), mark,
                          height);
                if (mark) point_at_byte(view, columns, row, first + k, k, *mark, height);
            }
            ImGui::SetCursorScreenPos({start.x, row.y + height});
        }
    clipper.End();
    ImGui::SetCursorScreenPos({start.x, start.y + static_cast<float>(rows) * height});
    ImGui::Dummy({1, 1});
}

}  // namespace socketscope::panels

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "app/style/draw.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::style {
namespace {

// Bytes of the UTF-8 character that begins at `at`.
std::size_t character_bytes(std::string_view text, std::size_t at) {
    std::size_t n = 1;
    while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0U) == 0x80U) ++n;
    return n;
}

constexpr std::string_view kEllipsis = "…";

}  // namespace

void text(Canvas c, FontRole role, ImVec2 at, ImU32 color, std::string_view text) {
    const Font& font = c.look->font(role);
    c.list->AddText(font.face, font.px, {std::round(at.x), std::round(at.y)}, color, text.data(),
                    text.data() + text.size());
}

void text_left(Canvas c, FontRole role, ImVec2 at, ImU32 color, std::string_view words) {
    text(c, role, {at.x, at.y - c.look->text_size(role, words).y * 0.5F}, color, words);
}

void text_center(Canvas c, FontRole role, ImVec2 at, ImU32 color, std::string_view words) {
    const ImVec2 size = c.look->text_size(role, words);
    text(c, role, {at.x - size.x * 0.5F, at.y - size.y * 0.5F}, color, words);
}

void text_right(Canvas c, FontRole role, ImVec2 at, ImU32 color, std::string_view words) {
    const ImVec2 size = c.look->text_size(role, words);
    text(c, role, {at.x - size.x, at.y - size.y * 0.5F}, color, words);
}

float text_fit(Canvas c, FontRole role, ImVec2 at, float width, ImU32 color, std::string_view words) {
    const float full = c.look->text_size(role, words).x;
    if (full <= width) {
        text_left(c, role, at, color, words);
        return full;
    }
    const float room = width - c.look->text_size(role, kEllipsis).x;
    if (room <= 0) return 0;
    std::string cut(words.substr(0, bytes_that_fit(c.look->font(role), words, room)));
    cut += kEllipsis;
    text_left(c, role, at, color, cut);
    return c.look->text_size(role, cut).x;
}

// Each character is drawn upright, then its vertices are turned: no version's inside of a font needs to be known.
void text_on_curve(Canvas c, FontRole role, const Curve& curve, float middle, ImU32 color,
                   std::string_view words) {
    constexpr std::size_t kSteps = 96;
    std::array<ImVec2, kSteps + 1> points;
    std::array<float, kSteps + 1> length{};
    for (std::size_t i = 0; i <= kSteps; ++i) {
        points[i] = curve.at(static_cast<float>(i) / kSteps);
        if (i > 0)
            length[i] =
                length[i - 1] + std::hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    }
    const bool flip = curve.direction(middle).x < -0.01F;
    const float center = middle * length.back();
    float at = center - c.look->text_size(role, words).x * 0.5F;
    for (std::size_t i = 0; i < words.size();) {
        const std::string_view glyph = words.substr(i, character_bytes(words, i));
        i += glyph.size();
        const ImVec2 size = c.look->text_size(role, glyph);
        const float here = flip ? 2 * center - (at + size.x * 0.5F) : at + size.x * 0.5F;
        at += size.x;
        const auto next = std::upper_bound(length.begin(), length.end(), here) - length.begin();
        const std::size_t k = std::clamp<std::size_t>(static_cast<std::size_t>(next), 1, kSteps);
        const float step = std::max(1e-4F, length[k] - length[k - 1]), u = (here - length[k - 1]) / step;
        const ImVec2 a = points[k - 1], b = points[k], p{a.x + (b.x - a.x) * u, a.y + (b.y - a.y) * u};
        const float sign = flip ? -1.0F : 1.0F, dx = sign * (b.x - a.x) / step,
                    dy = sign * (b.y - a.y) / step;
        const int first = c.list->VtxBuffer.Size;
        const ImVec2 upright{std::round(p.x - size.x * 0.5F), std::round(p.y - size.y * 0.5F)};
        text(c, role, upright, color, glyph);
        const ImVec2 pivot{upright.x + size.x * 0.5F, upright.y + size.y * 0.5F};
        for (int v = first; v < c.list->VtxBuffer.Size; ++v) {
            ImVec2& pos = c.list->VtxBuffer[v].pos;
            const float x = pos.x - pivot.x, y = pos.y - pivot.y;
            pos = {p.x + x * dx - y * dy, p.y + x * dy + y * dx};
        }
    }
}

float width_of_chip(const Look& look, FontRole role, std::string_view words) {
    return std::round(look.text_size(role, words).x + look.px(14));
}

float chip(Canvas c, FontRole role, ImVec2 at, ImU32 fill_color, ImU32 color, std::string_view words) {
    const float width = width_of_chip(*c.look, role, words);
    const float half = std::round((c.look->text_size(role, words).y + c.px(5)) * 0.5F);
    const float y = std::round(at.y);
    fill(c, {{at.x, y - half}, {at.x + width, y + half}}, half * 0.72F, fill_color);
    text_left(c, role, {at.x + c.px(7), y}, color, words);
    return width;
}

}  // namespace socketscope::style

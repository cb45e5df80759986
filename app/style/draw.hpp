// What we draw with on top of ImGui's lists: cards, shadows, dashes, hatching, curves, arrows, text, icons. In pixels.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string_view>

#include "app/style/look.hpp"

namespace socketscope::style {

// A list to draw into and the look to draw with. Cheap to copy; both are borrowed.
struct Canvas {
    ImDrawList* list;
    const Look* look;

    float px(float logical) const { return look->px(logical); }
    ImU32 ink(Ink ink, double alpha = 1) const { return look->ink(ink, alpha); }
};

struct Box {
    ImVec2 min, max;

    float width() const { return max.x - min.x; }
    float height() const { return max.y - min.y; }
    ImVec2 center() const { return {(min.x + max.x) * 0.5F, (min.y + max.y) * 0.5F}; }
    bool contains(ImVec2 p) const { return p.x >= min.x && p.x < max.x && p.y >= min.y && p.y < max.y; }
};
inline Box inset(Box b, float by) {
    return {{b.min.x + by, b.min.y + by}, {b.max.x - by, b.max.y - by}};
}

// --- boxes
void fill(Canvas c, Box box, float radius, ImU32 color, int corner_flags = 0);
void fill_gradient(Canvas c, Box box, float radius, ImU32 top, ImU32 bottom);
void stroke(Canvas c, Box box, float radius, ImU32 color, float thickness = 1);
void stroke_dashed(Canvas c, Box box, ImU32 color, float thickness, float on, float off);
void hatch(Canvas c, Box box, ImU32 color, float step, float thickness);
// Soft and hollow: one mesh of rings, no texture, few pixels to fill.
void shadow(Canvas c, Box box, float radius, float blur, ImVec2 offset, double strength = 1);

// --- lines and curves
void line(Canvas c, ImVec2 a, ImVec2 b, ImU32 color, float thickness);
void dashed(Canvas c, ImVec2 a, ImVec2 b, ImU32 color, float thickness, float on, float off, float phase = 0);
struct Curve {
    ImVec2 p0, p1, p2, p3;  // cubic Bézier

    ImVec2 at(float t) const;
    ImVec2 direction(float t) const;  // unit length
};
void curve(Canvas c, const Curve& curve, ImU32 color, float thickness);
void curve_dashed(Canvas c, const Curve& curve, ImU32 color, float thickness, float on, float off,
                  float phase = 0);
void arrow_head(Canvas c, ImVec2 tip, ImVec2 direction, float size, ImU32 color);

// --- signs
void cross(Canvas c, ImVec2 center, float radius, ImU32 color, float thickness);
void check(Canvas c, ImVec2 center, float radius, ImU32 color, float thickness);
enum class Mark : std::uint8_t { triangle, disc, cross, diamond, ring, square, bar };
void mark(Canvas c, Mark mark, ImVec2 center, float radius, ImU32 color);
enum class Icon : std::uint8_t {
    play,
    pause,
    step_back,
    step_forward,
    first,
    last,
    loop,
    stop,
    again,
    sun,
    moon,
    help,
    present,
    home,
    plus,
    minus,
    chevron_left,
    chevron_right,
    close,
    terminal,
    search,
    folder
};
void icon(Canvas c, Icon icon, ImVec2 center, float radius, ImU32 color);

// --- text: one line; `at` is snapped to whole pixels
void text(Canvas c, FontRole role, ImVec2 top_left, ImU32 color, std::string_view text);
void text_left(Canvas c, FontRole role, ImVec2 left_middle, ImU32 color, std::string_view text);
void text_center(Canvas c, FontRole role, ImVec2 middle, ImU32 color, std::string_view text);
void text_right(Canvas c, FontRole role, ImVec2 right_middle, ImU32 color, std::string_view text);
// With an ellipsis where it is wider than `width`. Returns the width that was used.
float text_fit(Canvas c, FontRole role, ImVec2 left_middle, float width, ImU32 color, std::string_view text);
void text_on_curve(Canvas c, FontRole role, const Curve& curve, float middle, ImU32 color,
                   std::string_view text);
// A filled pill with text; returns its width. `width_of_chip` is the same without drawing.
float chip(Canvas c, FontRole role, ImVec2 left_middle, ImU32 fill, ImU32 color, std::string_view text);
float width_of_chip(const Look& look, FontRole role, std::string_view text);

}  // namespace socketscope::style

// The fonts of all roles: where they are found, and how they are loaded into ImGui's atlas at whole pixel sizes.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "app/style/roles.hpp"

struct ImFont;

namespace socketscope::style {

// ImGui 1.92 wants the size at each use, earlier versions have it baked in.
struct Font {
    ImFont* face{nullptr};
    float px{0};
};

struct Fonts {
    std::array<Font, static_cast<std::size_t>(FontRole::count)> by_role{};
    std::vector<std::string> missing;  // sentences for people: what was not found, and what is used instead
};

// Rebuilds the atlas of the current ImGui context: 30–80 ms, only between frames. Sizes are `scale` × the design's,
// rounded to whole pixels; `on_light` thickens the strokes, since dark text on white looks thinner than it is.
Fonts build_fonts(float scale, bool on_light, Distance distance);

}  // namespace socketscope::style

// How things look now: theme, scale, fonts. One object that everything which draws is given; made anew between frames.
#pragma once

#include <imgui.h>

#include "app/style/fonts.hpp"
#include "app/style/palette.hpp"
#include "app/style/roles.hpp"

namespace socketscope::style {

// Presenter mode shows 19 px where the design says 15: the whole window grows by this.
inline constexpr float kPresenterScale = 19.0F / 15.0F;

class Look {
public:
    // Builds the fonts and sets ImGui's style of the current context. Only between frames.
    Look(ThemeName theme, float scale, Distance distance = Distance::near);

    ThemeName theme() const { return theme_; }
    bool dark() const { return theme_ == ThemeName::dark; }
    float scale() const { return scale_; }
    Distance distance() const { return distance_; }
    // Logical pixels (of the design, 15 px body) to pixels of the screen.
    float px(float logical) const { return logical * scale_; }
    ImVec2 px(float x, float y) const { return {x * scale_, y * scale_}; }

    Rgba rgba(Ink ink) const { return color(theme_, ink); }
    ImU32 ink(Ink ink, double alpha = 1) const { return pack(with_alpha(rgba(ink), alpha)); }
    ImU32 mixed(Ink a, Ink b, double t, double alpha = 1) const {
        return pack(with_alpha(mix(rgba(a), rgba(b), t), alpha));
    }
    ImU32 on(Ink fill, double alpha = 1) const { return ink(on_fill(theme_, fill), alpha); }
    // Of shadows: what is strong enough on dark is far too much on white.
    double shadow_alpha() const { return dark() ? 0.55 : 0.20; }

    const Font& font(FontRole role) const { return fonts_.by_role[static_cast<std::size_t>(role)]; }
    const std::vector<std::string>& missing_fonts() const { return fonts_.missing; }
    // Pixels of the screen.
    ImVec2 text_size(FontRole role, std::string_view text) const;
    // Logical pixels, for layouts (roles.hpp). Borrows this object.
    TextMeasure measure() const;

    static ImU32 pack(Rgba c) { return IM_COL32(c.r, c.g, c.b, c.a); }

private:
    void set_imgui_style() const;

    ThemeName theme_;
    float scale_;
    Distance distance_;
    Fonts fonts_;
};

}  // namespace socketscope::style

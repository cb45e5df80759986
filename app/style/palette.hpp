// The colours of the roles in both themes (after Okabe & Ito), and the arithmetic of contrast. No ImGui.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "app/style/roles.hpp"

namespace socketscope::style {

enum class ThemeName : std::uint8_t { dark, light };
std::string_view to_string(ThemeName theme);
std::optional<ThemeName> parse_theme(std::string_view name);

struct Rgba {
    std::uint8_t r{0}, g{0}, b{0}, a{255};

    bool operator==(const Rgba&) const = default;
};

using Palette = std::array<Rgba, static_cast<std::size_t>(Ink::count)>;
const Palette& palette(ThemeName theme);
inline Rgba color(ThemeName theme, Ink ink) {
    return palette(theme)[static_cast<std::size_t>(ink)];
}

// Relative luminance and contrast ratio (1 … 21) as WCAG 2.2 defines them; alpha is ignored.
double luminance(Rgba color);
double contrast(Rgba a, Rgba b);
// Black or white, whichever is better to read on `fill`: at least 4.5 : 1 on any colour.
Ink on_fill(Rgba fill);
inline Ink on_fill(ThemeName theme, Ink fill) {
    return on_fill(color(theme, fill));
}

// Between `a` (t = 0) and `b` (t = 1), component by component.
Rgba mix(Rgba a, Rgba b, double t);
Rgba with_alpha(Rgba color, double alpha);

// The roles of one lane (0…2) and of one message hue (0…5).
inline Ink lane_ink(std::size_t lane) {
    return static_cast<Ink>(static_cast<std::size_t>(Ink::lane0) + lane % 3);
}
inline Ink lane_fill(std::size_t lane) {
    return static_cast<Ink>(static_cast<std::size_t>(Ink::lane0_fill) + lane % 3);
}
inline Ink hue_ink(std::size_t hue) {
    return static_cast<Ink>(static_cast<std::size_t>(Ink::hue0) + hue % 6);
}
inline Ink hue_line(std::size_t hue) {
    return static_cast<Ink>(static_cast<std::size_t>(Ink::hue0_line) + hue % 6);
}

}  // namespace socketscope::style

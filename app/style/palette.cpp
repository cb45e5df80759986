#include "app/style/palette.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::style {
namespace {

struct Row {
    Ink ink;
    std::uint32_t dark, light;  // 0xRRGGBB
};

// Lanes, loss, good and now follow Okabe & Ito (jfly.uni-koeln.de/color), darkened for text on white. The hues of the
// messages keep away from all of them, and from one turn to the next differ in lightness as well as in hue.
constexpr Row kRows[] = {
    {Ink::background, 0x0D1117, 0xE9EDF2}, {Ink::panel, 0x151B23, 0xFFFFFF},
    {Ink::card, 0x1C242E, 0xF4F6F9},       {Ink::card_raised, 0x232D39, 0xE8EDF3},
    {Ink::line, 0x303C4A, 0xC6D0DB},       {Ink::text, 0xE8EDF2, 0x0E151C},
    {Ink::muted, 0xA9B6C4, 0x414D5A},      {Ink::faint, 0x8C9BAD, 0x5A6775},
    {Ink::lane0, 0x56B4E9, 0x00629F},      {Ink::lane1, 0xE69F00, 0x8F5500},
    {Ink::lane2, 0x2BC79A, 0x006B54},      {Ink::lane0_fill, 0x56B4E9, 0x0072B2},
    {Ink::lane1_fill, 0xE69F00, 0xE69F00}, {Ink::lane2_fill, 0x1FAE84, 0x00805F},
    {Ink::hue0, 0xA89BF5, 0x9C8DF2},       {Ink::hue1, 0xE6D27C, 0xE3C85C},
    {Ink::hue2, 0xD98BB9, 0xD583B2},       {Ink::hue3, 0xB7C65B, 0xB3C24E},
    {Ink::hue4, 0x9DB4CE, 0x93ACC9},       {Ink::hue5, 0xCFA078, 0xC99567},
    {Ink::hue0_line, 0xB7ACFA, 0x5B48C4},  {Ink::hue1_line, 0xEDDC94, 0x755E00},
    {Ink::hue2_line, 0xE6A3CA, 0x97336F},  {Ink::hue3_line, 0xC6D473, 0x566300},
    {Ink::hue4_line, 0xB3C7DD, 0x3F5B7A},  {Ink::hue5_line, 0xDDB592, 0x7D4C1E},
    {Ink::loss, 0xFF7F45, 0xB84300},       {Ink::loss_fill, 0xE8641B, 0xD55E00},
    {Ink::good, 0x2BC79A, 0x006B54},       {Ink::good_fill, 0x1FAE84, 0x00805F},
    {Ink::now, 0xF0E442, 0x0E151C},        {Ink::now_fill, 0xF0E442, 0xF3E94F},
    {Ink::shadow, 0x000000, 0x16222E},     {Ink::white, 0xFFFFFF, 0xFFFFFF},
    {Ink::black, 0x0B1016, 0x0B1016},
};
static_assert(std::size(kRows) == static_cast<std::size_t>(Ink::count), "a role has no colour");

constexpr Rgba from_hex(std::uint32_t hex) {
    return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8),
            static_cast<std::uint8_t>(hex), 255};
}

constexpr Palette make(bool dark) {
    Palette out{};
    for (const Row& row : kRows)
        out[static_cast<std::size_t>(row.ink)] = from_hex(dark ? row.dark : row.light);
    return out;
}

constexpr Palette kDark = make(true), kLight = make(false);

double linear(std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

}  // namespace

std::string_view to_string(ThemeName theme) {
    return theme == ThemeName::dark ? "dark" : "light";
}

std::optional<ThemeName> parse_theme(std::string_view name) {
    if (name == "dark") return ThemeName::dark;
    if (name == "light") return ThemeName::light;
    return std::nullopt;
}

const Palette& palette(ThemeName theme) {
    return theme == ThemeName::dark ? kDark : kLight;
}

double luminance(Rgba color) {
    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

double contrast(Rgba a, Rgba b) {
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

Ink on_fill(Rgba fill) {
    const Rgba black = color(ThemeName::dark, Ink::black), white = color(ThemeName::dark, Ink::white);
    return contrast(fill, black) >= contrast(fill, white) ? Ink::black : Ink::white;
}

Rgba mix(Rgba a, Rgba b, double t) {
    const auto channel = [t](std::uint8_t x, std::uint8_t y) {
        return static_cast<std::uint8_t>(std::lround(x + (y - x) * std::clamp(t, 0.0, 1.0)));
    };
    return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b), channel(a.a, b.a)};
}

Rgba with_alpha(Rgba color, double alpha) {
    color.a = static_cast<std::uint8_t>(std::lround(color.a * std::clamp(alpha, 0.0, 1.0)));
    return color;
}

}  // namespace socketscope::style

#include "app/style/palette.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <array>
#include <cmath>
#include <string>

using namespace socketscope::style;

namespace {

constexpr std::array kThemes{ThemeName::dark, ThemeName::light};
constexpr std::array kGrounds{Ink::panel, Ink::card, Ink::card_raised};
constexpr std::array kTexts{Ink::text,      Ink::muted,     Ink::faint,     Ink::lane0,     Ink::lane1,
                            Ink::lane2,     Ink::hue0_line, Ink::hue1_line, Ink::hue2_line, Ink::hue3_line,
                            Ink::hue4_line, Ink::hue5_line, Ink::loss,      Ink::good};

// Colours as a person without one kind of cone sees them. Viénot, Brettel & Mollon 1999, on linear RGB.
std::array<double, 3> seen(Rgba c, const double (&m)[3][3]) {
    const auto linear = [](std::uint8_t v) { return std::pow(v / 255.0, 2.2); };
    const double in[3] = {linear(c.r), linear(c.g), linear(c.b)};
    std::array<double, 3> out{};
    for (std::size_t i = 0; i < 3; ++i) {
        out[i] = std::pow(std::max(0.0, m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2]), 1 / 2.2) * 255;
    }
    return out;
}
constexpr double kProtan[3][3] = {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}};
constexpr double kDeutan[3][3] = {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}};

double distance(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

}  // namespace

TEST_CASE("every role of text can be read on every ground of both themes") {
    for (const ThemeName theme : kThemes) {
        for (const Ink ground : kGrounds) {
            for (const Ink ink : kTexts) {
                CAPTURE(to_string(theme));
                CAPTURE(static_cast<int>(ground));
                CAPTURE(static_cast<int>(ink));
                CHECK(contrast(color(theme, ink), color(theme, ground)) >= 4.5);
            }
        }
    }
}

TEST_CASE("text on a filled badge or message is black or white, whichever can be read") {
    for (const ThemeName theme : kThemes) {
        for (std::size_t i = static_cast<std::size_t>(Ink::lane0_fill);
             i < static_cast<std::size_t>(Ink::hue0_line); ++i) {
            const Ink fill = static_cast<Ink>(i);
            CAPTURE(i);
            CHECK(contrast(color(theme, on_fill(theme, fill)), color(theme, fill)) >= 4.5);
        }
    }
    CHECK(on_fill(ThemeName::light, Ink::lane1_fill) == Ink::black);  // white on this orange is only 2.3 : 1
}

TEST_CASE("one message differs from the next for colour-blind eyes too") {
    for (const ThemeName theme : kThemes) {
        for (std::size_t hue = 0; hue < 6; ++hue) {
            CAPTURE(hue);
            const Rgba a = color(theme, hue_ink(hue)), b = color(theme, hue_ink(hue + 1));
            CHECK(distance(seen(a, kProtan), seen(b, kProtan)) > 25);
            CHECK(distance(seen(a, kDeutan), seen(b, kDeutan)) > 25);
        }
    }
}

TEST_CASE("contrast is that of WCAG") {
    CHECK(contrast({0, 0, 0, 255}, {255, 255, 255, 255}) == doctest::Approx(21.0));
    CHECK(contrast({119, 119, 119, 255}, {255, 255, 255, 255}) == doctest::Approx(4.48).epsilon(0.01));
}

TEST_CASE("themes have names that parse") {
    for (const ThemeName theme : kThemes) CHECK(parse_theme(to_string(theme)) == theme);
    CHECK_FALSE(parse_theme("grey"));
}

// The roles of colours and fonts: what a thing means, not how it looks. No ImGui here: layouts and tests use it too.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace socketscope::style {

// palette.cpp gives each role its colour in the dark and in the light theme.
enum class Ink : std::uint8_t {
    background,
    panel,
    card,
    card_raised,
    line,
    text,
    muted,
    faint,
    lane0,
    lane1,
    lane2,  // accents of lanes, for strokes and text; never used for bytes
    lane0_fill,
    lane1_fill,
    lane2_fill,  // for filled badges
    hue0,
    hue1,
    hue2,
    hue3,
    hue4,
    hue5,  // messages: fills
    hue0_line,
    hue1_line,
    hue2_line,
    hue3_line,
    hue4_line,
    hue5_line,  // messages: strokes and text
    loss,
    loss_fill,  // vermilion: lost, blocked, refused; nothing else
    good,
    good_fill,  // running, delivered, acknowledged
    now,
    now_fill,  // the playhead, the selection
    shadow,
    white,
    black,
    count
};

enum class FontRole : std::uint8_t {
    body,
    strong,
    title,
    heading,
    small,
    caps,
    mono,
    mono_strong,
    mono_small,
    mono_words,  // a call or a few bytes as words: no row of cells depends on their width
    mono_large,  // in cells and packets where there is much room
    count
};

// From where it is read: the small letters of a projector's picture must reach the last row.
enum class Distance : std::uint8_t { near, far };

struct Extent {
    float width{0}, height{0};
};
// Measures text in logical pixels at scale 1 (15 px body). Given in by whoever draws; tests use a fixed width.
using TextMeasure = std::function<Extent(FontRole, std::string_view)>;

}  // namespace socketscope::style

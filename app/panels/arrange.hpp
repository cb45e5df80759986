// Where each panel lies in the window: from its size and what is folded. Pure numbers, in logical pixels.
#pragma once

#include <optional>

#include "app/player/state.hpp"

namespace socketscope::panels {

struct Place {
    float x{0}, y{0}, width{0}, height{0};

    float right() const { return x + width; }
    float bottom() const { return y + height; }
};

// The window that the design was made for, and the least that anything can be drawn in; logical pixels.
inline constexpr float kDesignWidth = 1280, kDesignHeight = 720, kLeastWidth = 640, kLeastHeight = 360;
inline constexpr float kCaptionRow = 23;  // of the presenter's caption, where it has more than one

struct Arrangement {
    Place top_bar;
    std::optional<Place> message_in_bar;  // inside the top bar, in the place of the title: what is short
    std::optional<Place> open_field, message, caption, lesson, stage, code, events, inspector, transport,
        timeline, home;
    bool strips{false};  // the stage lies alone or nearly: lanes as strips
};

// From the design's size on everything has its place; below, panels fold in order of need instead of overlapping. The
// inspector shows while something is selected, below the events, or in their place where there is no room for both.
Arrangement arrange(const player::State& state, float width, float height);

}  // namespace socketscope::panels

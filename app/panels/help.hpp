// The list of keys (F1) and the overlay for developers (F12).
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_help(const View& view, style::Box area, std::string_view version);

// Figures of the frames, measured by who draws them.
struct Figures {
    float frame_ms{0}, drawing_ms{0};
    int vertices{0};
    std::size_t shapes{0}, probe_items{0}, input_waiting{0};
    const char* session{"rests"};  // what goes on outside of the window
};
void draw_overlay(const View& view, style::Box area, const Figures& figures);

}  // namespace socketscope::panels

// The presenter's caption: what a beat of the lesson has to say of its moment.
#pragma once

#include <cstddef>
#include <string>

#include "app/panels/view.hpp"

namespace socketscope::panels {

struct Caption {
    std::string words;
    std::size_t beat{SIZE_MAX};  // before the first one: what the lesson is about
    bool past{false};            // something has happened since its moment: what it says may hold no more
};
Caption caption_of(const player::State& state);
// A past caption stays to be read, pale, beside the time of which it tells.
void draw_caption(const View& view, style::Box area);

}  // namespace socketscope::panels

// What is said across the window: a problem or good news.
#pragma once

#include <string>

#include "app/panels/view.hpp"

namespace socketscope::panels {

// What the state has to say, in a row of its own …
void draw_message(const View& view, style::Box area);
// … or, where it is short, inside the top bar: nothing makes room for it then.
void write_message(const View& view, style::Canvas canvas, style::Box area);

}  // namespace socketscope::panels

// The field for the path of a lesson, a script or a recording that is to be opened.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

// `take_text`: the keyboard goes to it. Enter opens the file, and what was typed is there the next time.
void draw_open_field(const View& view, style::Box area, bool take_text);

}  // namespace socketscope::panels

// The lesson's text: the step that belongs to the playhead, its question, and the buttons that read on.
#pragma once

#include "app/panels/view.hpp"

namespace socketscope::panels {

void draw_lesson(const View& view, style::Box area);

}  // namespace socketscope::panels

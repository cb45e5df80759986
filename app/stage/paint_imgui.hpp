// Draws a scene into an ImGui list with the look of the moment.
#pragma once

#include <imgui.h>

#include "app/stage/shape.hpp"
#include "app/style/draw.hpp"

namespace socketscope::stage {

// `origin`: where the scene's top left corner lies, in pixels of the screen. What lies outside the list's clip
// rectangle is skipped.
void paint(style::Canvas canvas, const Scene& scene, ImVec2 origin);

}  // namespace socketscope::stage

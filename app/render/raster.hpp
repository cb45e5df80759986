// Draws ImGui's triangles with the CPU: no GPU, no display, the same bytes on every run.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "app/style/imgui_bridge.hpp"
#include "app/style/palette.hpp"

namespace socketscope::render {

// Rows from the top, 3 bytes a pixel: red, green, blue.
struct Picture {
    int width{0}, height{0};
    std::vector<std::uint8_t> rgb;
};

// `data` as ImGui::GetDrawData() gives it; the only texture is the font atlas. Coverage is decided at pixel centres in
// 1/16 pixel steps with the top-left rule, so that neighbouring triangles never overlap or leave a gap.
Picture rasterise(const ImDrawData& data, const style::AtlasPixels& atlas, style::Rgba background);

}  // namespace socketscope::render

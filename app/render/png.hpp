// Writes a picture as a PNG file, by libpng; atomic: written beside and renamed.
#pragma once

#include <string>

#include "app/render/raster.hpp"

namespace socketscope::render {

// Throws model::Failure (folder missing or read-only, disk full …) and leaves no rest.
void write_png(const Picture& picture, const std::string& path);

}  // namespace socketscope::render

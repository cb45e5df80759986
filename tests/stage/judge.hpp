// Judges a scene as a picture: what overlaps, leaves its lane, or can't be pointed at. Text metrics without a font.
#pragma once

#include <string>
#include <vector>

#include "app/stage/layout.hpp"
#include "app/stage/shape.hpp"

namespace socketscope::tests {

// Every character of a role is equally wide: near the real fonts' averages, the same on every machine.
style::Extent fixed_measure(style::FontRole font, std::string_view text);

// The same, but with the small letters of JetBrains Mono as narrow as they are.
style::Extent narrow_measure(style::FontRole font, std::string_view text);

// One sentence for each fault; empty = none.
//  - a label lies on another that can be seen, or is partly covered by an opaque box painted later
//  - a shape or a hit leaves the frame of its lane
//  - a hit refers to nothing, or to something the story does not have
std::vector<std::string> faults(const stage::Scene& scene, const stage::StageInput& input);

// All texts of a scene, in the order of painting.
std::vector<std::string> texts(const stage::Scene& scene);
bool says(const stage::Scene& scene, std::string_view words);  // some label contains them

std::string joined(const std::vector<std::string>& lines);

}  // namespace socketscope::tests

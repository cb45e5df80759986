// The stage's signs, each with what it means: for the help. Drawn by the same code as on the stage.
#pragma once

#include <string_view>
#include <vector>

#include "app/stage/shape.hpp"
#include "app/style/roles.hpp"

namespace socketscope::stage {

inline constexpr float kSignWidth = 72, kSignHeight = 34;

struct Sign {
    Scene picture;  // kSignWidth × kSignHeight
    std::string_view means;
};

std::vector<Sign> signs(const style::TextMeasure& measure);

}  // namespace socketscope::stage

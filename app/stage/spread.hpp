// Moves things on a line apart until none overlaps another, each as little as possible. Continuous in its input.
#pragma once

#include <vector>

namespace socketscope::stage {

struct Spread {
    float wanted{0};  // centre
    float extent{0};  // length it takes, gap included; 0: takes no room
    float placed{0};  // centre, the result
};

// Keeps the order of the vector. All stay within [low, high] if their extents fit in there; otherwise they share it in
// proportion to their extents and overlap. Returns the factor by which the extents had to be scaled, 1 if they fitted.
float spread(std::vector<Spread>& items, float low, float high);

}  // namespace socketscope::stage

// The stage in the window: lays the moment out, paints it, and makes its things clickable.
#pragma once

#include <cstdint>
#include <vector>

#include "app/panels/view.hpp"
#include "app/stage/layout.hpp"

namespace socketscope::panels {

// Keeps what of the lanes does not depend on the moment; made anew when the stories are (State::revision).
class StagePanel {
public:
    // Returns the number of shapes it painted.
    std::size_t draw(const View& view, style::Box area, bool strips);

private:
    void prepare(const player::State& state);

    std::vector<stage::LanePlan> plans_;
    std::uint64_t revision_{0};
    bool pointed_{false};  // the pointer was over the stage in the frame before
};

}  // namespace socketscope::panels

// The stage in the window: lays the moment out, paints it, and makes its things clickable.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/panels/view.hpp"
#include "app/stage/layout.hpp"

namespace socketscope::panels {

// Makes ready what of the lanes does not depend on the moment: some 50 ms for a million events, so that whoever reads a
// long recording beside the thread that draws does this there too.
void plan_stage(player::Recording& recording);

// Plans lanes that came without a plan itself, anew when the stories are new ones (State::revision).
class StagePanel {
public:
    // Returns the number of shapes it painted.
    std::size_t draw(const View& view, style::Box area, bool strips);

private:
    void prepare(const player::State& state);

    std::vector<std::shared_ptr<const stage::LanePlan>> plans_;
    std::uint64_t revision_{0};
    bool pointed_{false};  // the pointer was over the stage in the frame before
};

}  // namespace socketscope::panels

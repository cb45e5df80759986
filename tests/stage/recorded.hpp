// Recorded traces for the tests of the stage (see record.sh), with their stories.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/stage/layout.hpp"
#include "core/story/story.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::tests {

struct Recorded {
    std::string name;
    std::unique_ptr<trace::Trace> trace;
    std::vector<std::unique_ptr<story::Story>> stories;
    std::vector<std::unique_ptr<stage::LanePlan>> plans;
    model::TimeNs end{0};  // ns since the lanes' start
};

std::vector<std::string> recorded_names();
// Read once, then kept.
const Recorded& recorded(std::string_view name);

// The stage of `lanes` of a recording (empty: the first three) at `t`.
struct Look {
    float width{664}, height{500};
    stage::Direction direction{stage::Direction::automatic};
    bool folded{false};
};
stage::StageInput stage_of(const Recorded& recording, const std::vector<std::size_t>& lanes, model::TimeNs t,
                           Look look);

// Moments worth a look: before, at and after each event (at most `most` of them), and the ends.
std::vector<model::TimeNs> moments(const Recorded& recording, std::size_t most);

}  // namespace socketscope::tests

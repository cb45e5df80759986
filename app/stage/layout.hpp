// The stage: turns the moment of one to three lanes into a scene. Pure: no window, no clock, no kernel.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/stage/shape.hpp"
#include "app/style/roles.hpp"
#include "core/story/story.hpp"

namespace socketscope::stage {

// column: client above, server below. strip: client left, server right.
enum class Direction : std::uint8_t { automatic, column, strip };

// What of a lane does not depend on the moment (which sockets matter, who sends, indices by time). Made once per story,
// O(n log n); the story must outlive it.
class LanePlan {
public:
    explicit LanePlan(const story::Story& story);
    LanePlan(LanePlan&&) noexcept;
    LanePlan& operator=(LanePlan&&) noexcept;
    ~LanePlan();

    struct Impl;
    const Impl& impl() const { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

struct LaneInput {
    const story::Story* story{nullptr};
    const LanePlan* plan{nullptr};  // nullptr: made for this one picture (slow for long traces)
    std::string title;              // "one ordered stream of bytes"; empty: the kind's own words
    int accent{0};                  // 0..2: the lane's colour
};

struct StageInput {
    std::vector<LaneInput> lanes;  // 1 to 3
    model::TimeNs t{0};            // ns since each lane's start
    float width{0}, height{0};     // logical pixels
    Direction direction{Direction::automatic};
    bool folded{false};  // panels are folded or the stage is the presenter's: automatic means strips
    std::span<const model::Ref> selected;
    std::span<const model::Ref> linked;  // what lights up with the selection (Story::related)
    model::Ref hovered;
    bool still{false};  // nothing moves: what has just appeared is drawn in its full strength
    // Story time in seconds of a lane time (monotone), so that packets move evenly while the story clock plays.
    // Empty: true time.
    std::function<double(model::TimeNs)> story_time;
    style::TextMeasure measure;
};

Scene layout(const StageInput& input);

// The direction that `automatic` means.
Direction direction_for(const StageInput& input);

}  // namespace socketscope::stage

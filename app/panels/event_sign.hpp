// The sign of an event, alike in the list and on the timeline.
#pragma once

#include "app/style/draw.hpp"
#include "core/story/story.hpp"

namespace socketscope::panels {

struct EventSign {
    style::Mark mark;
    style::Ink ink;
};
EventSign sign_of(story::MarkKind kind, std::size_t lane);

}  // namespace socketscope::panels

// A recording ready to be shown: the trace, what it means, the common list of events, the beats and the story clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/player/clock.hpp"
#include "app/player/event_order.hpp"
#include "core/lesson/lesson.hpp"
#include "core/story/story.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::stage {
class LanePlan;
}

namespace socketscope::player {

struct Lane {
    std::unique_ptr<story::Story> story;  // of State::trace->lanes[i]
    // What the stage has made ready for it beside the thread that draws (panels::plan_stage); null: it makes it itself.
    std::shared_ptr<const stage::LanePlan> plan;
    std::string title;
    int accent{0};  // 0..2
};
struct BeatMark {
    std::string name, title, caption;
    TimeNs at{0};                   // ns since the start
    std::size_t lane{0};            // where its moment was found
    std::size_t section{SIZE_MAX};  // of the lesson; SIZE_MAX = none
};
struct Program {
    std::uint8_t lane{0}, endpoint{0};
};
// Never changed once it was read, so that it can be made beside the thread that draws.
struct Recording {
    std::shared_ptr<const trace::Trace> trace;  // null before the first data
    std::vector<Lane> lanes;
    EventOrder events;                       // of all lanes, by time
    std::vector<BeatMark> beats;             // by time
    std::vector<std::string> missing_beats;  // names of beats whose moment did not happen in this recording
    Program acting;  // the first one that makes a system call: some only wait for others
    StoryClock clock;
    TimeNs end{0};  // ns since the start
};

// Builds all of it: about half a second for a million events. `lesson`: nullptr for a bare trace.
Recording read_recording(std::shared_ptr<const trace::Trace> trace, const lesson::Lesson* lesson);

}  // namespace socketscope::player

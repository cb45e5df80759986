#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>

#include "app/player/clock.hpp"
#include "app/stage/layout.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;

namespace {

player::StoryClock clock_of(const Recorded& recording) {
    std::vector<model::TimeNs> events;
    for (const auto& story : recording.stories) {
        for (const story::Event& event : story->events()) events.push_back(event.at_ns - story->begin_ns());
    }
    return {std::move(events), recording.end};
}

// The farthest way that a packet goes from one frame to the next, at 60 frames a second of story time.
struct Leap {
    float way{0};
    std::string where;
};
Leap longest_leap(const Recorded& recording, Look look) {
    const player::StoryClock clock = clock_of(recording);
    std::map<std::string, stage::Point> before;
    Leap longest;
    for (double story = 0; story < clock.length(); story += 1.0 / 60) {
        stage::StageInput input = stage_of(recording, {}, clock.to_true(story), look);
        input.story_time = [&](model::TimeNs t) { return clock.to_story(t); };
        std::map<std::string, stage::Point> now;
        for (const stage::Hit& hit : stage::layout(input).hits) {
            if (hit.probe.find(".packet.") == std::string::npos) continue;
            now[hit.probe] = hit.at.centre();
            const auto then = before.find(hit.probe);
            if (then == before.end()) continue;
            const float way =
                std::hypot(hit.at.centre().x - then->second.x, hit.at.centre().y - then->second.y);
            if (way > longest.way) longest = {way, hit.probe + " at story time " + std::to_string(story)};
        }
        before = std::move(now);
    }
    return longest;
}

}  // namespace

TEST_CASE("packets never jump while the story is played") {
    for (const char* name : {"20-one-packet-is-lost", "30-reordering", "streams", "records"}) {
        CAPTURE(name);
        const Leap column = longest_leap(recorded(name), {664, 500, stage::Direction::column, false});
        CAPTURE(column.where);
        CHECK(column.way < 14);
        const Leap strip = longest_leap(recorded(name), {1264, 500, stage::Direction::strip, true});
        CAPTURE(strip.where);
        CHECK(strip.way < 28);
    }
}

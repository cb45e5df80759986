#include "app/player/recording.hpp"

#include <algorithm>
#include <optional>

namespace socketscope::player {

namespace {

void build_lanes(Recording& recording, const lesson::Lesson* lesson) {
    for (const auto& trace : recording.trace->lanes) {
        Lane lane;
        lane.story = std::make_unique<story::Story>(trace);
        lane.accent = static_cast<int>(recording.lanes.size() % 3);
        lane.title = std::string(model::row(trace.kind).in_words);
        if (lesson != nullptr)
            for (std::size_t i = 0; i < lesson->lanes.size() && i < lesson->lane_titles.size(); ++i)
                if (lesson->lanes[i] == trace.kind && !lesson->lane_titles[i].empty())
                    lane.title = lesson->lane_titles[i];
        recording.lanes.push_back(std::move(lane));
    }
}

void merge_events(Recording& recording) {
    std::vector<const story::Story*> stories;
    std::vector<TimeNs> times;
    for (const Lane& lane : recording.lanes) {
        const story::Story& story = *lane.story;
        stories.push_back(&story);
        times.reserve(times.size() + story.events().size());
        for (const story::Event& event : story.events())
            times.push_back(event.at_ns - story.trace().start_ns);
    }
    recording.events = EventOrder(stories);
    recording.end = recording.events.empty() ? 0 : recording.events[recording.events.size() - 1].at;
    for (const auto& lane : recording.trace->lanes)
        recording.end = std::max(recording.end, lane.end_ns - lane.start_ns);
    recording.clock = StoryClock(std::move(times), recording.end);
    recording.end = recording.clock.end();
}

std::optional<std::pair<std::size_t, TimeNs>> find_beat(const Recording& recording,
                                                        const lesson::Beat& beat) {
    for (std::size_t i = 0; i < recording.lanes.size(); ++i) {
        const auto& story = *recording.lanes[i].story;
        if (!beat.lane.empty() && beat.lane != model::to_string(story.trace().kind)) continue;
        if (const auto at = story.find(beat.at)) return std::pair(i, *at - story.trace().start_ns);
    }
    return std::nullopt;
}

void find_beats(Recording& recording, const lesson::Lesson* lesson) {
    if (lesson == nullptr) return;
    for (const auto& beat : lesson->beats) {
        const auto found = find_beat(recording, beat);
        if (!found) {
            recording.missing_beats.push_back(beat.name);
            continue;
        }
        BeatMark mark{beat.name,    beat.title,
                      beat.caption, std::clamp<TimeNs>(found->second, 0, recording.end),
                      found->first, SIZE_MAX};
        for (std::size_t i = 0; i < lesson->sections.size(); ++i)
            if (lesson->sections[i].beat == beat.name) mark.section = i;
        if (mark.title.empty() && mark.section != SIZE_MAX) mark.title = lesson->sections[mark.section].title;
        recording.beats.push_back(std::move(mark));
    }
    std::stable_sort(recording.beats.begin(), recording.beats.end(),
                     [](const BeatMark& a, const BeatMark& b) { return a.at < b.at; });
}

// In the order in which lessons name them, that is server before client.
Program first_that_acts(const trace::Trace& trace) {
    for (std::size_t lane = 0; lane < trace.lanes.size(); ++lane) {
        const auto& calls = trace.lanes[lane].calls;
        for (std::size_t i = 0; i < trace.lanes[lane].endpoints.size(); ++i) {
            const Program program{static_cast<std::uint8_t>(lane), static_cast<std::uint8_t>(i)};
            if (std::any_of(calls.begin(), calls.end(),
                            [&](const model::CallRecord& call) { return call.endpoint == program.endpoint; }))
                return program;
        }
    }
    return {};
}

}  // namespace

Recording read_recording(std::shared_ptr<const trace::Trace> trace, const lesson::Lesson* lesson) {
    Recording recording;
    recording.trace = std::move(trace);
    if (!recording.trace) return recording;
    build_lanes(recording, lesson);
    merge_events(recording);
    find_beats(recording, lesson);
    recording.acting = first_that_acts(*recording.trace);
    return recording;
}

}  // namespace socketscope::player

// Puts a recording into the state: stories, the common list of events, beats and the story clock.
#include <algorithm>

#include "app/player/event_filter.hpp"
#include "app/player/state.hpp"

namespace socketscope::player {

namespace {

void build_lanes(State& state) {
    state.lanes.clear();
    for (const auto& trace : state.trace->lanes) {
        Lane lane;
        lane.story = std::make_unique<story::Story>(trace);
        lane.accent = static_cast<int>(state.lanes.size() % 3);
        lane.title = std::string(model::row(trace.kind).in_words);
        if (state.lesson)
            for (std::size_t i = 0; i < state.lesson->lanes.size() && i < state.lesson->lane_titles.size();
                 ++i)
                if (state.lesson->lanes[i] == trace.kind && !state.lesson->lane_titles[i].empty())
                    lane.title = state.lesson->lane_titles[i];
        state.lanes.push_back(std::move(lane));
    }
}

void merge_events(State& state) {
    state.events.clear();
    std::vector<TimeNs> times;
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        const auto& story = *state.lanes[i].story;
        const TimeNs start = story.trace().start_ns;
        for (std::uint32_t k = 0; k < story.events().size(); ++k) {
            state.events.push_back({story.events()[k].at_ns - start, static_cast<std::uint8_t>(i), k});
            times.push_back(story.events()[k].at_ns - start);
        }
    }
    std::stable_sort(state.events.begin(), state.events.end(),
                     [](const EventPlace& a, const EventPlace& b) { return a.at < b.at; });
    state.end = state.events.empty() ? 0 : state.events.back().at;
    for (const auto& lane : state.trace->lanes) state.end = std::max(state.end, lane.end_ns - lane.start_ns);
    state.clock = StoryClock(std::move(times), state.end);
    state.end = state.clock.end();
}

std::optional<std::pair<std::size_t, TimeNs>> find_beat(const State& state, const lesson::Beat& beat) {
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        const auto& story = *state.lanes[i].story;
        if (!beat.lane.empty() && beat.lane != model::to_string(story.trace().kind)) continue;
        if (const auto at = story.find(beat.at)) return std::pair(i, *at - story.trace().start_ns);
    }
    return std::nullopt;
}

void find_beats(State& state) {
    state.beats.clear();
    state.missing_beats.clear();
    if (!state.lesson) return;
    for (const auto& beat : state.lesson->beats) {
        const auto found = find_beat(state, beat);
        if (!found) {
            state.missing_beats.push_back(beat.name);
            continue;
        }
        BeatMark mark{beat.name,    beat.title, beat.caption, std::clamp<TimeNs>(found->second, 0, state.end),
                      found->first, SIZE_MAX};
        for (std::size_t i = 0; i < state.lesson->sections.size(); ++i)
            if (state.lesson->sections[i].beat == beat.name) mark.section = i;
        if (mark.title.empty() && mark.section != SIZE_MAX)
            mark.title = state.lesson->sections[mark.section].title;
        state.beats.push_back(std::move(mark));
    }
    std::stable_sort(state.beats.begin(), state.beats.end(),
                     [](const BeatMark& a, const BeatMark& b) { return a.at < b.at; });
}

}  // namespace

void refresh(State& state) {
    if (!state.trace) return;
    ++state.revision;
    build_lanes(state);
    merge_events(state);
    find_beats(state);
    state.filtered = filter_events(state);
    state.t = std::min(state.t, state.end);
    if (state.lesson) state.answers.resize(state.lesson->predictions.size(), -1);
}

void show(State& state, std::unique_ptr<trace::Trace> trace) {
    state.lanes.clear();  // they point into the old trace
    state.trace = std::move(trace);
    state.selected = state.hovered = {};
    state.linked.clear();
    state.view_from = state.view_to = state.loop_from = state.loop_to = 0;
    state.screen = Screen::lesson;
    refresh(state);
}

}  // namespace socketscope::player

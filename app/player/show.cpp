// Puts a recording into the state.
#include <algorithm>
#include <utility>

#include "app/player/event_filter.hpp"
#include "app/player/state.hpp"

namespace socketscope::player {

namespace {

const lesson::Lesson* lesson_of(const State& state) {
    return state.lesson ? &*state.lesson : nullptr;
}

Recording exchange(State& state, Recording recording) {
    Recording before = std::exchange(static_cast<Recording&>(state), std::move(recording));
    ++state.revision;
    state.t = std::min(state.t, state.end);
    if (state.lesson) state.answers.resize(state.lesson->predictions.size(), -1);
    return before;
}

}  // namespace

Recording grow(State& state, Recording recording) {
    Recording before = exchange(state, std::move(recording));
    go_on_with_filter(state, before);
    return before;
}

Recording show(State& state, Recording recording) {
    state.selected = state.hovered = {};
    state.linked.clear();
    state.view_from = state.view_to = state.loop_from = state.loop_to = 0;
    state.loop_mark.reset();
    state.screen = Screen::lesson;
    Recording before = exchange(state, std::move(recording));
    begin_filter(state);
    return before;
}

void show(State& state, std::unique_ptr<trace::Trace> trace) {
    show(state, read_recording(std::move(trace), lesson_of(state)));
}

void refresh(State& state) {
    grow(state, read_recording(state.trace, lesson_of(state)));
}

}  // namespace socketscope::player

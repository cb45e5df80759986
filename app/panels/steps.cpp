#include "app/panels/steps.hpp"

#include <algorithm>

namespace socketscope::panels {
namespace {

std::size_t step_of_beat(const player::State& state, const std::vector<Step>& steps,
                         const std::string& name) {
    const auto beat = find_beat(state, name);
    if (!beat) return 0;
    const auto found =
        std::find_if(steps.begin(), steps.end(), [&](const Step& s) { return s.beat == *beat; });
    return found == steps.end() ? 0 : static_cast<std::size_t>(found - steps.begin());
}

}  // namespace

std::vector<Step> steps_of(const player::State& state) {
    std::vector<Step> out;
    if (!state.lesson) return out;
    const auto& sections = state.lesson->sections;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const auto beat = sections[i].beat.empty() ? std::nullopt : find_beat(state, sections[i].beat);
        if (out.empty() || beat) {
            out.push_back({i, 1, beat.value_or(SIZE_MAX)});
        } else {
            ++out.back().sections;
        }
    }
    // In the order in which things happened in this run: one lane may be ahead of another in one run, and behind it in
    // the next. So the text is always that of the beat.
    std::stable_sort(out.begin(), out.end(), [&](const Step& a, const Step& b) {
        if (a.beat == SIZE_MAX || b.beat == SIZE_MAX) return a.beat == SIZE_MAX && b.beat != SIZE_MAX;
        return state.beats[a.beat].at < state.beats[b.beat].at;
    });
    return out;
}

std::size_t current_step(const player::State& state, const std::vector<Step>& steps) {
    std::size_t current = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].beat != SIZE_MAX && state.beats[steps[i].beat].at <= state.t) current = i;
    }
    return current;
}

std::vector<std::size_t> predictions_in(const player::State& state, const std::vector<Step>& steps,
                                        std::size_t step) {
    std::vector<std::size_t> out;
    if (!state.lesson) return out;
    for (std::size_t i = 0; i < state.lesson->predictions.size(); ++i) {
        const std::size_t shown = step_of_beat(state, steps, state.lesson->predictions[i].beat);
        if (step == (shown > 0 ? shown - 1 : 0)) out.push_back(i);
    }
    return out;
}

std::optional<std::size_t> find_beat(const player::State& state, const std::string& name) {
    for (std::size_t i = 0; i < state.beats.size(); ++i) {
        if (state.beats[i].name == name) return i;
    }
    return std::nullopt;
}

}  // namespace socketscope::panels

// The steps of a lesson's text: its sections, put together so that each step begins at a beat that was found.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/player/state.hpp"

namespace socketscope::panels {

struct Step {
    std::size_t first_section{0}, sections{0};
    std::size_t beat{SIZE_MAX};  // index into State::beats; SIZE_MAX: the opening, before any beat
};
std::vector<Step> steps_of(const player::State& state);
// The step that belongs to the playhead.
std::size_t current_step(const player::State& state, const std::vector<Step>& steps);
// The predictions to ask in a step: those whose moment comes with the next one, so that it is asked before it is shown.
std::vector<std::size_t> predictions_in(const player::State& state, const std::vector<Step>& steps,
                                        std::size_t step);
// Index into State::beats of a beat by its name.
std::optional<std::size_t> find_beat(const player::State& state, const std::string& name);

}  // namespace socketscope::panels

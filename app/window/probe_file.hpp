// What is shown, as a JSON file for tests that work as a person does. Written beside and renamed.
#pragma once

#include <string>
#include <vector>

#include "app/panels/view.hpp"
#include "app/player/state.hpp"
#include "app/window/backend.hpp"

namespace socketscope::window {

struct ProbeMoment {
    bool settled{false};  // nothing moves, no input waits: what is said here stays so
    std::uint64_t frame{0};
    float scale{1};
    int width{0}, height{0};
    double first_frame_ms{0};  // from the start of run_window() to the first picture
    float drawing_ms{0};       // of the last frame, outside OpenGL
    InputCounts input;
};
// A file that can't be written is a model::Failure.
void write_probe(const std::string& path, const player::State& state,
                 const std::vector<panels::ProbeItem>& items, const ProbeMoment& moment);

}  // namespace socketscope::window

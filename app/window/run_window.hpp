// The window of Socketscope: opens it, shows a lesson, a recorded trace or Home in it, and returns when it is closed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/style/palette.hpp"
#include "core/model/kind.hpp"

namespace socketscope::window {

struct WindowOptions {
    std::string lesson;                // path of a lesson or script to open; "" = none
    std::string trace;                 // path of a recorded trace to open; "" = none. Neither: Home
    std::vector<model::Kind> lanes;    // replace the lesson's lanes if not empty
    std::vector<std::string> lessons;  // paths of all lessons, in teaching order, for Home and its progress
    std::string first_look;            // path of the lesson that shows any one kind, for a cell of the matrix
    std::optional<std::uint64_t> seed;  // replaces the lesson's
    style::ThemeName theme{style::ThemeName::dark};
    float scale{0};  // 1 … 3; 0 = the monitor's
    bool presenter{false};
    int width{1280}, height{720};  // logical pixels at first
    std::string probe;             // file for tests: what is shown, as JSON, renamed into place; "" = none
    std::string version;           // shown in the help
};

// Returns 0 when the window was closed (Ctrl+Q, SIGTERM, SIGINT, the window's button). No display or no OpenGL 3.3 is a
// model::Failure that names what helps; a file that can't be opened is said in the window. Main thread only.
int run_window(const WindowOptions& options);

// Whether a display is named at all (DISPLAY, WAYLAND_DISPLAY): cheap, says nothing about whether it answers.
bool display_named();

}  // namespace socketscope::window

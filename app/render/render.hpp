// A moment of a trace as a picture, exactly as the window would show it: drawn by the CPU, no display, no GPU needed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/style/palette.hpp"
#include "core/lesson/lesson.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::render {

struct RenderOptions {
    std::shared_ptr<const trace::Trace> trace;
    std::optional<lesson::Lesson> lesson;  // its text, beats and captions; none: a bare trace
    std::string beat;                      // the moment: a beat of the lesson …
    // … or a time since the start of the lanes; neither: the first beat, else the end.
    std::optional<model::TimeNs> time_ns;
    int width{1280}, height{720};  // pixels of the picture
    float scale{1};                // 1 … 3
    style::ThemeName theme{style::ThemeName::dark};
    bool presenter{false};
    std::string output;  // file name; written beside and renamed
};

// Throws model::Failure: unknown beat (with those that exist), a size that makes no sense, a file that can't be
// written. Returns sentences worth saying (a font that is missing …).
std::vector<std::string> render_png(const RenderOptions& options);

}  // namespace socketscope::render

// A recording for commands that show one: loaded from a trace file, or recorded now from a lesson or script.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/lesson/lesson.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::cli {

struct Recording {
    std::shared_ptr<const trace::Trace> trace;
    // Of a trace: the lesson it was recorded from, if it holds its text.
    std::optional<lesson::Lesson> lesson;
    bool damaged{false};  // read up to the damage, which was said
};
// Damage is said on standard error. Throws model::Failure if nothing of it can be used.
Recording load_recording(const std::string& path);
// Mistakes and damage are said on standard error; then, and after Ctrl-C, there is no recording but an exit status.
// Throws model::Failure where nothing can be recorded on this machine.
struct RecordingOrStatus {
    std::optional<Recording> recording;
    int status{0};
};
RecordingOrStatus record_or_load(const std::string& source);

}  // namespace socketscope::cli

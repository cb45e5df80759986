#include "app/cli/recording.hpp"

#include "app/cli/command.hpp"
#include "app/cli/lessons.hpp"
#include "app/cli/terminal.hpp"
#include "core/run/runner.hpp"
#include "core/trace/file.hpp"

namespace socketscope::cli {

Recording load_recording(const std::string& path) {
    auto loaded = trace::load(path);
    Recording recording;
    recording.damaged = !loaded.damage.empty();
    if (recording.damaged) say("socketscope: " + path + ": " + loaded.damage);
    if (!loaded.trace.source.empty())
        recording.lesson = lesson::parse_lesson(loaded.trace.source, loaded.trace.source_name).lesson;
    recording.trace = std::make_shared<trace::Trace>(std::move(loaded.trace));
    return recording;
}

RecordingOrStatus record_or_load(const std::string& source) {
    if (trace::is_trace(source)) return {load_recording(source), kHeld};
    auto lesson = load(find_lesson(source));
    if (!lesson) return {std::nullopt, kBadInput};
    const auto scenario = scenario_of(*lesson, {});
    if (!scenario) return {std::nullopt, kBadInput};
    run::Runner runner;
    if (runner.rung().rung == host::Rung::replay)
        throw model::NotPossible({"nothing can be recorded on this machine", "", runner.rung().missing,
                                  "Saved traces can be shown all the same"});
    const InterruptGuard guard([&runner] { runner.stop(); });
    Recording recording;
    recording.trace = std::make_shared<trace::Trace>(runner.run(*scenario));
    recording.lesson = std::move(lesson);
    if (InterruptGuard::interrupted()) {
        say("socketscope: stopped");
        return {std::nullopt, kFailed};
    }
    return {std::move(recording), kHeld};
}

}  // namespace socketscope::cli

#include "app/cli/recording.hpp"

#include <filesystem>
#include <fstream>

#include "app/cli/lessons.hpp"
#include "app/cli/terminal.hpp"
#include "core/run/runner.hpp"
#include "core/trace/file.hpp"

namespace socketscope::cli {

namespace {

Recording load_trace(const std::string& path) {
    auto loaded = trace::load(path);
    if (!loaded.damage.empty()) say("socketscope: " + loaded.damage);
    Recording recording;
    if (!loaded.trace.source.empty())
        recording.lesson = lesson::parse_lesson(loaded.trace.source, loaded.trace.source_name).lesson;
    recording.trace = std::make_shared<trace::Trace>(std::move(loaded.trace));
    return recording;
}

}  // namespace

bool is_trace(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string start(64, '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    return start.find("socketscope-trace") != std::string::npos;
}

std::optional<Recording> record_or_load(const std::string& source) {
    std::error_code error;
    if (std::filesystem::is_regular_file(source, error) && is_trace(source)) return load_trace(source);
    auto lesson = load(find_lesson(source));
    if (!lesson) return std::nullopt;
    const auto scenario = scenario_of(*lesson, {});
    if (!scenario) return std::nullopt;
    run::Runner runner;
    if (runner.rung().rung == host::Rung::replay)
        throw model::NotPossible({"nothing can be recorded on this machine", "", runner.rung().missing,
                                  "Saved traces can be shown all the same"});
    const InterruptGuard guard([&runner] { runner.stop(); });
    Recording recording;
    recording.trace = std::make_shared<trace::Trace>(runner.run(*scenario));
    recording.lesson = std::move(lesson);
    return recording;
}

}  // namespace socketscope::cli

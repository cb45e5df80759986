// socketscope check: says what is wrong with a lesson at which line, then runs it.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "app/cli/command.hpp"
#include "app/cli/lessons.hpp"
#include "app/cli/outcome.hpp"
#include "app/cli/terminal.hpp"
#include "core/run/runner.hpp"
#include "core/trace/file.hpp"

namespace socketscope::cli {

namespace {

// With the line in the lesson's file, so that an editor can jump there.
void print_failures(const std::string& file, const trace::Trace& trace) {
    for (const auto& lane : trace.lanes) {
        if (!lane.refused.empty())
            say(fmt::format("{}: {}: {}: {}", file, model::to_string(lane.kind),
                            lane.calls.empty() ? "not run here" : "broken off", lane.refused));
        for (const auto& result : lane.expectations)
            if (!result.held)
                say(fmt::format("{}:{}: {}: expected {}, saw {}", file,
                                lane.endpoints[result.endpoint].file_line(result.line),
                                model::to_string(lane.kind), result.expected, result.seen));
    }
}

int check_file(const std::string& file, run::Runner& runner) {
    if (trace::is_trace(file))
        throw model::Failure({"`" + file + "` is a saved trace: there is nothing in it to check", "", "",
                              "`socketscope run TRACE` tells it again"});
    const auto lesson = load(file);
    if (!lesson) return kBadInput;
    const auto scenario = scenario_of(*lesson, {});
    if (!scenario) return kBadInput;
    const trace::Trace trace = runner.run(*scenario);
    print_failures(file, trace);
    const int status = outcome(trace);
    std::size_t count = 0;
    for (const auto& lane : trace.lanes) count += lane.expectations.size();
    if (status == kHeld)
        print(fmt::format("{}: {} lane{}, {}\n", file, trace.lanes.size(), trace.lanes.size() == 1 ? "" : "s",
                          count == 1 ? "1 expectation holds" : fmt::format("{} expectations hold", count)));
    return status;
}

int check_files(const std::vector<std::string>& names, bool all) {
    std::vector<std::string> files;
    if (all) files = lesson_paths();
    for (const auto& name : names) files.push_back(find_lesson(name));
    if (files.empty())
        throw model::Failure({"nothing to check", "", "",
                              "Name a FILE, or use --all for the lessons that come with the program"});
    run::Runner runner;
    const InterruptGuard guard([&runner] { runner.stop(); });
    // The worst of all files: bad input says more than a machine that can't, and that more than a failed expectation.
    int bad = kHeld, impossible = kHeld, failed = kHeld;
    for (const auto& file : files) {
        const int status = check_file(file, runner);
        if (status == kBadInput) bad = status;
        if (status == kNotPossible) impossible = status;
        if (status == kFailed) failed = status;
        if (InterruptGuard::interrupted()) {
            say("socketscope: stopped");
            return kFailed;
        }
    }
    return bad ? bad : failed ? failed : impossible;
}

}  // namespace

Action add_check(CLI::App& app) {
    const auto files = std::make_shared<std::vector<std::string>>();
    const auto all = std::make_shared<bool>(false);
    app.add_option("FILE", *files, "lessons or script files");
    app.add_flag("--all", *all, "every lesson that comes with the program");
    app.footer("Examples:\n  socketscope check my-lesson.md\n  socketscope check --all");
    return [files, all] { return check_files(*files, *all); };
}

}  // namespace socketscope::cli

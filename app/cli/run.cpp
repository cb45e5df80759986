// socketscope run: a lesson or a script on real sockets, told as a ladder in text or as JSON.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/cli/command.hpp"
#include "app/cli/duration_option.hpp"
#include "app/cli/events.hpp"
#include "app/cli/lessons.hpp"
#include "app/cli/outcome.hpp"
#include "app/cli/recording.hpp"
#include "app/cli/run_json.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/usage.hpp"
#include "core/run/runner.hpp"
#include "core/trace/file.hpp"

namespace socketscope::cli {

namespace {

struct RunOptions {
    std::string lesson, trace_file, beside;
    std::string settle{"500ms"};
    std::vector<std::string> lanes;
    std::optional<std::uint64_t> seed;
    bool json{false}, events{false};

    bool trace_to_output() const { return trace_file == "-"; }
};

void tell_as_wished(const trace::Trace& trace, const RunOptions& options) {
    if (options.trace_to_output())
        trace::write(trace, [](std::string_view text) { print(text); });
    else if (options.events)
        tell_events(trace, [](std::string_view text) { return print(text); });
    else if (options.json)
        write_run_json(trace, print);
    else
        print(tell(trace, ladder_for_terminal()));
}

// A saved trace is not run again but told again.
int tell_recording(const RunOptions& options) {
    if (!options.lanes.empty() || options.seed || !options.beside.empty())
        throw model::Failure({"`" + options.lesson + "` is a saved trace: it is told again, not run again",
                              "", "--lane, --seed and --beside change a run", "Leave them out"});
    const Recording recording = load_recording(options.lesson);
    tell_as_wished(*recording.trace, options);
    if (!options.trace_file.empty() && !options.trace_to_output())
        trace::save(*recording.trace, options.trace_file);
    return recording.damaged ? kBadInput : outcome(*recording.trace);
}

int run_lesson(const RunOptions& options) {
    const auto lanes = parse_lanes(options.lanes);
    run::Options run_options;
    run_options.beside = options.beside;
    run_options.settle_ns = parse_duration(options.settle, "--settle");
    if (!options.trace_file.empty() && !options.trace_to_output()) trace::check_can_save(options.trace_file);
    if (trace::is_trace(options.lesson)) return tell_recording(options);
    const auto lesson = load(find_lesson(options.lesson));
    if (!lesson) return kBadInput;
    auto scenario = scenario_of(*lesson, lanes);
    if (!scenario) return kBadInput;
    if (options.seed) scenario->seed = *options.seed;

    run::Runner runner;
    if (runner.rung().rung == host::Rung::replay) {
        say(model::Problem{"nothing can be run on this machine", "", runner.rung().missing,
                           "Saved traces open all the same: socketscope open TRACE"});
        return kNotPossible;
    }
    if (!runner.rung().missing.empty()) say(runner.rung().missing);
    trace::Trace trace;
    {
        const InterruptGuard guard([&runner] { runner.stop(); });
        trace = runner.run(*scenario, run_options);
    }  // a second Ctrl-C ends us, however much there is to print
    tell_as_wished(trace, options);
    if (InterruptGuard::interrupted()) say("socketscope: stopped; what was recorded until then is above");
    // Last: a disk that is full by now must not cost what was seen.
    if (!options.trace_file.empty() && !options.trace_to_output()) trace::save(trace, options.trace_file);
    // A lane that did not begin any more is not one that this machine can't run.
    return InterruptGuard::interrupted() ? kFailed : outcome(trace);
}

}  // namespace

Action add_run(CLI::App& app) {
    const auto options = std::make_shared<RunOptions>();
    app.add_option("LESSON|FILE|TRACE", options->lesson,
                   "name of a lesson; a lesson or script file; a saved trace, which is told again")
        ->required();
    app.add_option("--trace", options->trace_file,
                   "save the recording (JSON Lines) here; - = standard output, nothing else then")
        ->check(CLI::Validator(not_empty, ""));
    add_seed(app, options->seed);
    app.add_option("--lane", options->lanes,
                   "kind of socket, for example inet/dgram; may be given several times")
        ->allow_extra_args(false);
    auto* json = app.add_flag("--json", options->json, "JSON instead of the text ladder (docs/json.md)");
    app.add_flag("--events", options->events, "the recorded events instead, one a line")->excludes(json);
    app.add_option("--beside", options->beside,
                   "shell command run in each host as long as the run lasts; {host} = client, server")
        ->check(CLI::Validator(not_empty, ""));
    app.add_option("--settle", options->settle, "how long that command gets to start, for example 500ms")
        ->needs("--beside");
    app.footer(
        "Examples:\n"
        "  socketscope run one-packet-is-lost\n"
        "  socketscope run my-script.txt --lane unix/stream --lane inet6/dgram --trace out.jsonl\n"
        "  socketscope run out.jsonl --events | grep send\n"
        "  socketscope run reordering --beside 'tcpdump -i wire0 -w /tmp/{host}.pcap'\n"
        "Exit status: 0 all expectations hold, 1 one fails, 2 bad input, 3 not possible on this machine.");
    return [options] {
        if (options->trace_to_output() && (options->json || options->events))
            throw model::Failure({"`--trace -` and `" + std::string(options->json ? "--json" : "--events") +
                                      "` both want standard output",
                                  "", "", "Give the trace a file"});
        return run_lesson(*options);
    };
}

}  // namespace socketscope::cli

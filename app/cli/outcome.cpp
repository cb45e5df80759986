#include "app/cli/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "app/cli/columns.hpp"
#include "app/cli/command.hpp"
#include "app/cli/terminal.hpp"
#include "core/story/story.hpp"

namespace socketscope::cli {

namespace {

constexpr std::size_t kWidestLadder = 160;  // beyond that the eye has too far to go

bool held(const trace::ExpectationResult& result) {
    return result.held;
}

std::string expectations_text(const trace::LaneTrace& lane) {
    if (lane.expectations.empty()) return {};
    const auto good = std::count_if(lane.expectations.begin(), lane.expectations.end(), held);
    std::string text = fmt::format("Expectations: {} of {} hold.\n", good, lane.expectations.size());
    for (const auto& result : lane.expectations)
        if (!result.held)
            text += fmt::format("  ✗ {} line {}: expected {}, saw {}\n", lane.endpoints[result.endpoint].name,
                                lane.endpoints[result.endpoint].file_line(result.line), result.expected,
                                result.seen);
    return text;
}

// A line that could not be carried out: its program did less than it says.
bool is_failed_line(const model::NoteRecord& note) {
    return note.what == model::Note::script_error && note.line > 0;
}

std::string failed_lines_text(const trace::LaneTrace& lane) {
    std::string text;
    std::set<std::pair<std::uint8_t, std::uint32_t>> told;  // a line in a loop once
    for (const auto& note : lane.notes)
        if (is_failed_line(note) && told.insert({note.endpoint, note.line}).second)
            text +=
                fmt::format("  ✗ {} line {} was not carried out: {}\n", lane.endpoints[note.endpoint].name,
                            lane.endpoints[note.endpoint].file_line(note.line), lane.bytes(note.text));
    return text;
}

std::string lane_text(const trace::LaneTrace& lane, const LadderOptions& options) {
    std::string text =
        fmt::format("═══ {} — {}\n", model::to_string(lane.kind), model::row(lane.kind).in_words);
    if (!lane.refused.empty())
        text += (lane.calls.empty() ? "Not run here: " : "Broken off: ") + lane.refused + "\n";
    text += ladder(story::Story(lane), options);
    text += expectations_text(lane);
    text += failed_lines_text(lane);
    if (!lane.complete && lane.refused.empty()) text += "The run was stopped before its end.\n";
    if (lane.dropped_events)
        text += fmt::format("{} events are missing: the log was full.\n", lane.dropped_events);
    return text + "\n";
}

}  // namespace

LadderOptions ladder_for_terminal() {
    LadderOptions options;
    const Terminal terminal = terminal_of_output();
    if (terminal.columns > 0) options.width = std::min(terminal.columns, kWidestLadder);
    options.unicode = terminal.unicode;
    return options;
}

std::string tell(const trace::Trace& trace, const LadderOptions& options) {
    std::string text = trace.title + "\n";
    text += fmt::format("{} · {} · seed {}\n\n", trace.rung, trace.kernel, trace.seed);
    for (const auto& lane : trace.lanes) text += lane_text(lane, options);
    return options.unicode ? text : to_ascii(text);
}

int outcome(const trace::Trace& trace) {
    int status = kHeld;
    for (const auto& lane : trace.lanes) {
        if (!lane.refused.empty()) return kNotPossible;
        const bool as_written = std::all_of(lane.expectations.begin(), lane.expectations.end(), held) &&
                                std::none_of(lane.notes.begin(), lane.notes.end(), is_failed_line);
        if (!lane.complete || !as_written) status = kFailed;
    }
    return status;
}

}  // namespace socketscope::cli

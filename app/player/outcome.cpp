#include "app/player/outcome.hpp"

#include <algorithm>

namespace socketscope::player {

std::string failures_text(const trace::Trace& trace) {
    constexpr std::size_t kMost = 4;  // told one by one
    std::size_t checked = 0, failed = 0;
    std::string lines, stopped;
    for (const trace::LaneTrace& lane : trace.lanes) {
        const std::string kind = model::to_string(lane.kind);
        if (!lane.complete && lane.refused.empty()) stopped.append(stopped.empty() ? "" : ", ").append(kind);
        if (!lane.refused.empty()) continue;  // nothing of it can hold: the stage says why
        for (const trace::ExpectationResult& result : lane.expectations) {
            ++checked;
            if (result.held || ++failed > kMost) continue;
            const trace::Endpoint& program = lane.endpoints.at(result.endpoint);
            lines.append("\n").append(kind).append(", ").append(program.name).append(" line ");
            lines.append(std::to_string(program.file_line(result.line)));
            lines.append(": expected ").append(result.expected);
            lines.append(result.seen == "not reached" ? ", " : ", saw ").append(result.seen);
        }
    }
    std::string out;
    if (!stopped.empty()) out = "The run was stopped before its end (" + stopped + "). ";
    if (failed > 0)
        out +=
            std::to_string(failed) + " of " + std::to_string(checked) + " expectations did not hold:" + lines;
    if (failed > kMost) out += "\nand " + std::to_string(failed - kMost) + " more";
    return out;
}

std::string not_borne_out(const State& state, const lesson::Prediction& prediction) {
    if (!state.trace || state.running) return {};
    const auto& missing = state.missing_beats;
    if (!prediction.beat.empty() &&
        std::find(missing.begin(), missing.end(), prediction.beat) != missing.end())
        return "the moment that shows it did not happen in this run";
    for (const trace::LaneTrace& lane : state.trace->lanes) {
        if (!lane.refused.empty()) continue;  // nothing of it can hold: the stage says why
        if (!std::all_of(lane.expectations.begin(), lane.expectations.end(),
                         [](const auto& e) { return e.held; }))
            return "in this run not everything went as the lesson expects (" + model::to_string(lane.kind) +
                   ")";
    }
    return {};
}

}  // namespace socketscope::player

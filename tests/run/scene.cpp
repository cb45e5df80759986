#include "tests/run/scene.hpp"

#include <stdexcept>

#include "core/model/call.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::tests {

lesson::Scenario scene(const std::vector<std::string>& kinds, const std::vector<Part>& parts) {
    lesson::Scenario scenario;
    scenario.title = "test";
    std::vector<std::string> names;
    for (const Part& part : parts) names.push_back(part.name);
    for (const std::string& kind : kinds) {
        lesson::LanePlan lane;
        lane.kind = model::parse_kind(kind).value();
        for (const Part& part : parts) {
            auto parsed = script::parse(part.script, names);
            if (!parsed.ok()) {
                std::string all;
                for (const auto& diagnostic : parsed.diagnostics) all += diagnostic.format(part.name) + "\n";
                throw std::runtime_error(all);
            }
            const auto host = part.name.starts_with("server") ? model::Host::server : model::Host::client;
            lane.endpoints.push_back({part.name, host, part.script, 0, std::move(parsed.program)});
        }
        scenario.lanes.push_back(std::move(lane));
    }
    return scenario;
}

namespace {

std::string call_text(const trace::LaneTrace& lane, const model::CallRecord& call) {
    std::string text = std::string(model::row(call.call).name) + "(" +
                       (call.fd >= 0 ? std::to_string(call.fd) : "") + ") = ";
    if (call.exit_ns == model::kNever) return text + "…";
    text += std::to_string(call.result);
    if (call.result == -1) text += " " + model::errno_name(call.error);
    if (model::receives(call.call) && call.data.size > 0)
        text += " " + std::string(lane.bytes(call.data).substr(0, 60));
    if ((call.flags & model::kRaisedSigpipe) != 0) text += " SIGPIPE";
    if ((call.flags & model::kInterrupted) != 0) text += " interrupted";
    return text;
}

}  // namespace

std::string calls_text(const trace::LaneTrace& lane) {
    std::string text =
        model::to_string(lane.kind) + (lane.refused.empty() ? "" : " refused: " + lane.refused) + "\n";
    for (const auto& call : lane.calls)
        text += "  " + lane.endpoints[call.endpoint].name + " " + std::to_string(call.line) + ": " +
                call_text(lane, call) + ((call.flags & model::kOurOwnCall) != 0 ? "  (ours)" : "") + "\n";
    return text + complaints(lane);
}

std::vector<std::string> calls_of(const trace::LaneTrace& lane, const std::string& endpoint) {
    std::vector<std::string> list;
    for (const auto& call : lane.calls)
        if (lane.endpoints[call.endpoint].name == endpoint && (call.flags & model::kOurOwnCall) == 0)
            list.push_back(call_text(lane, call));
    return list;
}

std::string complaints(const trace::LaneTrace& lane) {
    std::string text;
    for (const auto& result : lane.expectations)
        if (!result.held)
            text += lane.endpoints[result.endpoint].name + " line " + std::to_string(result.line) +
                    ": expected " + result.expected + ", seen " + result.seen + "\n";
    for (const auto& note : lane.notes)
        if (note.what == model::Note::script_error || note.what == model::Note::remark)
            text += lane.endpoints[note.endpoint].name + " line " + std::to_string(note.line) + ": " +
                    std::string(lane.bytes(note.text)) + "\n";
    return text;
}

}  // namespace socketscope::tests

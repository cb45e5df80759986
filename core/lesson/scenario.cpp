// From a lesson to what runs: one plan a lane, with the most specific script of each endpoint.
#include <algorithm>

#include "core/lesson/lesson.hpp"
#include "core/lesson/report.hpp"
#include "core/lesson/waits.hpp"
#include "core/script/selector.hpp"

namespace socketscope::lesson {

namespace {

const ScriptText* most_specific(const EndpointSpec& endpoint, const std::string& kind_name) {
    const ScriptText* best = nullptr;
    int best_rank = 0;
    for (const auto& candidate : endpoint.scripts) {
        const int rank = script::selector_rank(candidate.key, kind_name);
        if (rank <= best_rank) continue;
        best_rank = rank;
        best = &candidate;
    }
    return best;
}

std::string title_of(const Lesson& lesson, model::Kind kind) {
    const auto lane = std::find(lesson.lanes.begin(), lesson.lanes.end(), kind);
    const auto index = static_cast<std::size_t>(lane - lesson.lanes.begin());
    return index < lesson.lane_titles.size() ? lesson.lane_titles[index]
                                             : std::string(model::row(kind).in_words);
}

LanePlan plan_lane(const Lesson& lesson, model::Kind kind, const std::vector<std::string>& names,
                   Report& report) {
    LanePlan plan{kind, title_of(lesson, kind), lesson.link, {}};
    const std::string kind_name = model::to_string(kind);
    for (const auto& endpoint : lesson.endpoints) {
        const ScriptText* text = most_specific(endpoint, kind_name);
        if (!text) {
            report.error({endpoint.line, endpoint.column},
                         "no script of `" + endpoint.name + "` for the lane " + kind_name,
                         "a script under the key `any` runs in every lane");
            continue;
        }
        plan.endpoints.push_back({endpoint.name, endpoint.host, text->text, text->line,
                                  script::parse(text->text, names).program, text->indent});
    }
    std::stable_partition(plan.endpoints.begin(), plan.endpoints.end(),
                          [](const EndpointPlan& endpoint) { return endpoint.host == model::Host::server; });
    return plan;
}

// Every script of the file, also those that no lane uses. Their lines become those of the file.
void check_scripts(const Lesson& lesson, const std::vector<std::string>& names, Report& report) {
    for (const auto& endpoint : lesson.endpoints) {
        for (const auto& text : endpoint.scripts) {
            for (auto& mistake : script::parse(text.text, names).diagnostics) {
                if (mistake.line <= 1 && mistake.column > 0) mistake.column += text.column;
                if (mistake.column > 0) mistake.column += text.indent;
                mistake.line = std::max(mistake.line, 1) + text.line - 1;
                report.add(std::move(mistake));
            }
        }
    }
}

}  // namespace

bool ScenarioResult::ok() const {
    return no_errors(diagnostics);
}

ScenarioResult make_scenario(const Lesson& lesson, const std::vector<model::Kind>& kinds) {
    ScenarioResult result;
    Report report;
    std::vector<std::string> names;
    names.reserve(lesson.endpoints.size());
    for (const auto& endpoint : lesson.endpoints) names.push_back(endpoint.name);
    if (lesson.endpoints_unsure) names.insert(names.end(), {"server", "client"});
    check_scripts(lesson, names, report);
    // A line that could not be read is perhaps the one that is waited for.
    const bool scripts_good = !report.has_errors();
    Scenario& scenario = result.scenario;
    scenario.title = lesson.title;
    scenario.source = lesson.source;
    scenario.source_name = lesson.file;
    scenario.sysctl = lesson.sysctl;
    scenario.seed = lesson.seed;
    scenario.timeout_ns = lesson.timeout_ns;
    for (const auto kind : kinds.empty() ? lesson.lanes : kinds) {
        scenario.lanes.push_back(plan_lane(lesson, kind, names, report));
        settle_waits(scenario.lanes.back());
        if (scripts_good) check_waits(scenario.lanes.back(), report);
    }
    result.diagnostics = report.take();
    return result;
}

}  // namespace socketscope::lesson

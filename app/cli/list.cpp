// socketscope list: the lessons that come with the program.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

#include "app/cli/command.hpp"
#include "app/cli/lessons.hpp"
#include "app/cli/terminal.hpp"

namespace socketscope::cli {

namespace {

std::vector<std::string> lane_names(const lesson::Lesson& lesson) {
    std::vector<std::string> names;
    for (const auto& lane : lesson.lanes) names.push_back(model::to_string(lane));
    return names;
}

int list_lessons(bool json) {
    nlohmann::ordered_json entries = nlohmann::ordered_json::array();
    std::string text;
    bool all_good = true;
    const auto paths = lesson_paths();
    if (paths.empty()) throw model::NotPossible(no_lessons("there are no lessons"));
    for (const auto& path : paths) {
        const auto lesson = load(path);
        if (!lesson) {
            all_good = false;
            continue;
        }
        const auto lanes = lane_names(*lesson);
        entries.push_back({{"name", lesson->name},
                           {"title", lesson->title},
                           {"summary", lesson->summary},
                           {"lanes", lanes}});
        text +=
            fmt::format("{:<28} {}\n{:<28} {}\n", lesson->name, lesson->title, "", fmt::join(lanes, " · "));
    }
    if (json) text = nlohmann::ordered_json{{"lessons", entries}}.dump(2) + "\n";
    print(text);
    return all_good ? kHeld : kBadInput;
}

}  // namespace

Action add_list(CLI::App& app) {
    const auto json = std::make_shared<bool>(false);
    app.add_flag("--json", *json, "JSON: {\"lessons\": [{\"name\", \"title\", \"summary\", \"lanes\"}]}");
    app.footer("Example:\n  socketscope list --json");
    return [json] { return list_lessons(*json); };
}

}  // namespace socketscope::cli

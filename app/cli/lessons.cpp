#include "app/cli/lessons.hpp"

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/cli/terminal.hpp"

namespace socketscope::cli {

namespace fs = std::filesystem;

namespace {

// "20-one-packet-is-lost" → "one-packet-is-lost": the number only orders the files.
std::string without_number(const std::string& name) {
    const auto digits = name.find_first_not_of("0123456789");
    return digits != std::string::npos && digits > 0 && name[digits] == '-' ? name.substr(digits + 1) : name;
}

void print_mistakes(const std::vector<model::Diagnostic>& mistakes, const std::string& file) {
    for (const auto& mistake : mistakes) say(mistake.format(file));
}

}  // namespace

std::string lessons_folder() {
    std::error_code error;
    std::vector<fs::path> places;
    if (const char* assets = std::getenv("SOCKETSCOPE_ASSETS"))
        places.emplace_back(fs::path(assets) / "lessons");
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) places.push_back(program.parent_path().parent_path() / "share/socketscope/lessons");
    places.emplace_back(SOCKETSCOPE_SOURCE_ASSETS "/lessons");
    for (const auto& place : places)
        if (fs::is_directory(place, error)) return place.string();
    return {};
}

std::vector<std::string> lesson_paths() {
    const std::string folder = lessons_folder();
    return folder.empty() ? std::vector<std::string>{} : lesson::lesson_files(folder);
}

std::string find_lesson(const std::string& name) {
    std::error_code error;
    if (fs::exists(name, error) && !fs::is_directory(name, error)) return name;
    std::vector<std::string> names;
    for (const auto& path : lesson_paths()) {
        const std::string stem = fs::path(path).stem().string();
        if (name == stem || name == without_number(stem)) return path;
        names.push_back(without_number(stem));
    }
    std::string list;
    for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
    const std::string near = model::nearest(name, names);
    throw model::Failure({"there is no lesson or file `" + name + "`", "", "",
                          near.empty() ? "The lessons are: " + list
                                       : "Did you mean `" + near + "`? The lessons are: " + list});
}

std::optional<lesson::Lesson> load(const std::string& path) {
    auto loaded = lesson::load_lesson(path);
    print_mistakes(loaded.diagnostics, path);
    if (!loaded.ok()) return std::nullopt;
    return std::move(loaded.lesson);
}

std::vector<model::Kind> parse_lanes(const std::vector<std::string>& names) {
    std::vector<model::Kind> lanes;
    for (const auto& name : names) {
        const auto kind = model::parse_kind(name);
        if (!kind)
            throw model::Failure({"there is no kind of socket `" + name + "`", "--lane", "",
                                  "The kinds are: " + model::kind_names()});
        lanes.push_back(*kind);
    }
    return lanes;
}

std::optional<lesson::Scenario> scenario_of(const lesson::Lesson& lesson,
                                            const std::vector<model::Kind>& lanes) {
    auto made = lesson::make_scenario(lesson, lanes);
    // What holds for the lesson's own lanes was said when it was loaded.
    std::set<std::string> said;
    for (const auto& known : lesson::make_scenario(lesson).diagnostics)
        said.insert(known.format(lesson.file));
    std::erase_if(made.diagnostics,
                  [&](const auto& mistake) { return said.count(mistake.format(lesson.file)) == 1; });
    print_mistakes(made.diagnostics, lesson.file);
    if (!made.ok()) return std::nullopt;
    return std::move(made.scenario);
}

}  // namespace socketscope::cli

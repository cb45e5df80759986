#include "app/cli/lessons.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/cli/terminal.hpp"
#include "core/model/errno_text.hpp"
#include "core/script/token.hpp"
#include "core/script/words.hpp"

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

model::Failure unknown_kind(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& row : model::kinds()) names.emplace_back(row.name);
    const std::string near = script::nearest_word(name, names);
    return model::Failure(
        {"there is no kind of socket `" + script::printable(name) + "`", "--lane", "",
         (near.empty() ? "" : "Did you mean `" + near + "`? ") + "The kinds are: " + model::kind_names()});
}

}  // namespace

std::string lessons_folder() {
    std::error_code error;
    std::vector<fs::path> places;
    if (const char* assets = std::getenv("SOCKETSCOPE_ASSETS"); assets != nullptr && *assets != '\0') {
        const fs::path wanted = fs::path(assets) / "lessons";
        if (fs::is_directory(wanted, error)) return wanted.string();
        throw model::Failure(
            {"there is no folder " + wanted.string(), "SOCKETSCOPE_ASSETS", "",
             "It must name the folder that holds `lessons`; unset it for those of the program"});
    }
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) places.push_back(program.parent_path().parent_path() / "share/socketscope/lessons");
    places.emplace_back(SOCKETSCOPE_SOURCE_ASSETS "/lessons");
    for (const auto& place : places)
        if (fs::is_directory(place, error)) return place.string();
    return {};
}

model::Problem no_lessons(const std::string& what) {
    return {what, "", "the lessons of the program are neither beside it nor where it was built",
            "SOCKETSCOPE_ASSETS can name the folder that holds `lessons`"};
}

std::vector<std::string> lesson_paths() {
    const std::string folder = lessons_folder();
    return folder.empty() ? std::vector<std::string>{} : lesson::lesson_files(folder);
}

std::string first_look_path() {
    const std::string folder = lessons_folder();
    return folder.empty() ? std::string{} : (fs::path(folder).parent_path() / "kinds/first-look.md").string();
}

std::string find_lesson(const std::string& name) {
    struct stat status {};
    const int failed = ::stat(name.c_str(), &status) == 0 ? 0 : errno;
    if (failed == 0 && !S_ISDIR(status.st_mode)) return name;
    std::vector<std::string> names;
    for (const auto& path : lesson_paths()) {
        const std::string stem = fs::path(path).stem().string();
        if (name == stem || name == without_number(stem)) return path;
        names.push_back(without_number(stem));
    }
    const std::string shown = "`" + script::printable(name) + "`";
    if (failed == 0) throw model::Failure({shown + " is a folder", "", "", "Name a file in it"});
    if (failed != ENOENT)
        throw model::Failure({shown + " can't be opened", "", model::errno_sentence(failed), ""});
    if (names.empty()) throw model::Failure(no_lessons("there is no file " + shown));
    std::string list;
    for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
    const std::string near = model::nearest(name, names);
    throw model::Failure({"there is no lesson or file " + shown, "", "",
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
        if (!kind) throw unknown_kind(name);
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

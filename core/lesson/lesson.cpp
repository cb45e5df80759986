#include "core/lesson/lesson.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <tuple>

#include "core/lesson/front_matter.hpp"
#include "core/lesson/plain.hpp"
#include "core/lesson/prose.hpp"
#include "core/script/token.hpp"
#include "core/script/words.hpp"

namespace socketscope::lesson {

namespace {

constexpr std::size_t kLongestFile = 8 * 1024 * 1024;

// "20-one-packet-is-lost.md" → "one-packet-is-lost", and 20 as its place in the list.
void name_from_file(const std::string& file, Lesson& lesson) {
    std::string stem = std::filesystem::path(file).stem().string();
    const auto digits = std::min(stem.find_first_not_of("0123456789"), stem.size());
    constexpr std::size_t kMostDigits = 6;
    if (digits > 0 && digits <= kMostDigits && digits < stem.size() && stem[digits] == '-') {
        lesson.order = std::stoi(stem.substr(0, digits));
        stem.erase(0, digits + 1);
    }
    lesson.name = stem;
}

// One line without its end; moves `text` behind it.
std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    return line;
}

constexpr std::string_view kFence = "+++";

void parse_fenced(std::string_view text, Lesson& lesson, Report& report) {
    constexpr int kFirstLine = 2;  // line 1 is the fence
    take_line(text);
    const std::string_view from_front_matter = text;
    int line = kFirstLine;
    std::size_t size = 0;
    bool closed = false;
    for (; !text.empty() && !closed; ++line) {
        size = static_cast<std::size_t>(text.data() - from_front_matter.data());
        closed = take_line(text) == kFence;
    }
    if (!closed) return report.error({1, 1}, "the front matter has no end", "a second line `+++` ends it");
    if (!parse_front_matter(from_front_matter.substr(0, size), kFirstLine, lesson, report)) return;
    lesson.sections = parse_prose(text, line);
}

// Of what stands in that line of the file; column 0 if the line, as md4c counted it, does not hold it.
Place place_of(const Lesson& lesson, int line, std::string_view what) {
    std::string_view text = lesson.source;
    for (int i = 1; i < line; ++i) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const auto at = text.substr(0, text.find('\n')).rfind(what);
    return {line, at == std::string_view::npos ? 0 : static_cast<int>(at) + 1};
}

// "## The hole {bet=hole}", "{beat=hole", "{beat=}", "beat=hole": ties nothing, and hardly meant so.
void warn_of_misspelt_tie(const Lesson& lesson, const Section& section, Report& report) {
    const auto brace = section.title.rfind('{');
    const bool other_word = brace != std::string::npos && section.title.ends_with('}') &&
                            section.title.find('=', brace) != std::string::npos;
    const Place at = place_of(lesson, section.line, other_word ? "{" : "beat=");
    if (at.column > 0)
        report.warning(at, "this ties the section to no beat", "`{beat=NAME}` at the end of a heading does");
}

// The prose names beats; a beat without a title takes that of its section.
void tie_prose_to_beats(Lesson& lesson, Report& report) {
    std::vector<std::string> names;
    names.reserve(lesson.beats.size());
    for (const auto& beat : lesson.beats) names.push_back(beat.name);
    for (const auto& section : lesson.sections) {
        if (section.beat.empty()) {
            warn_of_misspelt_tie(lesson, section, report);
            continue;
        }
        const auto beat = std::find_if(lesson.beats.begin(), lesson.beats.end(),
                                       [&](const Beat& known) { return known.name == section.beat; });
        if (beat == lesson.beats.end())
            report.error(place_of(lesson, section.line, section.beat),
                         "there is no beat `" + script::printable(section.beat) + "`",
                         script::did_you_mean(section.beat, names));
        else if (beat->title.empty())
            beat->title = section.title;
    }
    for (auto& beat : lesson.beats)
        if (beat.title.empty()) beat.title = beat.name;
}

LoadResult refused(const std::string& message, const std::string& suggestion = {}, Place at = {}) {
    LoadResult result;
    result.diagnostics.push_back({at.line, at.column, message, suggestion, false});
    return result;
}

}  // namespace

bool LoadResult::ok() const {
    return lesson.has_value() && no_errors(diagnostics);
}

LoadResult parse_lesson(std::string_view text, const std::string& file) {
    if (text.size() > kLongestFile)
        return refused("the file has " + std::to_string(text.size()) + " bytes: a lesson has at most 8 MB");
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return refused("expected UTF-8, found UTF-16", "an editor's “save as” offers it", {1, 1});
    if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
        const std::string_view before = text.substr(0, zero);
        const auto lines = std::count(before.begin(), before.end(), '\n');
        const std::size_t column = zero - (before.rfind('\n') + 1);  // npos + 1 = 0
        return refused("expected text, found a zero byte: this is no lesson", "",
                       {static_cast<int>(lines) + 1, static_cast<int>(column) + 1});
    }
    Lesson lesson;
    Report report;
    lesson.source = std::string(text);
    lesson.file = file;
    name_from_file(file, lesson);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // byte order mark
    std::string_view rest = text;
    const bool fenced = take_line(rest) == kFence;
    if (!fenced && file.ends_with(".md"))
        return refused(
            "expected `+++` on the first line: front matter in TOML, a second `+++`, then the text",
            "docs/lessons.md shows one", {1, 1});
    if (fenced)
        parse_fenced(text, lesson, report);
    else
        parse_plain(text, lesson, report);
    if (lesson.title.empty()) lesson.title = lesson.name;
    tie_prose_to_beats(lesson, report);
    LoadResult result;
    // What make_scenario() finds in scripts and lanes is wrong with the file as well.
    if (!lesson.lanes.empty() && !lesson.endpoints.empty()) {
        for (auto& mistake : make_scenario(lesson).diagnostics) report.add(std::move(mistake));
        result.lesson = std::move(lesson);
    }
    result.diagnostics = report.take();
    if (!no_errors(result.diagnostics)) result.lesson.reset();
    return result;
}

LoadResult load_lesson(const std::string& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) return refused("this is a folder, not a lesson");
    // O_NONBLOCK: opening a named pipe would wait for somebody who writes; without one it reads as empty (fifo(7)).
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return refused("can't be opened: " + std::string(std::strerror(errno)));
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    std::string text(kLongestFile + 1, '\0');
    std::size_t size = 0;
    ssize_t got = 1;
    while (size < text.size() && got != 0) {
        got = ::read(fd, text.data() + size, text.size() - size);
        if (got < 0 && errno != EINTR) break;
        if (got > 0) size += static_cast<std::size_t>(got);
    }
    const int failed = got < 0 ? errno : 0;
    ::close(fd);
    if (failed) return refused("can't be read: " + std::string(std::strerror(failed)));
    text.resize(size);
    if (text.size() > kLongestFile) return refused("the file is longer than 8 MB: that is no lesson");
    return parse_lesson(text, file);
}

std::vector<std::string> lesson_files(const std::string& folder) {
    struct Found {
        int order;
        std::string name, file;
    };
    std::vector<Found> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".md") continue;
        Lesson named;
        name_from_file(entry->path().string(), named);
        const auto loaded = load_lesson(entry->path().string());
        found.push_back(
            {loaded.lesson ? loaded.lesson->order : named.order, named.name, entry->path().string()});
    }
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return std::tie(a.order, a.name) < std::tie(b.order, b.name);
    });
    std::vector<std::string> files;
    files.reserve(found.size());
    for (auto& lesson : found) files.push_back(std::move(lesson.file));
    return files;
}

}  // namespace socketscope::lesson

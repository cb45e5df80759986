// Our own lessons on this kernel: every lane runs, every expectation holds. SOCKETSCOPE_LESSON_RUNS=50 repeats each.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/lesson/lesson.hpp"
#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;

namespace {

int runs() {
    const char* wanted = std::getenv("SOCKETSCOPE_LESSON_RUNS");
    return wanted ? std::max(1, std::atoi(wanted)) : 1;
}

// What went wrong in one lane, "" if nothing.
std::string complaint(const trace::LaneTrace& lane) {
    if (!lane.refused.empty()) return "refused: " + lane.refused;
    std::string text = lane.complete ? "" : "not complete; ";
    for (const auto& expectation : lane.expectations) {
        if (expectation.held) continue;
        text += lane.endpoints[expectation.endpoint].name + ", line " + std::to_string(expectation.line) +
                ": expected " + expectation.expected + ", seen " + expectation.seen + "; ";
    }
    return text;
}

// A beat that no lane of this run has, "" if all are found.
std::string missing_beat(const lesson::Lesson& lesson, const trace::Trace& trace) {
    for (const auto& beat : lesson.beats) {
        const bool found =
            std::any_of(trace.lanes.begin(), trace.lanes.end(), [&](const trace::LaneTrace& lane) {
                const bool here = beat.lane.empty() || beat.lane == model::to_string(lane.kind);
                return here && story::Story(lane).find(beat.at).has_value();
            });
        if (!found) return beat.name + ": " + beat.at.written;
    }
    return {};
}

// Runs all lanes of a lesson and checks them.
void check_run(run::Runner& runner, const lesson::Lesson& lesson) {
    const auto scenario = lesson::make_scenario(lesson).scenario;
    const trace::Trace trace = runner.run(scenario);
    REQUIRE(trace.lanes.size() == scenario.lanes.size());
    for (const auto& lane : trace.lanes) {
        CAPTURE(model::to_string(lane.kind));
        CHECK(complaint(lane) == "");
    }
    CHECK(missing_beat(lesson, trace) == "");
}

bool has_wire(const run::Runner& runner) {
    if (runner.rung().rung <= host::Rung::veth) return true;
    test::skipped("lessons", "they need a wire of our own: " + runner.rung().missing);
    return false;
}

// The indented blocks of a Markdown file that are whole files: they begin with their lanes or with front matter.
std::vector<std::string> examples_in(const std::string& markdown) {
    constexpr std::string_view kIndent = "    ";
    std::vector<std::string> files;
    bool inside = false;
    std::istringstream stream(markdown);
    for (std::string line; std::getline(stream, line);) {
        const bool begins = line.starts_with("    # lanes:") || line == "    +++";
        if (begins && !inside) files.emplace_back(), inside = true;
        inside = inside && (line.empty() || line.starts_with(kIndent));
        if (inside) files.back() += (line.empty() ? line : line.substr(kIndent.size())) + "\n";
    }
    std::erase_if(files, [](const std::string& file) { return file.find("…") != std::string::npos; });
    return files;
}

}  // namespace

TEST_CASE("every lesson holds on this kernel") {
    run::Runner runner;
    if (!has_wire(runner)) return;
    const auto files = lesson::lesson_files(SOCKETSCOPE_SOURCE_DIR "/assets/lessons");
    REQUIRE(files.size() >= 5);
    for (const auto& file : files) {
        const auto loaded = lesson::load_lesson(file);
        REQUIRE(loaded.ok());
        for (int i = 0; i < runs(); ++i) {
            CAPTURE(file);
            CAPTURE(i);
            check_run(runner, *loaded.lesson);
        }
    }
}

TEST_CASE("every example of the documents holds on this kernel") {
    run::Runner runner;
    if (!has_wire(runner)) return;
    auto examples = examples_in(test::read_file(SOCKETSCOPE_SOURCE_DIR "/docs/scripts.md"));
    REQUIRE(examples.size() >= 6);
    const auto lessons = examples_in(test::read_file(SOCKETSCOPE_SOURCE_DIR "/docs/lessons.md"));
    REQUIRE(lessons.size() == 1);
    examples.push_back(lessons[0]);
    for (const auto& example : examples) {
        CAPTURE(example);
        const auto loaded = lesson::parse_lesson(example, "example.sock");
        REQUIRE(loaded.diagnostics.empty());
        for (int i = 0; i < runs(); ++i) check_run(runner, *loaded.lesson);
    }
}

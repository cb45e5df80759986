// What we recorded of a run against what strace saw of the same run: the same calls in the same order in each thread,
// with the same arguments, bytes, results and errors. Each file in scripts/ is one comparison, in all its lanes.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <iomanip>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/lesson/lesson.hpp"
#include "core/model/call.hpp"
#include "core/model/constants.hpp"
#include "core/model/kind.hpp"
#include "tests/support/process.hpp"
#include "tests/truth/recorded.hpp"
#include "tests/truth/strace.hpp"

using namespace socketscope;
using Json = nlohmann::json;
using Calls = std::vector<std::string>;

namespace {

std::vector<std::string> scripts() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(TRUTH_SCRIPTS))
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

std::string side_by_side(const Calls& strace, const Calls& recorded) {
    constexpr std::size_t kWidest = 200;
    std::size_t width = 6;
    for (const std::string& line : strace) width = std::max(width, std::min(line.size(), kWidest));
    std::ostringstream text;
    const auto row = [&](const char* mark, const std::string& left, const std::string& right) {
        text << mark << std::left << std::setw(static_cast<int>(width)) << left.substr(0, kWidest) << " | "
             << right.substr(0, kWidest) << '\n';
    };
    row("\n  ", "strace", "recorded");
    for (std::size_t i = 0; i < std::max(strace.size(), recorded.size()); ++i) {
        const std::string left = i < strace.size() ? strace[i] : "",
                          right = i < recorded.size() ? recorded[i] : "";
        row(left == right ? "  " : "✗ ", left, right);
    }
    return text.str();
}

std::size_t lines_alike(const Calls& a, const Calls& b) {
    std::size_t alike = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) alike += a[i] == b[i];
    return alike;
}

// Programs of one host begin in any order: each is compared with the thread that is most like it.
void compare_lane(std::vector<Calls> threads, const Json& lane) {
    CAPTURE(lane.at("kind").get<std::string>());
    std::map<std::string, Calls> recorded;
    for (const Json& call : lane.at("calls"))
        recorded[call.at("endpoint")].push_back(test::recorded_form(call));
    REQUIRE(threads.size() == recorded.size());
    for (const auto& program : recorded) {
        CAPTURE(program.first);
        const Calls& calls = program.second;
        const auto most_like = std::max_element(
            threads.begin(), threads.end(),
            [&](const auto& a, const auto& b) { return lines_alike(a, calls) < lines_alike(b, calls); });
        CHECK_MESSAGE(*most_like == calls, side_by_side(*most_like, calls));
        threads.erase(most_like);
    }
}

std::size_t programs_in(const Json& lane) {
    std::set<std::string> names;
    for (const Json& call : lane.at("calls")) names.insert(call.at("endpoint"));
    return names.size();
}

void compare(const std::string& script) {
    const test::TempFolder folder;
    auto argv = test::strace_command(folder.path());
    argv.insert(argv.end(), {test::built_program("socketscope"), "run", script, "--json"});
    test::ProcessOptions options;
    options.limit = std::chrono::seconds(120);
    const test::Finished finished = test::run_program(argv, options);
    if (finished.status == 3) return test::skipped("strace of " + script, finished.err);
    REQUIRE_MESSAGE(finished.status == 0, finished.err, finished.out.substr(0, 4000));
    const Json answer = Json::parse(finished.out);
    const auto threads = test::endpoint_threads(folder.path());
    auto next = threads.begin();  // lanes run one after another
    for (const Json& lane : answer.at("lanes")) {
        const std::size_t count = programs_in(lane);
        REQUIRE(static_cast<std::size_t>(threads.end() - next) >= count);
        compare_lane({next, next + static_cast<std::ptrdiff_t>(count)}, lane);
        next += static_cast<std::ptrdiff_t>(count);
    }
    CHECK(next == threads.end());
}

void visit(const std::vector<script::Statement>& statements,
           const std::function<void(const script::CallStatement&)>& seen) {
    for (const auto& statement : statements) {
        if (const auto* call = std::get_if<script::CallStatement>(&statement.what)) seen(*call);
        if (const auto* loop = std::get_if<script::UntilEof>(&statement.what)) visit(loop->body, seen);
        if (const auto* loop = std::get_if<script::Repeat>(&statement.what)) visit(loop->body, seen);
    }
}

// What the scripts reach, by the words of the language.
struct Coverage {
    std::set<std::string> calls, kinds;
    std::int64_t flags{0};
};

Coverage coverage() {
    Coverage found;
    for (const auto& file : scripts()) {
        const auto loaded = lesson::load_lesson(file);
        REQUIRE_MESSAGE(loaded.ok(), file);
        const auto plan = lesson::make_scenario(*loaded.lesson, {});
        for (const auto& lane : plan.scenario.lanes) {
            found.kinds.insert(model::to_string(lane.kind));
            for (const auto& endpoint : lane.endpoints)
                visit(endpoint.program.statements, [&](const script::CallStatement& call) {
                    found.calls.insert(std::string(model::row(call.call).name));
                    const auto* flags = script::argument(call, script::Param::flags);
                    if (const auto* bits = flags ? std::get_if<script::Integer>(&flags->value) : nullptr)
                        found.flags |= bits->value;
                });
        }
    }
    return found;
}

}  // namespace

TEST_CASE("strace: every call of the language and every kind stands in a script that is compared") {
    const Coverage found = coverage();
    for (const auto& call : model::calls())
        CHECK_MESSAGE(found.calls.count(std::string(call.name)) == 1, call.name);
    for (const auto& kind : model::kinds())
        CHECK_MESSAGE(found.kinds.count(std::string(kind.name)) == 1, kind.name);
    // An answer only; and one that needs a sysctl.
    const std::set<std::string_view> left_out{"MSG_CTRUNC", "MSG_FASTOPEN"};
    for (const auto& constant : model::constants()) {
        if (constant.family != model::Family::message || left_out.count(constant.name) == 1) continue;
        CHECK_MESSAGE((found.flags & constant.value) != 0, constant.name);
    }
}

TEST_CASE("strace: what was recorded is what strace saw") {
    if (!test::strace_works("recorded calls against strace")) return;
    for (const std::string& script : scripts()) {
        CAPTURE(script);
        compare(script);
    }
}

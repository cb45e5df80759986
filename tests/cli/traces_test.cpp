// Saved traces: told again by `run`, as text, JSON or events; --trace in all its forms.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

using namespace socketscope::test;
using nlohmann::json;

namespace {

// One lane whose run gives a refused call, a packetless wire and expectations.
std::string recorded(const TempFolder& folder) {
    std::string trace = folder.file("out.jsonl");
    const auto result = program({"run", "message-boundaries", "--lane", "unix/stream", "--trace", trace});
    REQUIRE_MESSAGE(result.status == 0, result.err);
    return trace;
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a saved trace is told again: the same text, the same JSON, no hosts needed") {
    const TempFolder folder;
    const std::string trace = folder.file("out.jsonl");
    const auto first = program({"run", "message-boundaries", "--lane", "unix/stream", "--trace", trace});
    ProcessOptions options;
    options.environment = {"SOCKETSCOPE_RUNG=replay"};
    const auto again = program({"run", trace}, options);
    CHECK(again.status == 0);
    CHECK(again.out == first.out);
    CHECK(again.err.empty());
    const json told = json::parse(program({"run", trace, "--json"}, options).out);
    CHECK(told.at("lanes").at(0).at("kind") == "unix/stream");
    CHECK(program({"run", trace, "--trace", "-"}, options).out == read_file(trace));
}

TEST_CASE("a lane whose hosts went away in the middle was broken off") {
    const TempFolder folder;
    std::string text = read_file(recorded(folder));
    const auto end = text.find("\"complete\":true");
    REQUIRE(end != std::string::npos);
    text.replace(end, 15, R"("complete":false,"refused":"the helper is gone")");
    write_file(folder.file("cut.jsonl"), text);
    const auto cut = program({"run", folder.file("cut.jsonl")});
    CHECK(cut.status == 3);
    CHECK_MESSAGE(holds(cut.out, "Broken off: the helper is gone"), cut.out);
    CHECK(!holds(cut.out, "Not run here"));
}

TEST_CASE("events: one a line, in the order of time, as many as the file holds") {
    const TempFolder folder;
    const std::string trace = recorded(folder);
    const auto result = program({"run", trace, "--events"});
    CHECK(result.status == 0);
    const std::string file = read_file(trace);
    std::size_t expectations = 0;
    for (auto at = file.find("{\"expectation\""); at != std::string::npos;
         at = file.find("{\"expectation\"", at + 1))
        ++expectations;
    // Without the trace's first and last line, the lane's first, and its expectations; the lane's end is one line each.
    CHECK(lines(result.out) == lines(file) - 3 - expectations);
    double before = 0;
    for (std::size_t at = 0; at < result.out.size(); at = result.out.find('\n', at) + 1) {
        CHECK(result.out.compare(at, 11, "unix/stream") == 0);
        const double time = std::stod(result.out.substr(at + 11));
        CHECK(time >= before);
        before = time;
    }
    CHECK_MESSAGE(holds(result.out, ": socket(AF_UNIX, SOCK_STREAM, 0) = 3"), result.out);
    CHECK(holds(result.out, "note    program_end"));
    CHECK(!holds(result.out, "\033"));
}

TEST_CASE("a trace that was cut off is told up to there, and is bad input") {
    const TempFolder folder;
    const std::string trace = recorded(folder), whole = read_file(trace), cut = folder.file("cut.jsonl");
    write_file(cut, whole.substr(0, whole.size() - 500));
    const auto result = program({"run", cut});
    CHECK(result.status == 2);
    CHECK_MESSAGE(holds(result.err, cut + ": the trace is damaged at line "), result.err);
    CHECK(holds(result.out, "unix/stream"));
}

TEST_CASE("a trace that another tool has written with spaces is the same trace") {
    const TempFolder folder;
    const std::string trace = recorded(folder), spaced = folder.file("spaced.jsonl");
    std::string text;
    const std::string file = read_file(trace);
    for (std::size_t at = 0; at < file.size();) {
        const std::size_t end = file.find('\n', at);
        const std::string line = nlohmann::ordered_json::parse(file.substr(at, end - at)).dump(1, ' ');
        std::for_each(line.begin(), line.end(), [&](char c) { text += c == '\n' ? ' ' : c; });
        text += '\n';
        at = end + 1;
    }
    write_file(spaced, text);
    CHECK(program({"run", spaced}).out == program({"run", trace}).out);
}

TEST_CASE("--trace: standard output alone, what can't be written is said before the run") {
    const TempFolder folder;
    const auto piped = program({"run", "message-boundaries", "--lane", "unix/dgram", "--trace", "-"});
    CHECK(piped.status == 0);
    CHECK(piped.out.starts_with("{\"format\":\"socketscope-trace\""));
    CHECK(holds(piped.out, "\n{\"trace_end\":"));
    CHECK(program({"run", "message-boundaries", "--trace", "-", "--json"}).status == 2);
    const auto nowhere = program({"run", "message-boundaries", "--trace", folder.file("none/t.jsonl")});
    CHECK(nowhere.status == 2);
    CHECK(nowhere.out.empty());
    CHECK_MESSAGE(holds(nowhere.err, "ENOENT"), nowhere.err);
    const auto full = program({"run", "message-boundaries", "--lane", "unix/dgram", "--trace", "/dev/full"});
    CHECK(full.status == 2);
    CHECK_MESSAGE(holds(full.err, "ENOSPC"), full.err);
    CHECK_MESSAGE(holds(full.out, "unix/dgram"), "what was seen is told all the same");
}

TEST_CASE("a file that grows as long as this user's may be is said, and nothing of it is left") {
    const TempFolder folder;
    for (const char* command :
         {"run message-boundaries --lane unix/dgram --trace", "render message-boundaries -o"}) {
        CAPTURE(command);
        const auto result =
            run_program({"sh", "-c", std::string("ulimit -f 1; \"$0\" ") + command + " \"$1\"",
                         built_program("socketscope"), folder.file("long.png")});
        CHECK(result.status == 2);
        CHECK_MESSAGE(holds(result.err, "EFBIG"), result.err);
        CHECK_MESSAGE(holds(result.err, "ulimit -f"), result.err);
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a trace is not run again: what changes a run is refused with it") {
    const TempFolder folder;
    const std::string trace = recorded(folder);
    for (const auto& [option, value] :
         {std::pair{"--lane", "inet/dgram"}, {"--seed", "7"}, {"--beside", "true"}}) {
        const auto result = program({"run", trace, option, value});
        CHECK(result.status == 2);
        CHECK_MESSAGE(holds(result.err, "is a saved trace"), result.err);
    }
}

// Traces are saved and opened again; pictures are made of them.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

namespace {

std::uint32_t number_at(const std::string& bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(offset + i));
    return value;
}

// The size in the IHDR chunk (PNG specification §11.2.2).
std::pair<std::uint32_t, std::uint32_t> png_size(const std::string& bytes) {
    return {number_at(bytes, 16), number_at(bytes, 20)};
}

}  // namespace

TEST_CASE("a saved trace gives the same picture as often as one likes") {
    const TempFolder folder;
    const std::string trace = folder.file("out.jsonl");
    REQUIRE(program({"run", "message-boundaries", "--lane", "unix/stream", "--trace", trace}).status == 0);
    const std::string first = folder.file("1.png"), second = folder.file("2.png");
    for (const auto& picture : {first, second}) {
        const auto result =
            program({"render", trace, "-o", picture, "--size", "1280x720", "--theme", "light"});
        REQUIRE_MESSAGE(result.status == 0, result.err);
    }
    const std::string bytes = read_file(first);
    REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    CHECK(png_size(bytes) == std::pair<std::uint32_t, std::uint32_t>(1280, 720));
    CHECK(bytes == read_file(second));
}

TEST_CASE("what can't be written or drawn is said") {
    const TempFolder folder;
    const auto no_folder = program(
        {"run", "message-boundaries", "--lane", "unix/dgram", "--trace", folder.file("none/out.jsonl")});
    CHECK(no_folder.status == 2);
    CHECK_MESSAGE(holds(no_folder.err, "none/out.jsonl"), no_folder.err);
    const auto bad_beat =
        program({"render", "message-boundaries", "-o", folder.file("x.png"), "--beat", "nonsense"});
    CHECK(bad_beat.status == 2);
    CHECK_MESSAGE(holds(bad_beat.err, "nonsense"), bad_beat.err);
    CHECK(program({"render", "message-boundaries", "-o", folder.file("x.png"), "--size", "big"}).status == 2);
    CHECK(program({"render", folder.file("no.jsonl"), "-o", folder.file("x.png")}).status == 2);
    CHECK(read_file(folder.file("x.png")).empty());
}

TEST_CASE("a pipe named by -o is written into; no file takes its place") {
    const TempFolder folder;
    const std::string pipe = folder.file("pipe"), copy = folder.file("copy.png");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const auto result = run_program(
        {"sh", "-c",
         R"(cat "$1" > "$2" & "$0" render message-boundaries -o "$1"; status=$?; wait; exit $status)",
         built_program("socketscope"), pipe, copy});
    CHECK_MESSAGE(result.status == 0, result.err);
    CHECK(png_size(read_file(copy)).first == 1280);
    struct stat status {};
    REQUIRE(::lstat(pipe.c_str(), &status) == 0);
    CHECK(S_ISFIFO(status.st_mode));
}

TEST_CASE("without a display the main lesson is told in the terminal, and why") {
    const auto result =
        run_program({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", built_program("socketscope")});
    const bool no_wire =
        holds(program({"matrix", "--json"}).out, "\"rung\": \"loopback\"");  // its TCP lane is refused
    CHECK_MESSAGE(result.status == (no_wire ? 3 : 0), result.err);
    CHECK_MESSAGE(holds(result.err, "no display"), result.err);
    CHECK(holds(result.out, "inet/stream"));
    CHECK(holds(result.out, "inet/dgram"));
}

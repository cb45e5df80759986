// What bad input gets: exit status 2 and a sentence that says what, where and what helps.
#include <doctest/doctest.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

TEST_CASE("an unknown lesson is answered with those that exist") {
    const auto result = program({"run", "one-packet-is-lots"});
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK_MESSAGE(holds(result.err, "Did you mean `one-packet-is-lost`?"), result.err);
    CHECK_MESSAGE(holds(result.err, "message-boundaries"), result.err);
}

TEST_CASE("an unknown kind is answered with the twelve") {
    const auto result = program({"run", "message-boundaries", "--lane", "inet/streem"});
    CHECK(result.status == 2);
    CHECK_MESSAGE(holds(result.err, "inet/streem"), result.err);
    CHECK_MESSAGE(holds(result.err, "inet6/seqpacket"), result.err);
}

TEST_CASE("misuse of the command line is bad input") {
    for (const auto& words : std::vector<std::vector<std::string>>{{"fly"},
                                                                   {"run"},
                                                                   {"run", "x", "--nonsense"},
                                                                   {"render", "message-boundaries"},
                                                                   {"run", "x", "--settle", "1s"},
                                                                   {"check"}}) {
        const auto result = program(words);
        CAPTURE(words.front());
        CHECK(result.status == 2);
        CHECK(!result.err.empty());
        CHECK(result.out.empty());
    }
}

TEST_CASE("help has examples everywhere") {
    CHECK(program({"--help"}).status == 0);
    CHECK(program({"--version"}).status == 0);
    for (const char* command : {"run", "matrix", "list", "check", "render", "open"}) {
        const auto result = program({command, "--help"});
        CAPTURE(command);
        CHECK(result.status == 0);
        CHECK_MESSAGE(holds(result.out, "Example"), result.out);
    }
}

TEST_CASE("a broken script is answered with file, line, column and a suggestion") {
    const TempFolder folder;
    const std::string file = folder.file("broken.txt");
    write_file(file, "# server\ns = socket()\nbnd(s, server)\n# client\nc = socket()\n");
    for (const char* command : {"run", "check"}) {
        const auto result = program({command, file});
        CHECK(result.status == 2);
        CHECK_MESSAGE(holds(result.err, file + ":3:1: error: "), result.err);
        CHECK_MESSAGE(holds(result.err, "`bind`"), result.err);
    }
}

TEST_CASE("files that are none") {
    const TempFolder folder;
    const std::string empty = folder.file("empty.md"), binary = folder.file("binary.md"),
                      huge = folder.file("huge.md");
    write_file(empty, "");
    std::string garbage;
    for (int i = 0; i < 5000; ++i) garbage += static_cast<char>(i * 7919 >> 3);
    write_file(binary, garbage);
    write_file(huge, std::string(10 << 20, 'x'));
    for (const auto& file : {empty, binary, huge, folder.path()}) {
        const auto result = program({"run", file});
        CAPTURE(file);
        CHECK(result.status == 2);
        CHECK_MESSAGE(!result.err.empty(), result.err);
        CHECK(result.seconds < 20);
    }
}

TEST_CASE("an expectation that does not hold is exit status 1, with its line") {
    const TempFolder folder;
    const std::string file = folder.file("lies.txt");
    write_file(file,
               "# lanes: unix/dgram\n# server\ns = socket()\nlisten(s, 1) -> 0\n# client\nc = socket()\n");
    const auto checked = program({"check", file});
    CHECK(checked.status == 1);
    CHECK_MESSAGE(holds(checked.err, file + ":4: "), checked.err);
    CHECK_MESSAGE(holds(checked.err, "EOPNOTSUPP"), checked.err);
    CHECK(program({"run", file}).status == 1);
}

TEST_CASE("a display that does not answer is this machine's, status 3") {
    ProcessOptions options;
    options.environment = {"DISPLAY=:4711", "WAYLAND_DISPLAY="};
    const auto result = program({"open", "message-boundaries"}, options);
    CHECK(result.status == 3);
    CHECK_MESSAGE(holds(result.err, "display"), result.err);
}

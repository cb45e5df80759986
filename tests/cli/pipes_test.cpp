// Standard output is pipe-safe.
#include <doctest/doctest.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

TEST_CASE("a reader that goes away is no error") {
    ProcessOptions options;
    options.close_output = true;
    for (const char* command : {"list", "matrix"}) {
        const auto result = program({command}, options);
        CAPTURE(command);
        CHECK(result.status == 0);
        CHECK_MESSAGE(result.err.empty(), result.err);
    }
}

TEST_CASE("a full disk is said once") {
    const auto result = run_program({"sh", "-c", "\"$0\" list > /dev/full", built_program("socketscope")});
    CHECK(result.status == 3);
    CHECK_MESSAGE(holds(result.err, "No space left on device"), result.err);
    CHECK(result.err.find("No space") == result.err.rfind("No space"));
}

TEST_CASE("what is printed to a closed standard output is lost, and never goes into a socket of ours") {
    for (const char* command : {"list", "matrix", "run message-boundaries --lane unix/stream", "--help"}) {
        CAPTURE(command);
        const auto result = run_program(
            {"sh", "-c", std::string("\"$0\" ") + command + " >&-", built_program("socketscope")});
        CHECK(result.status == 3);
        CHECK_MESSAGE(holds(result.err, "can't write to standard output: Bad file descriptor"), result.err);
    }
}

TEST_CASE("without any standard descriptor a recording is made and saved") {
    const TempFolder folder;
    run_program({"sh", "-c", R"("$0" run message-boundaries --lane unix/stream --trace "$1" <&- >&- 2>&-)",
                 built_program("socketscope"), folder.file("t.jsonl")});
    CHECK(program({"run", folder.file("t.jsonl")}).status == 0);
}

TEST_CASE("no colour codes in the text") {
    const auto result = program({"run", "message-boundaries", "--lane", "unix/seqpacket"});
    CHECK(result.status == 0);
    CHECK(!holds(result.out, "\033"));
    CHECK(holds(result.out, "unix/seqpacket"));
}

// Each rung of the capability ladder, forced.
#include <doctest/doctest.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

TEST_CASE("UNIX lanes hold on every rung that runs anything") {
    for (const char* rung : {"tun", "veth", "loopback"}) {
        ProcessOptions options;
        options.environment = {std::string("SOCKETSCOPE_RUNG=") + rung};
        const auto matrix = program({"matrix"}, options);
        if (matrix.status != 0) {
            skipped(std::string("rung ") + rung, matrix.err);
            continue;
        }
        CAPTURE(rung);
        const auto result = program({"run", "message-boundaries", "--lane", "unix/stream", "--lane",
                                     "unix/dgram", "--lane", "unix/seqpacket"},
                                    options);
        CHECK_MESSAGE(result.status == 0, result.out, result.err);
    }
}

TEST_CASE("loopback: every lane of our lessons holds or is refused in a sentence") {
    ProcessOptions options;
    options.environment = {"SOCKETSCOPE_RUNG=loopback"};
    const auto result = program({"check", "--all"}, options);
    CHECK_MESSAGE((result.status == 0 || result.status == 3), result.out, result.err);
    CHECK_MESSAGE(!holds(result.err, "expected"), result.err);
    CHECK_MESSAGE(holds(result.err, "inet/stream: not run here: the link asks for the rule"), result.err);
    CHECK_MESSAGE(!holds(result.err, "inet/dgram: not run here"), result.err);

    const auto told = program({"run", "one-packet-is-lost", "--lane", "inet/dgram"}, options);
    CHECK(told.status == 0);
    CHECK_MESSAGE(holds(told.out, "The wire dropped it by the rule"), told.out);
    CHECK_MESSAGE(!holds(told.out, "Behind the relay no socket"), told.out);
}

TEST_CASE("replay only: a run is refused with the reason, status 3") {
    ProcessOptions options;
    options.environment = {"SOCKETSCOPE_RUNG=replay"};
    const auto result = program({"run", "message-boundaries"}, options);
    CHECK(result.status == 3);
    CHECK(!result.err.empty());
    CHECK(program({"matrix", "--json"}, options).status == 0);
}

TEST_CASE("a rung that there is not is bad input") {
    ProcessOptions options;
    options.environment = {"SOCKETSCOPE_RUNG=ladder"};
    const auto result = program({"matrix"}, options);
    CHECK(result.status == 2);
    CHECK_MESSAGE(holds(result.err, "loopback"), result.err);
}

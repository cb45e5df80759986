// A command beside the run, in each host.
#include <doctest/doctest.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

TEST_CASE("a command runs in each host, and {host} is its name") {
    const TempFolder folder;
    const auto matrix = program({"matrix", "--json"});
    if (!holds(matrix.out, "\"rung_number\": 1") && !holds(matrix.out, "\"rung_number\": 2")) {
        skipped("--beside", "this machine has no hosts of our own");
        return;
    }
    const auto result = program({"run", "message-boundaries", "--lane", "inet/dgram", "--beside",
                                 "cat /proc/net/dev > " + folder.path() + "/{host}", "--settle", "300ms"});
    CHECK_MESSAGE(result.status == 0, result.err);
    for (const char* host : {"client", "server"}) CHECK(holds(read_file(folder.file(host)), "wire0"));
}

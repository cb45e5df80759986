// Ctrl-C ends a run that would block for ever, and leaves nothing behind.
#include <doctest/doctest.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

TEST_CASE("Ctrl-C ends every blocking call, and what was recorded is told") {
    const TempFolder folder;
    const std::string file = folder.file("blocks.txt");
    write_file(file,
               "# lanes: unix/dgram unix/stream\n# timeout: 60min\n# server\ns = socket()\nbind(s, "
               "server)\nrecv(s, 100)\n# "
               "client\nwait(server.recv 1)\n");
    // Interrupt only once the handler of SIGINT (bit 1 of SigCgt, proc(5)) is there and the endpoints' threads run.
    const std::string command =
        "\"$0\" run \"$1\" & pid=$!; until grep -qsE '^SigCgt:.*[2367abef]$' /proc/$pid/status && "
        "[ $(ls /proc/$pid/task | wc -l) -ge 3 ]; do :; done; "
        "kill -INT $pid; wait $pid; echo status $?";
    ProcessOptions options;
    options.limit = std::chrono::seconds(20);
    const auto result = run_program({"bash", "-c", command, built_program("socketscope"), file}, options);
    CHECK(!result.timed_out);  // the script's own time limit is far behind this test's: the signal ended it
    CHECK_MESSAGE(holds(result.out, "status 1"), result.out, result.err);
    CHECK(!holds(result.out, "Not run here"));
}

// Ctrl-C ends a run that would block for ever, a second one what is told of it; neither leaves anything behind.
#include <doctest/doctest.h>

#include <filesystem>

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

TEST_CASE("a second Ctrl-C ends the telling at once, however much there is to tell") {
    const TempFolder folder, scratch;
    const std::string name = std::filesystem::path(folder.path()).filename();
    const std::string file = folder.file("much.txt");
    // Its JSON is larger than a pipe (64 KB), and the name in /proc/net/unix says that all of it has been recorded.
    write_file(file,
               "# lanes: unix/stream\n# timeout: 60min\n# client\na, b = socketpair()\nrepeat 10:\n"
               "    send(a, \"x\" * 30000)\n    recv(b, 30000)\n"
               "s = socket()\nbind(s, abstract(\"" +
                   name + "\"))\nrecv(b, 100)\n");
    // Nobody reads the pipe. The first interruption ends the run, and then nothing catches SIGINT any more.
    const std::string command =
        "mkfifo \"$2\"; exec 3<>\"$2\"; \"$0\" run --json \"$1\" >\"$2\" & pid=$!; "
        "until grep -q \"$3\" /proc/net/unix || ! kill -0 $pid; do :; done; kill -INT $pid; "
        "until grep -qE '^SigCgt:.*[014589cd]$' /proc/$pid/status || ! kill -0 $pid; do :; done; "
        "kill -INT $pid; wait $pid; echo status $?";
    ProcessOptions options;
    options.limit = std::chrono::seconds(20);
    options.environment = {"TMPDIR=" + scratch.path(), "XDG_RUNTIME_DIR=" + scratch.path()};
    const auto result = run_program(
        {"bash", "-c", command, built_program("socketscope"), file, folder.file("pipe"), name}, options);
    CHECK(!result.timed_out);  // also if a helper lived on: it would hold standard error open
    CHECK_MESSAGE(holds(result.out, "status 130"), result.out, result.err);
    CHECK(std::filesystem::is_empty(scratch.path()));
}

// Every kind of socket, run for real: what each gives to the program that receives.
#include <doctest/doctest.h>

#include "core/run/runner.hpp"
#include "tests/run/scene.hpp"

using namespace socketscope;
using tests::scene;

namespace {

run::Runner& runner() {
    static run::Runner one;
    return one;
}

// Runs and expects that every expectation of the scripts holds.
trace::Trace run_well(const lesson::Scenario& scenario) {
    trace::Trace trace = runner().run(scenario);
    for (const auto& lane : trace.lanes) {
        INFO(tests::calls_text(lane));
        CHECK(lane.complete);
        CHECK(tests::complaints(lane) == "");
    }
    return trace;
}

}  // namespace

TEST_CASE("connected kinds: three sends, what recv is given") {
    run_well(scene({"unix/stream", "inet/stream", "inet6/stream", "unix/seqpacket"},
                   {{"server", "s = socket()\n"
                               "bind(s, server) -> 0\n"
                               "listen(s, 1) -> 0\n"
                               "a = accept(s)\n"
                               "wait(client.done)\n"
                               "recv(a, 100) -> stream: \"oneTWOthree\", seqpacket: \"one\"\n"
                               "recv(a, 100) -> stream: 0, seqpacket: \"TWO\"\n"},
                    {"client", "c = socket()\n"
                               "connect(c, server) -> 0\n"
                               "send(c, \"one\") -> 3\n"
                               "send(c, \"TWO\") -> 3\n"
                               "send(c, \"three\") -> 5\n"}}));
}

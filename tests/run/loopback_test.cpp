// The loopback rung: datagrams cross a relay with the lane's link; what needs a wire that is not there is refused.
#include <doctest/doctest.h>

#include <cstdlib>

#include "core/run/runner.hpp"
#include "tests/run/scene.hpp"

using namespace socketscope;
using tests::scene;

namespace {

class ForcedLoopback {
public:
    ForcedLoopback() { ::setenv("SOCKETSCOPE_RUNG", "loopback", 1); }
    ~ForcedLoopback() { ::unsetenv("SOCKETSCOPE_RUNG"); }
};

trace::Trace run_on_loopback(lesson::Scenario scenario, const model::LinkSpec& link = {}) {
    const ForcedLoopback forced;
    run::Runner runner;
    scenario.timeout_ns = 5 * model::kSecond;  // bounds a test that hangs
    for (auto& lane : scenario.lanes) lane.link = link;
    trace::Trace trace = runner.run(scenario);
    CHECK(trace.rung == "loopback");
    return trace;
}

model::LinkSpec dropping(std::uint32_t nth) {
    model::LinkSpec link;
    model::LinkRule rule;
    rule.nth = nth;
    rule.text = "drop data " + std::to_string(nth) + " from client";
    link.rules = {rule};
    return link;
}

lesson::Scenario one_message(const std::vector<std::string>& kinds) {
    return scene(kinds, {{"server",
                          "s = socket()\n"
                          "bind(s, server) -> 0\n"
                          "listen(s, 1) -> 0\n"
                          "a = accept(s)\n"
                          "recv(a, 100) -> \"hello\"\n"},
                         {"client",
                          "c = socket()\n"
                          "wait(server.listening)\n"
                          "connect(c, server) -> 0\n"
                          "send(c, \"hello\") -> 5\n"}});
}

std::size_t remarks(const trace::LaneTrace& lane) {
    std::size_t count = 0;
    for (const auto& note : lane.notes) count += note.what == model::Note::remark;
    return count;
}

}  // namespace

TEST_CASE("on loopback a rule drops a datagram, and answers find their way back") {
    const auto trace =
        run_on_loopback(scene({"inet/dgram", "inet6/dgram"}, {{"server",
                                                               "s = socket()\n"
                                                               "bind(s, server) -> 0\n"
                                                               "recv(s, 100) -> \"one\"\n"
                                                               "recvfrom(s, 100, &who) -> \"three\"\n"
                                                               "sendto(s, \"answer\", client) -> 6\n"
                                                               "sendto(s, \"again\", who) -> 5\n"},
                                                              {"client",
                                                               "c = socket()\n"
                                                               "bind(c, client) -> 0\n"
                                                               "wait(server.bound)\n"
                                                               "connect(c, server) -> 0\n"
                                                               "send(c, \"one\") -> 3\n"
                                                               "send(c, \"two\") -> 3\n"
                                                               "send(c, \"three\") -> 5\n"
                                                               "recv(c, 100) -> \"answer\"\n"
                                                               "recv(c, 100) -> \"again\"\n"}}),
                        dropping(2));
    for (const auto& lane : trace.lanes) {
        INFO(tests::calls_text(lane));
        CHECK(lane.refused == "");
        CHECK(lane.complete);
        CHECK(tests::complaints(lane) == "");
        REQUIRE(lane.packets.size() == 5);
        CHECK(lane.packets[1].verdict == model::Verdict::dropped);
        CHECK(lane.packets[1].cause == model::Cause::rule);
        CHECK(lane.packets[3].from == model::Host::server);
        CHECK(lane.bytes(lane.packets[3].bytes) == "answer");
        for (const auto& packet : lane.packets) CHECK((packet.flags & model::kPayloadOnly) != 0);
    }
}

TEST_CASE("on loopback an address that nobody binds is the kernel's: it answers ECONNREFUSED") {
    const auto trace = run_on_loopback(scene({"inet/dgram"}, {{"client",
                                                               "c = socket()\n"
                                                               "connect(c, server) -> 0\n"
                                                               "send(c, \"hello\") -> 5\n"
                                                               "recv(c, 100) -> ECONNREFUSED\n"}}));
    const auto& lane = trace.lanes.front();
    INFO(tests::calls_text(lane));
    CHECK(lane.complete);
    CHECK(tests::complaints(lane) == "");
    CHECK(lane.packets.empty());
}

TEST_CASE("on loopback a stream with a rule is refused in a sentence; UNIX sockets run: no link is theirs") {
    const auto trace =
        run_on_loopback(one_message({"inet/stream", "unix/stream", "inet6/stream"}), dropping(1));
    for (const std::size_t refused : {0U, 2U}) {
        const auto& lane = trace.lanes[refused];
        CHECK(lane.refused.find("drop data 1 from client") != std::string::npos);
        CHECK(lane.refused.find("on loopback there is no wire") != std::string::npos);
        CHECK(lane.refused.find("SOCKETSCOPE_RUNG") != std::string::npos);  // what helps
        CHECK(!lane.complete);
        CHECK(lane.calls.empty());
    }
    INFO(tests::calls_text(trace.lanes[1]));
    CHECK(trace.lanes[1].complete);
    CHECK(tests::complaints(trace.lanes[1]) == "");
}

TEST_CASE("on loopback each thing that only a wire can do refuses a stream") {
    using Change = void (*)(model::LinkSpec&);
    for (const Change change : {Change([](model::LinkSpec& link) { link.loss = 0.1; }),
                                Change([](model::LinkSpec& link) { link.reorder = 0.1; }),
                                Change([](model::LinkSpec& link) { link.duplicate = 0.1; }),
                                Change([](model::LinkSpec& link) { link.corrupt = 0.1; }),
                                Change([](model::LinkSpec& link) { link.rate_bps = 1000; })}) {
        model::LinkSpec link;
        change(link);
        CHECK(run_on_loopback(one_message({"inet/stream"}), link).lanes.front().refused != "");
    }
}

TEST_CASE("on loopback a stream runs without its delay, and the trace says so") {
    model::LinkSpec link;
    link.delay_ns = 20 * model::kMillisecond;
    const auto trace = run_on_loopback(one_message({"inet/stream"}), link);
    const auto& lane = trace.lanes.front();
    INFO(tests::calls_text(lane));
    CHECK(lane.complete);
    CHECK(lane.link.delay_ns == 0);
    for (const auto& result : lane.expectations) CHECK(result.held);
    CHECK(remarks(lane) == 1);
}

TEST_CASE("on loopback datagrams refuse what a relay would show falsely") {
    model::LinkSpec link;
    link.corrupt = 0.5;
    CHECK(run_on_loopback(one_message({"inet/dgram"}), link).lanes.front().refused.find("checksum") !=
          std::string::npos);
    link = dropping(1);
    link.rules.front().what = model::PacketClass::fragment;
    CHECK(run_on_loopback(one_message({"inet/dgram"}), link).lanes.front().refused.find("fragments") !=
          std::string::npos);
}

TEST_CASE("on loopback a script that would leave the machine or listen for others is refused") {
    for (const char* line :
         {"bind(s, any)", "bind(s, inet(\"0.0.0.0\", 9))", "connect(s, inet(\"192.0.2.2\", 9))",
          "repeat 2: sendto(s, \"x\", inet(\"192.0.2.2\", 9))",
          "t = socket(AF_INET6, SOCK_STREAM)\nlisten(t, 1)"}) {
        CAPTURE(line);
        const auto trace =
            run_on_loopback(scene({"inet/dgram"}, {{"server", "s = socket()\n" + std::string(line) + "\n"}}));
        REQUIRE(trace.lanes.size() == 1);
        CHECK(trace.lanes[0].refused.find("traffic stays here") != std::string::npos);
        CHECK(trace.lanes[0].calls.empty());
    }
    const auto trace = run_on_loopback(
        scene({"inet/dgram"}, {{"server", "s = socket()\nbind(s, inet(\"127.0.0.1\", 0)) -> 0\n"}}));
    CHECK(trace.lanes.at(0).refused.empty());
    // A datagram socket can't listen, wherever it is.
    const auto harmless =
        run_on_loopback(scene({"inet/dgram"}, {{"server", "s = socket()\nlisten(s, 1) -> EOPNOTSUPP\n"}}));
    CHECK(harmless.lanes.at(0).refused.empty());
}

#include <doctest/doctest.h>

#include "core/lesson/lesson.hpp"

using namespace socketscope;
using namespace socketscope::lesson;

namespace {

Lesson understood(const std::string& text) {
    auto result = parse_lesson(text, "x.sock");
    REQUIRE(result.ok());
    return std::move(*result.lesson);
}

}  // namespace

TEST_CASE("each lane runs the most specific script of each endpoint, servers first") {
    const Lesson read = understood(
        "# lanes: inet/stream unix/dgram inet/dgram\n# link: delay=1ms\n"
        "# client\nc = socket()\n# client dgram\nd = socket()\n# client inet/dgram\ne = socket()\n# "
        "server\ns = socket()\n");
    const auto result = make_scenario(read);
    REQUIRE(result.ok());
    REQUIRE(result.scenario.lanes.size() == 3);
    CHECK(result.scenario.lanes[0].endpoints[0].name == "server");
    CHECK(result.scenario.lanes[0].endpoints[1].script == "c = socket()\n");
    CHECK(result.scenario.lanes[1].endpoints[1].script == "d = socket()\n");
    CHECK(result.scenario.lanes[2].endpoints[1].script == "e = socket()\n");
    CHECK(result.scenario.lanes[2].endpoints[1].file_line == 8);
    CHECK(result.scenario.lanes[2].endpoints[1].program.statements.size() == 1);
    CHECK(result.scenario.lanes[0].link.delay_ns == model::kMillisecond);
    CHECK(result.scenario.lanes[0].title == "one ordered stream of bytes");
}

TEST_CASE("other kinds may replace the lanes, as far as there are scripts for them") {
    const Lesson read = understood("# server\ns = socket()\n# client stream\nc = socket()\n");
    const auto unix_stream = make_scenario(read, {*model::parse_kind("unix/stream")});
    REQUIRE(unix_stream.ok());
    REQUIRE(unix_stream.scenario.lanes.size() == 1);
    CHECK(model::to_string(unix_stream.scenario.lanes[0].kind) == "unix/stream");
    const auto dgram = make_scenario(read, {*model::parse_kind("inet/dgram")});
    CHECK_FALSE(dgram.ok());
    REQUIRE(dgram.diagnostics.size() == 1);
    CHECK(dgram.diagnostics[0].message == "no script of `client` for the lane inet/dgram");
}

TEST_CASE("a wait that can't come true is noticed") {
    const auto first = [](const std::string& text) {
        const auto result = parse_lesson(text, "x.sock");
        REQUIRE(result.diagnostics.size() == 1);
        return result.diagnostics[0];
    };
    const auto itself = first("# client\nwait(client.done)\n");
    CHECK_FALSE(itself.warning);
    CHECK(itself.line == 2);
    CHECK(itself.message.find("waits for itself") != std::string::npos);
    const auto never = first(
        "# lanes: inet/dgram unix/dgram\n# server\ns = socket()\nbind(s, server)\n# client\nrepeat 2:\n"
        "    wait(server.accepted)\n");
    CHECK(never.warning);
    CHECK(never.line == 7);
    CHECK(never.column == 5);
    CHECK(never.message.find("no line with accept()") != std::string::npos);
    CHECK(parse_lesson(
              "# server\nrepeat 2:\n    s = socket()\n# client\nwait(server.socket 2)\nwait(server.done)\n",
              "x.sock")
              .diagnostics.empty());
}

TEST_CASE("wait(x.listening) waits for bind() in lanes where x never listens") {
    const Lesson read = understood(
        "# lanes: unix/stream unix/dgram\n# server stream\ns = socket()\nbind(s, server)\nlisten(s, 1)\n"
        "# server dgram\ns = socket()\nbind(s, server)\n# client\nrepeat 1: wait(server.listening)\n");
    const auto result = make_scenario(read);
    CHECK(result.diagnostics.empty());
    const auto waits_for = [&](std::size_t lane) {
        const auto& statement = result.scenario.lanes.at(lane).endpoints.at(1).program.statements.at(0);
        const auto& inside = std::get<script::Repeat>(statement.what).body.at(0);
        return std::get<script::Wait>(inside.what).call;
    };
    CHECK(waits_for(0) == model::Call::listen);
    CHECK(waits_for(1) == model::Call::bind);
}

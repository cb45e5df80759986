// The JSON that docs/json.md promises.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/program.hpp"

using namespace socketscope::test;
using nlohmann::json;

TEST_CASE("matrix: twelve cells, each answered") {
    const auto result = program({"matrix", "--json"});
    REQUIRE(result.status == 0);
    const json answer = json::parse(result.out);
    CHECK(!answer.at("rung").get<std::string>().empty());
    REQUIRE(answer.at("cells").size() == 12);
    std::set<std::string> cells;
    for (const auto& cell : answer["cells"]) {
        cells.insert(cell.at("domain").get<std::string>() + "/" + cell.at("type").get<std::string>());
        const std::string word = cell.at("result");
        CHECK((word == "works" || word == "refused" || word == "becomes"));
        CHECK(cell.contains("errno") == (word == "refused"));
        CHECK(cell.contains("becomes") == (word == "becomes"));
    }
    CHECK(cells.size() == 12);
    // Every Linux has these, and makes a datagram socket of AF_UNIX SOCK_RAW (unix(7)).
    for (const auto& cell : answer["cells"]) {
        if (cell["domain"] == "unix" && cell["type"] != "raw") CHECK(cell["result"] == "works");
        if (cell["domain"] == "unix" && cell["type"] == "raw") CHECK(cell["becomes"] == "dgram");
    }
}

TEST_CASE("list: the lessons with their lanes") {
    const auto result = program({"list", "--json"});
    REQUIRE(result.status == 0);
    const json answer = json::parse(result.out);
    CHECK(answer.at("lessons").size() >= 5);
    for (const auto& lesson : answer["lessons"]) {
        CHECK(!lesson.at("name").get<std::string>().empty());
        CHECK(!lesson.at("title").get<std::string>().empty());
        CHECK(lesson.at("lanes").size() >= 1);
    }
}

TEST_CASE("run: calls, provenance and expectations of a UNIX stream") {
    const TempFolder folder;
    const std::string file = folder.file("pair.txt");
    write_file(file,
               "# lanes: unix/stream\n# server\ns = socket()\nbind(s, server)\nlisten(s, 1)\na = "
               "accept(s)\nwait(client.done)\n"
               "recv(a, 100) -> \"HELLO WORLD\"\nrecv(a, 100) -> 0\n# client\nwait(server.listening)\nc = "
               "socket()\nconnect(c, server)\n"
               "send(c, \"HELLO \") -> 6\nsend(c, \"WORLD\") -> 5\nclose(c)\n");
    const auto result = program({"run", file, "--json"});
    REQUIRE_MESSAGE(result.status == 0, result.err);
    const json lane = json::parse(result.out).at("lanes").at(0);
    CHECK(lane.at("kind") == "unix/stream");
    REQUIRE(lane.at("sent").size() == 2);
    REQUIRE(lane.at("received").size() == 2);
    const json& pieces = lane["received"][0].at("pieces");
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[0] == json{{"message", 1}, {"offset", 0}, {"size", 6}});
    CHECK(pieces[1] == json{{"message", 2}, {"offset", 0}, {"size", 5}});
    CHECK(lane["received"][1].at("end_of_file") == true);
    CHECK(lane.at("lost").empty());
    for (const auto& expectation : lane.at("expectations")) CHECK(expectation.at("held") == true);
    std::int64_t before = 0;
    for (const auto& call : lane.at("calls")) {
        CHECK(call.at("enter_ns") >= before);
        CHECK(call.at("exit_ns") >= call.at("enter_ns"));
        before = call["enter_ns"];
    }
}

// The JSON that docs/json.md promises.
#include <doctest/doctest.h>

#include <map>
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

TEST_CASE("run: control messages, option lengths, failed descriptors, long data") {
    const TempFolder folder;
    const std::string file = folder.file("control.txt");
    write_file(file,
               "# lanes: unix/dgram\na, b = socketpair()\nsetsockopt(b, SOL_SOCKET, SO_PASSCRED, 1)\n"
               "sendmsg(a, \"x\", fds=[a, b], creds=true) -> 1\nrecvmsg(b, 10) -> \"x\"\n"
               "getsockopt(a, SOL_SOCKET, SO_PEERCRED)\ngetsockopt(a, SOL_SOCKET, SO_BINDTODEVICE)\n"
               "getsockopt(a, 999, 1)\nn = socket(AF_UNIX, SOCK_STREAM, 99) -> EPROTONOSUPPORT\nclose(n)\n"
               "send(a, bytes(70000)) -> 70000\n");
    const auto result = program({"run", file, "--json"});
    REQUIRE_MESSAGE(result.status == 0, result.err);
    const json calls = json::parse(result.out).at("lanes").at(0).at("calls");
    const auto args = [&](int line) {
        for (const auto& call : calls)
            if (call.at("line") == line) return call.at("args");
        return json();
    };
    const json control = args(5).at("control");
    REQUIRE(control.size() == 2);
    for (const auto& message : control) {
        CHECK(message.at("level") == "SOL_SOCKET");
        if (message.at("type") == "SCM_RIGHTS") {
            CHECK(message.at("fds").size() == 2);
        } else {
            CHECK(message.at("type") == "SCM_CREDENTIALS");
            CHECK(message.at("pid") > 0);
            CHECK(message.at("uid") >= 0);
            CHECK(message.at("gid") >= 0);
        }
    }
    CHECK(args(4).at("control").size() == 2);
    CHECK(args(6).at("length") == 12);
    CHECK(args(6).at("value_bytes").get<std::string>().size() == 24);
    CHECK(args(7).at("length") == 0);
    CHECK(args(8).at("level") == "999");
    CHECK(args(8).at("option") == "1");  // not SO_DEBUG: that is an option of SOL_SOCKET
    CHECK(args(10).at("fd") == -1);
    CHECK(args(11).at("data").get<std::string>().size() == 64 * 1024);
    CHECK(args(11).at("data_cut") == true);
}

TEST_CASE("run: lines are those of the file, in every way of telling, also of a saved trace") {
    const TempFolder folder;
    const std::string file = folder.file("lines.txt"), saved = folder.file("lines.jsonl");
    write_file(file,
               "# lanes: unix/stream\n"
               "\n"
               "# server\n"
               "s = socket()\n"
               "\n"
               "# client\n"
               "c = socket()\n"
               "listen(c, 1)  -> 0\n"
               "close(1)\n");
    const auto ran = program({"run", file, "--json", "--trace", saved});
    CHECK(ran.status == 1);
    for (const json& told : {json::parse(ran.out), json::parse(program({"run", saved, "--json"}).out)}) {
        const json& lane = told.at("lanes").at(0);
        std::map<std::string, int> lines;
        for (const auto& call : lane.at("calls"))
            if (call.at("line") != 0)
                lines[call.at("endpoint").get<std::string>() + "." + call.at("call").get<std::string>()] =
                    call["line"];
        CHECK(lines ==
              std::map<std::string, int>{{"server.socket", 4}, {"client.socket", 7}, {"client.listen", 8}});
        CHECK(lane.at("expectations").at(0).at("line") == 8);
        CHECK(lane.at("remarks").at(0).at("line") == 9);
    }
    const auto text = program({"run", saved});
    CHECK_MESSAGE(holds(text.out, "client line 8: expected 0"), text.out);
    CHECK_MESSAGE(holds(text.out, "client line 9 was not carried out"), text.out);
    CHECK(holds(program({"run", saved, "--events"}).out, "line 8: listen(3, 1) = -1"));
    CHECK(holds(program({"check", file}).err, ":8: unix/stream: expected 0"));
}

TEST_CASE("run: a line that could not be carried out is told, status 1") {
    const TempFolder folder;
    const std::string file = folder.file("own.txt");
    write_file(file, "# lanes: unix/stream\ns = socket()\nclose(1)\nclose(s)  -> 0\n");
    const auto text = program({"run", file});
    CHECK(text.status == 1);
    CHECK_MESSAGE(holds(text.out, "client line 3 was not carried out"), text.out);
    const auto result = program({"run", file, "--json"});
    CHECK(result.status == 1);
    const json remarks = json::parse(result.out).at("lanes").at(0).at("remarks");
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].at("line") == 3);
    CHECK(remarks[0].at("endpoint") == "client");
}

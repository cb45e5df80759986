#include <doctest/doctest.h>

#include "core/lesson/lesson.hpp"

using namespace socketscope;
using namespace socketscope::lesson;

namespace {

LoadResult read(const std::string& text) {
    return parse_lesson(text, "hello.sock");
}

}  // namespace

TEST_CASE("a plain file: settings in comments, then the programs") {
    const auto result = read(
        "# title: Hello\n# lanes: inet/stream inet/dgram\n# link: delay=20ms loss=10%\n# rule: drop data 2 "
        "from client\n"
        "# timeout: 5s\n# seed: 9\n# a comment: with a colon\n\n# server\ns = socket()\n# client stream\nc = "
        "socket()\n"
        "# client dgram\nd = socket()\nclose(d)\n");
    for (const auto& diagnostic : result.diagnostics) INFO(diagnostic.format("hello"));
    REQUIRE(result.diagnostics.empty());
    const Lesson& lesson = *result.lesson;
    CHECK(lesson.title == "Hello");
    REQUIRE(lesson.lanes.size() == 2);
    CHECK(lesson.link.delay_ns == 20 * model::kMillisecond);
    CHECK(lesson.link.loss == doctest::Approx(0.1));
    CHECK(lesson.link.rules.size() == 1);
    CHECK(lesson.timeout_ns == 5 * model::kSecond);
    CHECK(lesson.seed == 9);
    REQUIRE(lesson.endpoints.size() == 2);
    CHECK(lesson.endpoints[0].name == "server");
    CHECK(lesson.endpoints[0].scripts[0].key == "any");
    CHECK(lesson.endpoints[0].scripts[0].line == 10);
    REQUIRE(lesson.endpoints[1].scripts.size() == 2);
    CHECK(lesson.endpoints[1].scripts[1].key == "dgram");
    CHECK(lesson.endpoints[1].scripts[1].text == "d = socket()\nclose(d)\n");
}

TEST_CASE("without settings the lane is inet/stream; without sections it is the client's program") {
    const auto result = read("a, b = socketpair(AF_UNIX, SOCK_STREAM)\nsend(a, \"x\") -> 1\n");
    REQUIRE(result.ok());
    CHECK(model::to_string(result.lesson->lanes.at(0)) == "inet/stream");
    REQUIRE(result.lesson->endpoints.size() == 1);
    CHECK(result.lesson->endpoints[0].name == "client");
    CHECK(result.lesson->title == "hello");
}

TEST_CASE("a host is an address also where no program runs") {
    CHECK(read("# client\nc = socket()\nconnect(c, server) -> ECONNREFUSED\n").ok());
    CHECK_FALSE(read("# client\nwait(server.listening)\n").ok());
}

TEST_CASE("mistakes carry the line of the file") {
    struct Mistake {
        std::string text;
        int line, column;
        std::string message;
    };
    const Mistake kMistakes[] = {
        {"# server\ns = socket()\n# client\n\nc = soket()\n", 5, 5, "unknown call `soket`"},
        {"# lanes: inet/strem\n# server\ns = socket()\n", 1, 10, "unknown kind"},
        {"# link: delay=20 loss=1%\n# server\ns = socket()\n", 1, 15, "expected a time"},
        {"# link: dela=20ms\n# server\ns = socket()\n", 1, 9, "expected NAME=VALUE"},
        {"# rule: drop data 2 to client\n# server\ns = socket()\n", 1, 21, "expected `from client`"},
        {"# timeout: soon\n# server\ns = socket()\n", 1, 12, "expected a time"},
        {"# seed: x\n# server\ns = socket()\n", 1, 9, "expected a whole number"},
        {"# server\ns = socket()\n# server\ns = socket()\n", 3, 1, "two scripts"},
        {"# lanes:\n# server\ns = socket()\n", 1, 9, "expected kinds"},
        {"", 1, 1, "no line to run"},
        {"# server\n# client\n", 1, 1, "no line to run"},
    };
    for (const auto& mistake : kMistakes) {
        CAPTURE(mistake.text);
        const auto result = read(mistake.text);
        CHECK_FALSE(result.ok());
        REQUIRE(result.diagnostics.size() == 1);
        CAPTURE(result.diagnostics[0].format("hello"));
        CHECK(result.diagnostics[0].line == mistake.line);
        CHECK(result.diagnostics[0].column == mistake.column);
        CHECK(result.diagnostics[0].message.find(mistake.message) != std::string::npos);
    }
}

TEST_CASE("comments that only look like sections or settings stay comments") {
    CHECK(read("# client\n# server waits here\n# laness: x\nc = socket()\n").lesson->endpoints.size() == 1);
    const auto misspelt = read("# lanse: inet/dgram\n# client\nc = socket()\n");
    REQUIRE(misspelt.diagnostics.size() == 1);
    CHECK(misspelt.diagnostics[0].warning);
    CHECK(misspelt.ok());
    for (const auto& row : {std::pair<std::string, int>{"# sever", 3}, {"# server strem", 10}}) {
        const auto& section = row.first;
        const auto& column = row.second;
        CAPTURE(section);
        const auto result = read(section + "\ns = socket()\n# client\nc = socket()\n");
        REQUIRE_FALSE(result.diagnostics.empty());
        CHECK(result.diagnostics[0].warning);
        CHECK(result.diagnostics[0].line == 1);
        CHECK(result.diagnostics[0].column == column);
    }
}

TEST_CASE("headings as people write them") {
    for (const std::string heading :
         {"# Server", "#server", "# server:", "## server", "# --- server ---", "#  SERVER  "}) {
        CAPTURE(heading);
        const auto result = read(heading + "\ns = socket()\n# client\nc = socket()\n");
        REQUIRE(result.ok());
        REQUIRE(result.lesson->endpoints.size() == 2);
        CHECK(result.lesson->endpoints[0].name == "server");
    }
}

TEST_CASE("a heading without its # is one mistake, not one for each line below") {
    for (const std::string heading :
         {"[server]", "server:", "--- server ---", "// server", "  @server dgram", "server;"}) {
        CAPTURE(heading);
        const auto result = read("# lanes: inet/dgram\n" + heading +
                                 "\ns = socket()\nbind(s, server)\n# client\nwait(server.bound)\n");
        CHECK_FALSE(result.ok());
        REQUIRE(result.diagnostics.size() == 1);
        CHECK(result.diagnostics[0].line == 2);
        CHECK(result.diagnostics[0].column == static_cast<int>(heading.find_first_not_of(' ')) + 1);
        CHECK(result.diagnostics[0].message.find("expected `# server") == 0);
        CHECK_FALSE(result.diagnostics[0].suggestion.empty());
    }
    CHECK(read("# client\nserver = 1\n").diagnostics[0].message.find("expected `#") == std::string::npos);
}

TEST_CASE("what is nearly a heading is a comment, and that is said") {
    for (const std::string heading :
         {"# server: the one that waits", "# server, first", "# server (waits)"}) {
        const auto result = read(heading + "\ns = socket()\n");
        REQUIRE(result.diagnostics.size() == 1);
        CHECK(result.diagnostics[0].warning);
        CHECK(result.diagnostics[0].line == 1);
        CHECK(result.diagnostics[0].column == 3);
        CHECK(result.diagnostics[0].suggestion.find("`# server`") != std::string::npos);
    }
    CHECK(read("# client\n# server waits by then\nc = socket()\n").diagnostics.empty());
}

TEST_CASE("two programs side by side") {
    const std::string text =
        "# server                 # client\n"
        "s = socket()             c = socket()\n"
        "bind(s, server)          connect(c, server)\n"
        "# both are ready now, and this line is a comment\n"
        "close(s)\n"
        "                         close(c)  -> 0\n";
    const auto result = read(text);
    for (const auto& diagnostic : result.diagnostics) INFO(diagnostic.format("hello"));
    REQUIRE(result.diagnostics.empty());
    const auto& endpoints = result.lesson->endpoints;
    REQUIRE(endpoints.size() == 2);
    CHECK(endpoints[0].name == "server");
    CHECK(endpoints[0].scripts[0].text ==
          "s = socket()\nbind(s, server)\n# both are ready now, and this line is a comment\nclose(s)\n\n");
    CHECK(endpoints[1].scripts[0].text == "c = socket()\nconnect(c, server)\n\n\nclose(c)  -> 0\n");
    CHECK(endpoints[1].scripts[0].line == 2);

    const auto wrong = read("# server      # client\ns = socket()  c = socket()\nclose(s)      clos(c)\n");
    REQUIRE(wrong.diagnostics.size() == 1);
    CHECK(wrong.diagnostics[0].line == 3);
    CHECK(wrong.diagnostics[0].column == 15);

    const auto crossing = read("# server  # client\ns = socket(AF_INET)\n");
    REQUIRE_FALSE(crossing.ok());
    CHECK(crossing.diagnostics[0].message.find("second program") != std::string::npos);
}

TEST_CASE("a file without a line to run is a mistake") {
    for (const std::string text : {"", "\n \t\n", "# server\n# client\n", "# only a comment"}) {
        CAPTURE(text);
        const auto result = read(text);
        CHECK_FALSE(result.ok());
        REQUIRE(result.diagnostics.size() == 1);
        CHECK(result.diagnostics[0].message.find("no line to run") != std::string::npos);
    }
}

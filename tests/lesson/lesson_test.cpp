#include "core/lesson/lesson.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::lesson;

namespace {

const std::string kGood = R"(+++
title = "One packet is lost"
summary = "TCP sends it again, UDP does not"
part = "Reliability"
lanes = ["inet/stream", "inet/dgram"]
lane_titles = ["TCP", "UDP"]
seed = 7
timeout = "5s"

[link]
delay = "20ms"
loss = "10%"
rate = "10Mbit/s"
rules = ["drop data 2 from client"]

[sysctl]
"net.ipv4.tcp_sack" = 1

[scripts.server]
stream = '''
s = socket()
bind(s, server)
'''
dgram = '''
s = socket()
'''

[scripts.client]
any = '''
c = socket()
send(c, "a\n")  -> 2
'''

[[beats]]
name = "hole"
caption = "Packet 2 is gone"
at = "packet client data 2 lost + 1ms"
lane = "inet/dgram"

[[predictions]]
question = "What does recv return?"
choices = ["10", "30"]
answer = "30"
because = "a stream has no boundaries"
beat = "hole"
+++
# The hole {beat=hole}
One packet is *gone*.
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string dots(std::size_t count) {
    std::string key;
    for (std::size_t i = 0; i < count; ++i) key += ".a";
    return key;
}

}  // namespace

TEST_CASE("all of a lesson is read") {
    const auto result = parse_lesson(kGood, "lessons/20-lost.md");
    for (const auto& diagnostic : result.diagnostics) INFO(diagnostic.format("lesson"));
    REQUIRE(result.diagnostics.empty());
    REQUIRE(result.ok());
    const Lesson& lesson = *result.lesson;
    CHECK(lesson.name == "lost");
    CHECK(lesson.order == 20);
    CHECK(lesson.title == "One packet is lost");
    CHECK(lesson.part == "Reliability");
    REQUIRE(lesson.lanes.size() == 2);
    CHECK(model::to_string(lesson.lanes[1]) == "inet/dgram");
    CHECK(lesson.lane_titles[1] == "UDP");
    CHECK(lesson.seed == 7);
    CHECK(lesson.timeout_ns == 5 * model::kSecond);
    CHECK(lesson.link.delay_ns == 20 * model::kMillisecond);
    CHECK(lesson.link.loss == doctest::Approx(0.1));
    CHECK(lesson.link.rate_bps == 10'000'000);
    REQUIRE(lesson.link.rules.size() == 1);
    CHECK(lesson.link.rules[0].nth == 2);
    CHECK(lesson.sysctl.at("net.ipv4.tcp_sack") == "1");
    REQUIRE(lesson.endpoints.size() == 2);
    CHECK(lesson.endpoints[0].name == "server");
    CHECK(lesson.endpoints[0].host == model::Host::server);
    CHECK(lesson.endpoints[0].scripts[0].line == 21);
    CHECK(lesson.endpoints[1].scripts[0].text == "c = socket()\nsend(c, \"a\\n\")  -> 2\n");
    REQUIRE(lesson.beats.size() == 1);
    CHECK(lesson.beats[0].title == "The hole");
    CHECK(lesson.beats[0].at.form == model::Moment::Form::packet);
    CHECK(lesson.beats[0].at.offset_ns == model::kMillisecond);
    REQUIRE(lesson.predictions.size() == 1);
    CHECK(lesson.predictions[0].answer == 1);
    REQUIRE(lesson.sections.size() == 1);
    CHECK(lesson.sections[0].beat == "hole");
    CHECK(lesson.sections[0].line == 47);
}

TEST_CASE("each mistake is reported at its line and column, with what helps") {
    struct Mistake {
        std::string from, to;
        int line, column;
        std::string message, suggestion;
    };
    const Mistake kMistakes[] = {
        {"seed = 7", "sead = 7", 7, 1, "unknown key `sead`", "`seed`"},
        {"seed = 7", "seed = \"x\"", 7, 8, "expected a number", ""},
        {"seed = 7", "seed = ", 7, 8, "no TOML", ""},
        {"\"inet/dgram\"]", "\"inet/datagram\"]", 5, 25, "unknown kind `inet/datagram`", "inet/dgram"},
        {"\"inet/dgram\"]", "\"inet/stream\"]", 5, 25, "there twice", ""},
        {"[\"TCP\", \"UDP\"]", "[\"TCP\"]", 6, 15, "expected 2 titles", ""},
        {"timeout = \"5s\"", "timeout = 5", 8, 12, "expected a time such as", ""},
        {"delay = \"20ms\"", "dealy = \"20ms\"", 11, 1, "unknown key `dealy` in `link`", "`delay`"},
        {"\"10%\"", "\"110%\"", 12, 9, "expected a chance", ""},
        {"\"10Mbit/s\"", "\"10Mb\"", 13, 9, "expected a rate", ""},
        {"drop data 2 from client", "drop date 2 from client", 14, 16, "expected a class of packets",
         "`data`"},
        {"\"net.ipv4.tcp_sack\"", "\"net.ipv4.tcp_sak\"", 17, 22, "not among the settings",
         "`net.ipv4.tcp_sack`"},
        {"\"net.ipv4.tcp_sack\"", "net.ipv4.tcp_sack", 17, 1, "not among the settings", "between quotes"},
        {"bind(s, server)", "bind(s, sever)", 22, 9, "unknown word `sever`", "`server`"},
        {"-> 2", "-> EPIP", 31, 20, "unknown errno `EPIP`", "`EPIPE`"},
        {"dgram = '''", "dgrams = '''", 24, 10, "expected a kind", "`dgram`"},
        {"dgram = '''", "seqpacket = '''", 19, 1, "no script of `server` for the lane inet/dgram", "`any`"},
        {"[scripts.client]", "[scripts.helper]", 28, 1, "which host", "host ="},
        {"name = \"hole\"", "name = \"the hole\"", 35, 8, "expected a name of letters", ""},
        {"data 2 lost", "data 2 lot", 37, 28, "expected what happened", "`lost`"},
        {"lane = \"inet/dgram\"", "lane = \"unix/dgram\"", 38, 8, "expected one of the lanes", "inet/dgram"},
        {"answer = \"30\"", "answer = 3", 43, 10, "expected `answer`", ""},
        {"beat = \"hole\"", "beat = \"hol\"", 45, 8, "no beat `hol`", "`hole`"},
        {"{beat=hole}", "{beat=whole}", 47, 18, "no beat `whole`", "`hole`"},
        {"+++\n# The", "++\n# The", 1, 1, "the front matter has no end", "+++"},
        {"title = \"One packet is lost\"", "", 2, 0, "expected a `title", ""},
        {"title = \"One packet is lost\"", "title = \"\"", 2, 9, "nothing between the quotes", ""},
        {"[\"inet/stream\", \"inet/dgram\"]", "[]", 5, 9, "expected one or more kinds", "inet/stream"},
        {"[scripts.client]", "[scripts.cleint]", 28, 1, "which host", "`client`"},
        {"seed = 7", "seed" + dots(200) + " = 7", 7, 0, "more than 100 parts", ""},
        {"seed = 7", "seed" + dots(300'000) + " = 7", 7, 0, "more than 100 parts", ""},
    };
    for (const auto& mistake : kMistakes) {
        CAPTURE(mistake.to);
        const auto result = parse_lesson(replaced(kGood, mistake.from, mistake.to), "x.md");
        CHECK_FALSE(result.ok());
        REQUIRE_FALSE(result.diagnostics.empty());
        bool found = false;
        std::string all;
        for (const auto& diagnostic : result.diagnostics) {
            all += diagnostic.format("x.md") + "\n";
            found = found || (diagnostic.line == mistake.line && diagnostic.column == mistake.column &&
                              diagnostic.message.find(mistake.message) != std::string::npos &&
                              diagnostic.suggestion.find(mistake.suggestion) != std::string::npos);
        }
        CAPTURE(all);
        CHECK(found);
    }
}

TEST_CASE("one mistake is told once, not wherever it is felt") {
    for (const auto& row : {std::pair<std::string, std::string>{"[\"inet/stream\", \"inet/dgram\"]", "[]"},
                            {"\"inet/dgram\"]", "\"inet/datagram\"]"},
                            {"[scripts.server]", "[scripts.sever]"},
                            {"bind(s, server)", "bind(s server)\nwait(client.listening)"}}) {
        const auto& from = row.first;
        const auto& to = row.second;
        CAPTURE(to);
        const auto result = parse_lesson(replaced(kGood, from, to), "x.md");
        std::string all;
        for (const auto& diagnostic : result.diagnostics) all += diagnostic.format("x.md") + "\n";
        CHECK_MESSAGE(result.diagnostics.size() == 1, all);
        CHECK_FALSE(result.ok());
    }
}

TEST_CASE("a table of scripts with nothing in it is a mistake with a place") {
    const auto result =
        parse_lesson("+++\ntitle = \"x\"\nlanes = [\"inet/stream\"]\n[scripts]\n+++\n", "x.md");
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].format("x.md").starts_with("x.md:4:1: error: expected a program"));
}

TEST_CASE("a heading that ties its section to nothing is a warning") {
    for (const auto& row : {std::pair<std::string, int>{"{beat=}", 13},
                            {"{beat=hole", 13},
                            {"{bet=hole}", 12},
                            {"beat=hole", 12}}) {
        const auto& written = row.first;
        const auto& column = row.second;
        CAPTURE(written);
        const auto result = parse_lesson(replaced(kGood, "{beat=hole}", written), "x.md");
        REQUIRE(result.diagnostics.size() == 1);
        CAPTURE(result.diagnostics[0].format("x.md"));
        CHECK(result.diagnostics[0].warning);
        CHECK(result.diagnostics[0].line == 47);
        CHECK(result.diagnostics[0].column == column);
    }
    CHECK(parse_lesson(replaced(kGood, "{beat=hole}", "{1, 2}"), "x.md").diagnostics.empty());
}

TEST_CASE("an answer may be the number of the choice") {
    const auto result = parse_lesson(replaced(kGood, "answer = \"30\"", "answer = 1"), "x.md");
    REQUIRE(result.ok());
    CHECK(result.lesson->predictions[0].answer == 0);
}

TEST_CASE("a script on the line of its key keeps its columns") {
    const auto result =
        parse_lesson(replaced(kGood, "dgram = '''\ns = socket()\n'''", "dgram = 's = soket()'"), "x.md");
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].line == 24);
    CHECK(result.diagnostics[0].column == 14);
}

TEST_CASE("backslashes in a script between double quotes are TOML's: that is said") {
    const auto result =
        parse_lesson(replaced(kGood, "any = '''\nc = socket()\nsend(c, \"a\\n\")  -> 2\n'''",
                              "any = \"\"\"\nc = socket()\nsend(c, \"a\\\\n\")  -> 2\n\"\"\""),
                     "x.md");
    CHECK(result.ok());
}

TEST_CASE("text that is no lesson is answered, not thrown at") {
    CHECK_FALSE(parse_lesson("", "x.md").ok());
    CHECK_FALSE(parse_lesson("# Title\n", "x.md").ok());
    CHECK_FALSE(parse_lesson("+++", "x.md").ok());
    CHECK_FALSE(parse_lesson("+++\n+++\n", "x.md").ok());
    CHECK_FALSE(parse_lesson(std::string("+++\n\0\xff\n+++\n", 11), "x.md").ok());
    CHECK_FALSE(parse_lesson("+++\n" + std::string(100'000, '[') + "\n+++\n", "x.md").ok());
    for (std::size_t size = 0; size < kGood.size(); size += 3) parse_lesson(kGood.substr(0, size), "x.md");
}

TEST_CASE("line ends of Windows and a byte order mark do no harm") {
    std::string text = "\xEF\xBB\xBF";
    for (const char c : kGood) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const auto result = parse_lesson(text, "x.md");
    for (const auto& diagnostic : result.diagnostics) INFO(diagnostic.format("x.md"));
    CHECK(result.ok());
}

// The parser on texts that nobody would write: it must answer, within its bounds, and never throw.
#include <algorithm>
#include <functional>
#include <random>

#include "tests/script/parsing.hpp"
#include "tests/support/processor_time.hpp"

using namespace socketscope;
using namespace socketscope::script;
using namespace socketscope::script::test;

namespace {

const std::string kScript =
    "s = socket(AF_INET, SOCK_STREAM, 0)\n"
    "setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 100ms)\n"
    "bind(s, server:9)\n"
    "listen(s, 1)\n"
    "wait(client.send 2)\n"
    "a = accept(s, &peer)\n"
    "repeat 3:\n"
    "    poll([a: POLLIN, s: POLLIN|POLLOUT], 1s) -> [POLLIN, 0]\n"
    "    until eof: n = recv(a, &buf, 64, MSG_PEEK) -> stream: 1..64, dgram|seqpacket: \"HELLO\"...\n"
    "    sendto(a, \"x\\x41\" * 100, MSG_NOSIGNAL, inet(\"192.0.2.2\", 9)) -> EPIPE or ECONNRESET\n"
    "sendmsg(a, icmp_echo(1, 2, hex(\"45 00\")), fds=[a], creds=true)\n"
    "close(a)\n";

void check_places(const std::string& text) {
    const auto result = read(text);
    REQUIRE(result.diagnostics.size() <= 150);
    for (const auto& diagnostic : result.diagnostics) {
        CHECK_FALSE(diagnostic.message.empty());
        CHECK(diagnostic.message.find('\n') == std::string::npos);
        CHECK(diagnostic.message.size() < 1000);
    }
}

// Processor time.
model::TimeNs cost_ns(const std::string& text) {
    const model::TimeNs begin = socketscope::test::processor_ns();
    const auto result = read(text);
    const model::TimeNs cost = socketscope::test::processor_ns() - begin;
    CHECK(result.diagnostics.size() <= 150);
    return std::max<model::TimeNs>(cost, 1);
}

// Sixteen times the text may cost sixteen times as much, and a few times that for caches and fresh memory; were it
// quadratic, 256 times. The quickest of some tries counts, and of more where others are in the way.
void check_grows_with_size(const std::string& what, std::size_t most,
                           const std::function<std::string(std::size_t)>& make) {
    constexpr int kTries = 3, kMostTries = 40;
    const std::string short_text = make(most / 16), long_text = make(most);
    model::TimeNs few = INT64_MAX, many = INT64_MAX;
    for (int i = 0; i < kTries || (many >= 100 * few && i < kMostTries); ++i) {
        few = std::min(few, cost_ns(short_text));
        many = std::min(many, cost_ns(long_text));
    }
    CAPTURE(what);
    CAPTURE(few);
    CHECK(many < 100 * few);
}

// `begin`, then `again` until there are about `size` bytes, then `end`.
std::string long_text(const std::string& begin, const std::string& again, const std::string& end,
                      std::size_t size) {
    std::string text = begin;
    while (text.size() + again.size() <= size) text += again;
    return text + end;
}

}  // namespace

TEST_CASE("every beginning of a good script, and the script without any one byte") {
    REQUIRE(read(kScript).diagnostics.empty());
    for (std::size_t size = 0; size < kScript.size(); ++size) {
        check_places(kScript.substr(0, size));
        std::string without = kScript;
        without.erase(size, 1);
        check_places(without);
    }
}

TEST_CASE("random bytes, and a good script with random bytes in it") {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string noise(random() % 200, '\0');
        for (char& c : noise) c = static_cast<char>(random());
        check_places(noise);
        std::string damaged = kScript;
        for (int i = 0; i < 5; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
        check_places(damaged);
    }
}

TEST_CASE("random lines made of the language's own tokens") {
    const std::vector<std::string> kTokens{
        "recv",   "(",      ")",      "[",   "]",    "{",    "}",   ",",        ":",      "=",     "&",
        "|",      "+",      "-",      "*",   "->",   "..",   "...", "s",        "server", "64",    "1s",
        "\"x\"",  "repeat", "until",  "eof", "wait", "poll", "any", "blocks",   "or",     "EPIPE", "MSG_PEEK",
        "POLLIN", "\n",     "\n    ", "ip4", "NULL", "fds",  ".",   "listening"};
    std::mt19937 random(2);
    for (int round = 0; round < 5000; ++round) {
        std::string text = "s = socket()\n";
        for (std::size_t i = random() % 40; i > 0; --i) text += kTokens[random() % kTokens.size()] + " ";
        check_places(text);
    }
}

TEST_CASE("deep nesting ends with a sentence, not with the stack") {
    std::string blocks, brackets = "s = socket()\nsend(s, ", packets = brackets,
                        minus = "sleep(1ms)\nrepeat ";
    for (int i = 0; i < 5000; ++i) {
        blocks += std::string(static_cast<std::size_t>(i), ' ') + "repeat 1:\n";
        brackets += "(";
        packets += "udp(1, 2, ";
        minus += "-";
    }
    std::string one_line;
    for (int i = 0; i < 5000; ++i) one_line += "repeat 1: ";
    for (const auto& text :
         {blocks, brackets, packets, minus, one_line, "s = socket()\npoll(" + std::string(5000, '[')}) {
        CHECK_FALSE(read(text).ok());
        check_places(text);
    }
}

TEST_CASE("large texts are read in time that grows with their size, or refused at once") {
    struct Row {
        std::string begin, again, end;
        std::size_t most;
    };
    const Row rows[] = {
        {"", "x = socket()\n# a comment that is rather long so that there are not too many lines\n", "",
         500'000},
        {"", "x", "", 900'000},
        {"", "\"", "", 900'000},
        {"", "\n", "", 900'000},
        {"s = socket()\nlisten(s, 1", "|1+1*1-1", ")", 900'000},
        {"s = socket()\npoll([s: 1", ", s: 1", "], 1s)", 900'000},
        {"s = socket()\nrecv(s, 1) -> 1", ", dgram|stream: 1 or 2", "", 900'000},
        {"", "socke(xyz) # and so on, and so on, and so on and on and on\n", "", 900'000},
        {"", "x", "", 10'000'000}};
    for (const Row& row : rows)
        check_grows_with_size(row.begin + row.again, row.most, [&](std::size_t size) {
            return long_text(row.begin, row.again, row.end, size);
        });
    const std::string mistakes = long_text("", "socke(xyz) # and so on, and so on, and so on\n", "", 900'000);
    check_places(mistakes);
    CHECK(read(mistakes).diagnostics.size() <= 50);
}

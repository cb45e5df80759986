// The parser on texts that nobody would write: it must answer, within its bounds, and never throw.
#include <chrono>
#include <random>

#include "tests/script/parsing.hpp"

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

double seconds_for(const std::string& text) {
    const auto begin = std::chrono::steady_clock::now();
    check_places(text);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
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
    constexpr double kLimit = 5;  // seconds; quadratic behaviour takes minutes
    std::string lines;
    while (lines.size() < 500'000)
        lines += "x = socket()\n# a comment that is rather long so that there are not too many lines\n";
    CHECK(seconds_for(lines.substr(0, lines.rfind('\n'))) < kLimit);
    CHECK(seconds_for(std::string(10'000'000, 'x')) < kLimit);
    CHECK(seconds_for(std::string(1'000'000, 'x')) < kLimit);
    CHECK(seconds_for(std::string(1'000'000, '"')) < kLimit);
    CHECK(seconds_for(std::string(1'000'000, '\n')) < kLimit);
    std::string sum = "s = socket()\nlisten(s, 1";
    while (sum.size() < 900'000) sum += "|1+1*1-1";
    CHECK(seconds_for(sum + ")") < kLimit);
    std::string list = "s = socket()\npoll([s: 1";
    while (list.size() < 900'000) list += ", s: 1";
    CHECK(seconds_for(list + "], 1s)") < kLimit);
    std::string expectation = "s = socket()\nrecv(s, 1) -> 1";
    while (expectation.size() < 900'000) expectation += ", dgram|stream: 1 or 2";
    CHECK(seconds_for(expectation) < kLimit);
    std::string mistakes;
    while (mistakes.size() < 900'000)
        mistakes += "socke(xyz) # and so on, and so on, and so on and on and on\n";
    CHECK(seconds_for(mistakes) < kLimit);
    CHECK(read(mistakes).diagnostics.size() <= 50);
}

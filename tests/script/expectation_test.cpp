#include "tests/script/parsing.hpp"

using namespace socketscope;
using namespace socketscope::script;
using namespace socketscope::script::test;

namespace {

constexpr int kEpipe = 32, kEagain = 11;

bool held(const std::string& line, const Outcome& outcome) {
    const auto statement = call(line);
    REQUIRE(statement.expectations.size() == 1);
    return holds(statement.expectations[0], outcome);
}
Outcome answer(std::int64_t value) {
    Outcome outcome;
    outcome.answer = value;
    return outcome;
}
Outcome failed(int error) {
    Outcome outcome = answer(-1);
    outcome.error = error;
    return outcome;
}
Outcome gave(std::string_view data) {
    Outcome outcome = answer(static_cast<std::int64_t>(data.size()));
    outcome.data = data;
    return outcome;
}
Outcome polled(std::vector<std::int64_t> events) {
    Outcome outcome = answer(1);
    outcome.events = std::move(events);
    return outcome;
}

}  // namespace

TEST_CASE("numbers, constants and ranges are compared with the answer") {
    CHECK(held("send(c, \"HELLO \") -> 6", answer(6)));
    CHECK_FALSE(held("send(c, \"HELLO \") -> 6", answer(5)));
    CHECK(held("getsockopt(s, SOL_SOCKET, SO_TYPE) -> SOCK_DGRAM", answer(2)));
    CHECK(held("recv(a, 64) -> 1..64", answer(64)));
    CHECK_FALSE(held("recv(a, 64) -> 1..64", answer(0)));
    CHECK(held("recv(a, 64) -> -1", failed(kEagain)));
}

TEST_CASE("a list of ints expects a struct of them") {
    const std::string linger("\x01\0\0\0\x05\0\0\0", 8);
    CHECK(held("getsockopt(s, SOL_SOCKET, SO_LINGER) -> {1, 5}", gave(linger)));
    CHECK_FALSE(held("getsockopt(s, SOL_SOCKET, SO_LINGER) -> {1, 4}", gave(linger)));
    CHECK_FALSE(held("getsockopt(s, SOL_SOCKET, SO_LINGER) -> {1}", gave(linger)));
}

TEST_CASE("errno names expect that very error; one of several is enough") {
    CHECK(held("send(c, \"x\") -> EPIPE", failed(kEpipe)));
    CHECK_FALSE(held("send(c, \"x\") -> EPIPE", failed(kEagain)));
    CHECK_FALSE(held("send(c, \"x\") -> EPIPE", answer(1)));
    CHECK(held("send(c, \"x\") -> EAGAIN or EPIPE or 1", failed(kEpipe)));
    CHECK(held("send(c, \"x\") -> EAGAIN or EPIPE or 1", answer(1)));
    CHECK_FALSE(held("send(c, \"x\") -> EAGAIN or EPIPE or 1", answer(2)));
}

TEST_CASE("text expects the bytes, all of them or how they begin") {
    CHECK(held("recv(a, 64) -> \"HELLO\"", gave("HELLO")));
    CHECK_FALSE(held("recv(a, 64) -> \"HELLO\"", gave("HELLO!")));
    CHECK(held("recv(a, 64) -> \"HE\"...", gave("HELLO")));
    CHECK(held("recv(a, 64) -> \"x\" * 3", gave("xxx")));
    CHECK(held("recv(a, 64) -> hex(\"45\")...", gave("E rest")));
    CHECK_FALSE(held("recv(a, 64) -> \"\"", failed(kEagain)));
}

TEST_CASE("poll answers with a number or with events") {
    CHECK(held("poll(a, POLLIN, 1s) -> 1", polled({1})));
    CHECK(held("poll(a, POLLIN, 1s) -> POLLIN", polled({1})));
    CHECK(held("poll(a, POLLIN|POLLRDHUP, 1s) -> POLLIN|POLLRDHUP", polled({0x2001})));
    CHECK_FALSE(held("poll(a, POLLIN, 1s) -> POLLIN", polled({0x11})));
    CHECK(held("poll([a: POLLIN, b: POLLOUT], 1s) -> [0, POLLOUT]", polled({0, 4})));
}

TEST_CASE("blocks holds only for a call that had to be interrupted") {
    Outcome interrupted = failed(4);
    interrupted.interrupted = true;
    CHECK(held("recv(a, 64) -> blocks", interrupted));
    CHECK_FALSE(held("recv(a, 64) -> blocks", failed(kEagain)));
    CHECK_FALSE(held("recv(a, 64) -> blocks", gave("x")));
    CHECK_FALSE(held("recv(a, 64) -> -1", interrupted));
    const auto statement = call("recv(a, 64) -> blocks 2s");
    CHECK(blocks_after(&statement.expectations[0]) == 2 * model::kSecond);
    CHECK(blocks_after(&call("recv(a, 64) -> blocks").expectations[0]) == 200 * model::kMillisecond);
    CHECK(blocks_after(nullptr) == model::kNever);
}

TEST_CASE("the most specific expectation counts in a lane") {
    const auto statement = call("recv(a, 100) -> stream: 30, unix: 5, inet/dgram|seqpacket: \"HELLO\", any");
    const auto written = [&](const std::string& kind) { return expectation_for(statement, kind)->written; };
    CHECK(written("inet/stream") == "30");
    CHECK(written("unix/stream") == "30");
    CHECK(written("unix/dgram") == "5");
    CHECK(written("unix/seqpacket") == "\"HELLO\"");
    CHECK(written("inet/dgram") == "\"HELLO\"");
    CHECK(written("inet6/raw") == "any");
    CHECK(expectation_for(call("recv(a, 100) -> stream: 30"), "inet/dgram") == nullptr);
    CHECK(expectation_for(call("recv(a, 100)"), "inet/dgram") == nullptr);
}

TEST_CASE("what was seen is said in the words of the expectation") {
    const auto said = [](const std::string& line, const Outcome& outcome) {
        return describe(call(line).expectations[0], outcome);
    };
    CHECK(said("recv(a, 9) -> 6", gave("HELLO")) == "5");
    CHECK(said("recv(a, 9) -> \"x\"", gave("HELLO\n")) == "\"HELLO\\x0a\" (6)");
    CHECK(said("recv(a, 9) -> 6", failed(kEagain)) == "−1 EAGAIN");
    CHECK(said("poll(a, POLLIN, 1s) -> POLLIN", polled({0x11})) == "POLLIN|POLLHUP");
    CHECK(said("poll([a: POLLIN, b: POLLIN], 1s) -> [POLLIN, 0]", polled({0, 1})) == "[0, POLLIN]");
}

// The JSON of a run as a text that is written, without the program around it.
#include "app/cli/run_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/story/build_trace.hpp"

using namespace socketscope;
using namespace socketscope::tests;

namespace {

constexpr std::size_t kLong = std::size_t{4} << 20;

trace::Trace long_message() {
    TraceBuilder b("unix/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("@s"), 1 * ms);
    b.socket(0, 3, 2 * ms);
    b.sendto(0, 3, std::string(kLong, 'x'), sockaddr_unix("@s"), 10 * ms);
    b.recv(1, 3, kLong, std::string(kLong, 'x'), 11 * ms, 12 * ms);
    trace::Trace trace;
    trace.lanes.push_back(b.take());
    return trace;
}

}  // namespace

TEST_CASE("a long message is written in short pieces, and whole") {
    std::string text;
    std::size_t longest = 0;
    cli::write_run_json(long_message(), [&](std::string_view piece) {
        longest = std::max(longest, piece.size());
        text += piece;
        return true;
    });
    CHECK(longest <
          std::size_t{512} * 1024);  // the call's own `data` has at most 64 KB, and twice that as JSON
    const auto json = nlohmann::json::parse(text);
    std::string expected;
    for (std::size_t i = 0; i < kLong; ++i) expected += "78";
    CHECK(json["lanes"][0]["sent"][0]["bytes"] == expected);
    CHECK(json["lanes"][0]["received"][0]["bytes"] == expected);
}

TEST_CASE("nothing more is made once the reader has gone") {
    std::size_t pieces = 0;
    cli::write_run_json(long_message(), [&](std::string_view) { return ++pieces < 3; });
    CHECK(pieces == 3);
}

TEST_CASE("what MSG_TRUNC threw away on TCP was given to nobody") {
    tests::TraceBuilder b("inet/stream");
    b.socket(1, 3, 0);
    b.recv(1, 3, 4, "\x01\x02\x03", 1'000'000, 1'000'005, 0x20);  // what the buffer held before
    trace::Trace trace;
    trace.lanes.push_back(b.take());
    std::string text;
    cli::write_run_json(trace, [&](std::string_view piece) {
        text += piece;
        return true;
    });
    const auto received = nlohmann::json::parse(text)["lanes"][0]["received"][0];
    CHECK(received["size"] == 0);
    CHECK(received["bytes"] == "");
}

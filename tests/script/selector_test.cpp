#include "core/script/selector.hpp"

#include <doctest/doctest.h>

using namespace socketscope::script;

TEST_CASE("a more specific word ranks higher") {
    CHECK(selector_rank("", "inet/dgram") == 1);
    CHECK(selector_rank("any", "inet/dgram") == 1);
    CHECK(selector_rank("inet", "inet/dgram") == 2);
    CHECK(selector_rank("dgram", "inet/dgram") == 3);
    CHECK(selector_rank("inet/dgram", "inet/dgram") == 4);
    CHECK(selector_rank("inet/raw:udp", "inet/raw:udp") == 5);
    CHECK(selector_rank("inet/raw:icmp", "inet/raw") == 5);
    CHECK(selector_rank("inet/raw", "inet/raw:udp") == 4);
    CHECK(selector_rank("raw", "inet/raw:udp") == 3);
    CHECK(selector_rank("stream seqpacket", "unix/seqpacket") == 3);
    CHECK(selector_rank("stream | unix/dgram", "unix/dgram") == 4);
    CHECK(selector_rank("inet6", "inet/dgram") == 0);
    CHECK(selector_rank("stream", "inet/dgram") == 0);
}

TEST_CASE("an unknown word is named, with the nearest known one") {
    CHECK_FALSE(check_selector("stream inet/dgram any unix"));
    const auto unknown = check_selector("stream inet/dgramm");
    REQUIRE(unknown);
    CHECK(unknown->word == "inet/dgramm");
    CHECK(unknown->suggestion == "did you mean `inet/dgram`?");
}

#include <doctest/doctest.h>

#include "core/story/name.hpp"
#include "tests/story/build_trace.hpp"

using namespace socketscope;
using story::parse_name;

TEST_CASE("socket addresses are read from their bytes") {
    CHECK(parse_name(tests::sockaddr4("192.0.2.2", 7000)).text() == "192.0.2.2:7000");
    CHECK(parse_name(tests::sockaddr_unix("/tmp/x.sock")).text() == "/tmp/x.sock");
    CHECK(parse_name(tests::sockaddr_unix("@name")).text() == "@name");
    CHECK(parse_name("").empty());
    CHECK(parse_name(std::string("\0\0", 2)).empty());    // AF_UNSPEC
    CHECK(parse_name(std::string("\x01\0", 2)).empty());  // AF_UNIX, unnamed
    CHECK(parse_name(tests::sockaddr4("192.0.2.2", 7000).substr(0, 5)).empty());
}

TEST_CASE("an IPv4-mapped address is the IPv4 address that the wire shows") {
    std::string bytes("\x0a\0", 2);
    bytes += std::string("\x1b\x58", 2) + std::string(4, '\0') + std::string(10, '\0') + "\xff\xff" +
             std::string("\xc0\0\x02\x02", 4) + std::string(4, '\0');
    CHECK(parse_name(bytes).text() == "192.0.2.2:7000");
}

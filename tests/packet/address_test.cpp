#include <doctest/doctest.h>

#include "core/packet/packet.hpp"
#include "tests/packet/real_packets.hpp"

using socketscope::packet::Address;

namespace {

Address v6(std::string_view hex, std::uint16_t port) {
    Address address;
    const std::string bytes = real::unhex(hex);
    for (std::size_t i = 0; i < bytes.size(); ++i) address.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
    address.version = 6;
    address.port = port;
    return address;
}

}  // namespace

TEST_CASE("addresses are written as people write them") {
    const Address four{{192, 0, 2, 1}, 4, 7000};
    CHECK(four.host() == "192.0.2.1");
    CHECK(four.to_string() == "192.0.2.1:7000");
    CHECK(v6("20010db8000000000000000000000001", 7000).to_string() == "[2001:db8::1]:7000");
    CHECK(Address{}.to_string().empty());
}

TEST_CASE("IPv6 addresses follow RFC 5952") {
    CHECK(v6("00000000000000000000000000000000", 0).host() == "::");
    CHECK(v6("00000000000000000000000000000001", 0).host() == "::1");
    CHECK(v6("20010db8000000010001000100010001", 0).host() ==
          "2001:db8:0:1:1:1:1:1");  // one group is not shortened
    CHECK(v6("20010db8000000000001000000000001", 0).host() ==
          "2001:db8::1:0:0:1");  // the first of two equal runs
    CHECK(v6("fe800000000000000000000000000000", 0).host() == "fe80::");
    CHECK(v6("00000000000000000000ffffc0000201", 0).host() == "::ffff:192.0.2.1");
}

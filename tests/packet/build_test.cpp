#include <doctest/doctest.h>

#include "core/packet/packet.hpp"
#include "tests/packet/real_packets.hpp"

using namespace socketscope;

TEST_CASE("the checksum of RFC 1071 §3") {
    // The RFC's example sums to ddf2; the checksum is its complement.
    CHECK(packet::checksum(real::unhex("0001f203f4f5f6f7")) == static_cast<std::uint16_t>(~0xddf2));
    CHECK(packet::checksum("") == 0xffff);
    CHECK(packet::checksum(std::string_view("\x01", 1)) == static_cast<std::uint16_t>(~0x0100));
}

TEST_CASE("packets for raw sockets are what the decoder reads") {
    const packet::Address from{{192, 0, 2, 1}, 4, 0}, to{{192, 0, 2, 2}, 4, 0};
    const std::string ping = packet::ipv4(from, to, 1, packet::icmp_echo(7, 3, "ping"));
    const packet::Headers headers = packet::decode(ping);
    CHECK_FALSE(headers.malformed);
    CHECK(headers.ip_checksum_ok);
    CHECK(headers.checksum_ok);
    CHECK(headers.icmp_type == 8);
    CHECK(headers.icmp_id == 7);
    CHECK(headers.icmp_sequence == 3);
    CHECK(headers.from == from);

    const packet::Headers udp = packet::decode(packet::ipv4(from, to, 17, packet::udp_header(5, 9, "abc")));
    CHECK(udp.from.port == 5);
    CHECK(udp.to.port == 9);
    CHECK(udp.payload_size == 3);
    CHECK(udp.checksum_ok);

    CHECK(packet::icmp6_echo(7, 3, "ping") ==
          real::unhex("800000000007000370696e67"));  // as the kernel got it for real::kPing6
}

// Packets for tests of the wire: real headers, built by core/packet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/event.hpp"
#include "core/packet/packet.hpp"

namespace socketscope::test {

inline packet::Address host_address(model::Host host) {
    packet::Address address;
    address.version = 4;
    const std::uint8_t bytes[4] = {192, 0, 2, static_cast<std::uint8_t>(host == model::Host::client ? 1 : 2)};
    std::copy(bytes, bytes + 4, address.bytes);
    return address;
}

inline std::string ip_packet(model::Host from, std::uint8_t protocol, const std::string& payload) {
    return packet::ipv4(host_address(from), host_address(model::other(from)), protocol, payload);
}

inline std::string udp(model::Host from, std::string_view payload, std::uint16_t from_port = 7001,
                       std::uint16_t to_port = 7000) {
    // udp_header() fills in the length; the payload follows.
    return ip_packet(from, 17, packet::udp_header(from_port, to_port, payload));
}

// A TCP header with the checksum left at 0: the wire does not look at it.
inline std::string tcp(model::Host from, std::uint8_t flags, std::string_view payload = {},
                       std::uint16_t from_port = 40'000, std::uint16_t to_port = 7000) {
    std::string header(20, '\0');
    header[0] = static_cast<char>(from_port >> 8);
    header[1] = static_cast<char>(from_port & 0xff);
    header[2] = static_cast<char>(to_port >> 8);
    header[3] = static_cast<char>(to_port & 0xff);
    header[12] = 5 << 4;
    header[13] = static_cast<char>(flags);
    return ip_packet(from, 6, header + std::string(payload));
}

}  // namespace socketscope::test

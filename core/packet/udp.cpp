// UDP: RFC 768; over IPv6 RFC 8200 §8.1.
#include "core/packet/octets.hpp"
#include "core/packet/protocol.hpp"

namespace socketscope::packet {

void decode_udp(const Segment& segment, Headers& headers) {
    const std::string_view bytes = segment.bytes;
    headers.from.port = be16(bytes, 0);
    headers.to.port = be16(bytes, 2);
    headers.udp_length = be16(bytes, 4);
    if (bytes.size() < 8 || headers.udp_length < 8) {
        if (segment.whole || bytes.size() >= 8) headers.malformed = true;
        headers.payload_size = 0;
        return;
    }
    std::size_t end = bytes.size();
    if (headers.udp_length < end) end = headers.udp_length;  // bytes behind the datagram are no part of it
    if (segment.whole && headers.udp_length > bytes.size()) headers.malformed = true;
    headers.payload_offset = static_cast<std::uint16_t>(headers.transport_offset + 8);
    headers.payload_size = static_cast<std::uint16_t>(end - 8);
    if (!segment.judge || headers.malformed) return;
    const std::uint16_t sum = be16(bytes, 6);
    headers.checksum_ok =
        sum == 0 ? headers.version == 4  // 0 = none; not allowed over IPv6
                 : checksum(bytes.substr(0, end), pseudo_header(segment.packet, headers, kUdp, end)) == 0;
}

void list_udp(FieldList& list, const Headers& headers) {
    const std::size_t at = headers.transport_offset;
    const std::uint16_t sum = be16(list.packet(), at + 6);
    list.add("source port", std::to_string(headers.from.port), at, 2, "RFC 768");
    list.add("destination port", std::to_string(headers.to.port), at + 2, 2, "RFC 768");
    list.add("length", bytes_word(headers.udp_length), at + 4, 2, "RFC 768");
    const std::string judged = headers.fragment       ? " (of the whole datagram)"
                               : !headers.checksum_ok ? " (wrong)"
                               : sum == 0             ? " (none)"
                                                      : " (right)";
    list.add("checksum", hex(sum, 4) + judged, at + 6, 2, "RFC 768");
}

std::string udp_header(std::uint16_t from_port, std::uint16_t to_port, std::string_view payload) {
    std::string bytes;
    put16(bytes, from_port);
    put16(bytes, to_port);
    put16(bytes, static_cast<std::uint32_t>(8 + payload.size()));
    put16(bytes, 0);
    bytes.append(payload);
    return bytes;
}

}  // namespace socketscope::packet

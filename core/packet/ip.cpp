// IPv4 (RFC 791) and IPv6 (RFC 8200) with its extension headers; the transports are decoded by their own files.
#include <algorithm>
#include <cstring>

#include "core/packet/octets.hpp"
#include "core/packet/protocol.hpp"

namespace socketscope::packet {
namespace {

// A quoted packet (in an ICMP error) ends where the quotation ends: that does not make it malformed.
enum class Cut : std::uint8_t { malformed, quoted };
struct How {
    Cut cut{Cut::malformed};
    Checksums checksums{Checksums::judge};
};

Address address(std::string_view packet, std::size_t at, std::uint8_t version) {
    Address result;
    const std::size_t size = version == 4 ? 4 : 16;
    if (at + size > packet.size()) return result;
    std::memcpy(result.bytes, packet.data() + at, size);
    result.version = version;
    return result;
}

void decode_transport(std::string_view packet, std::size_t end, How how, bool short_packet,
                      Headers& headers) {
    headers.payload_offset = headers.transport_offset;
    headers.payload_size = static_cast<std::uint16_t>(end - headers.transport_offset);
    if (headers.fragment && headers.fragment_offset != 0)
        return;  // the transport header went with the first one
    const bool whole = !headers.fragment && !short_packet && how.cut == Cut::malformed;
    const Segment segment{packet, packet.substr(headers.transport_offset, end - headers.transport_offset),
                          whole, whole && how.checksums == Checksums::judge};
    if (headers.is_tcp()) decode_tcp(segment, headers);
    if (headers.is_udp()) decode_udp(segment, headers);
    if (headers.is_icmp()) decode_icmp(segment, headers);
}

void decode4(std::string_view packet, How how, Headers& headers) {
    const std::size_t header_size = static_cast<std::size_t>(octet(packet, 0) & 0xf) * 4;
    const std::size_t total = be16(packet, 2);
    headers.fragment_id = be16(packet, 4);
    headers.more_fragments = (be16(packet, 6) & 0x2000) != 0;
    headers.fragment_offset = static_cast<std::uint16_t>((be16(packet, 6) & 0x1fff) * 8);
    headers.fragment = headers.more_fragments || headers.fragment_offset != 0;
    headers.ttl = octet(packet, 8);
    headers.protocol = octet(packet, 9);
    headers.from = address(packet, 12, 4);
    headers.to = address(packet, 16, 4);
    if (header_size < 20 || header_size > packet.size() || total < header_size) {
        headers.malformed = true;
        return;
    }
    headers.ip_checksum_ok = checksum(packet.substr(0, header_size)) == 0;
    const bool short_packet = total > packet.size();
    headers.malformed = short_packet && how.cut == Cut::malformed;
    headers.transport_offset = static_cast<std::uint16_t>(header_size);
    decode_transport(packet, std::min(total, packet.size()), how, short_packet, headers);
}

bool is_extension(std::uint8_t protocol) {
    return protocol == kHopByHop || protocol == kRouting || protocol == kFragment ||
           protocol == kAuthentication || protocol == kDestinationOptions;
}

// Size of the extension header at `at`: RFC 8200 §4 (units of 8 bytes, the first not counted); the authentication
// header counts units of 4 bytes less two (RFC 4302 §2.2); the fragment header is 8 bytes.
std::size_t extension_size(std::uint8_t protocol, std::string_view packet, std::size_t at) {
    if (protocol == kFragment) return 8;
    if (protocol == kAuthentication) return (static_cast<std::size_t>(octet(packet, at + 1)) + 2) * 4;
    return (static_cast<std::size_t>(octet(packet, at + 1)) + 1) * 8;
}

void decode6(std::string_view packet, How how, Headers& headers) {
    const std::size_t total = std::size_t{40} + be16(packet, 4);
    headers.protocol = octet(packet, 6);
    headers.ttl = octet(packet, 7);
    headers.from = address(packet, 8, 6);
    headers.to = address(packet, 24, 6);
    const bool short_packet = total > packet.size();
    headers.malformed = packet.size() < 40 || (short_packet && how.cut == Cut::malformed);
    if (packet.size() < 40) return;
    const std::size_t end = std::min({total, packet.size(), std::size_t{65535}});
    std::size_t at = 40;
    while (is_extension(headers.protocol)) {
        const std::size_t size = extension_size(headers.protocol, packet, at);
        if (at + size > end) {
            headers.malformed = true;
            break;
        }
        if (headers.protocol == kFragment) {
            const std::uint16_t field = be16(packet, at + 2);
            headers.fragment_offset = static_cast<std::uint16_t>(field & 0xfff8);
            headers.more_fragments = (field & 1) != 0;
            // Else it is "atomic" (RFC 6946).
            headers.fragment = headers.more_fragments || headers.fragment_offset != 0;
            headers.fragment_id = be32(packet, at + 4);
        }
        headers.protocol = octet(packet, at);
        at += size;
        if (headers.fragment && headers.fragment_offset != 0)
            break;  // what follows is a piece of the payload
    }
    headers.transport_offset = static_cast<std::uint16_t>(at);
    decode_transport(packet, end, how, short_packet, headers);
}

Headers decode_as(std::string_view packet, How how) {
    Headers headers;
    headers.version = static_cast<std::uint8_t>(octet(packet, 0) >> 4);
    if (packet.size() >= 20 && headers.version == 4) {
        decode4(packet, how, headers);
    } else if (packet.size() >= 20 && headers.version == 6) {
        decode6(packet, how, headers);
    } else {
        headers.malformed = true;
        if (headers.version != 4 && headers.version != 6) headers.version = 0;
    }
    return headers;
}

}  // namespace

Headers decode(std::string_view ip_packet, Checksums checksums) {
    return decode_as(ip_packet.substr(0, 65535), {Cut::malformed, checksums});
}

std::optional<Headers> decode_quoted(std::string_view ip_packet, const Headers& headers) {
    const bool error4 = headers.protocol == kIcmp &&
                        (headers.icmp_type == 3 || headers.icmp_type == 4 || headers.icmp_type == 5 ||
                         headers.icmp_type == 11 || headers.icmp_type == 12);
    const bool error6 = headers.protocol == kIcmp6 && headers.icmp_type >= 1 && headers.icmp_type <= 4;
    const std::size_t at = std::size_t{headers.transport_offset} + 8;
    if ((!error4 && !error6) || headers.fragment || at >= ip_packet.size()) return std::nullopt;
    Headers quoted = decode_as(ip_packet.substr(at, 65535), {Cut::quoted, Checksums::skip});
    if (quoted.version == 0 || quoted.to.version == 0) return std::nullopt;
    return quoted;
}

std::string ipv4(const Address& from, const Address& to, std::uint8_t protocol, std::string_view payload) {
    std::string bytes;
    bytes.push_back(0x45);
    bytes.push_back(0);
    put16(bytes, static_cast<std::uint32_t>(20 + payload.size()));
    put32(bytes, 0);  // identification 0: the kernel fills it (raw(7), IP_HDRINCL); not a fragment
    bytes.push_back(64);
    bytes.push_back(static_cast<char>(protocol));
    put16(bytes, 0);
    bytes.append(reinterpret_cast<const char*>(from.bytes), 4);
    bytes.append(reinterpret_cast<const char*>(to.bytes), 4);
    set16(bytes, 10, checksum(bytes));
    bytes.append(payload);
    return bytes;
}

std::string ipv6(const Address& from, const Address& to, std::uint8_t next_header, std::string_view payload) {
    std::string bytes;
    put32(bytes, 0x6000'0000);
    put16(bytes, static_cast<std::uint32_t>(payload.size()));
    bytes.push_back(static_cast<char>(next_header));
    bytes.push_back(64);
    bytes.append(reinterpret_cast<const char*>(from.bytes), 16);
    bytes.append(reinterpret_cast<const char*>(to.bytes), 16);
    return bytes.append(payload);
}

std::string whole_of_fragments(std::string_view first, std::string_view behind_ip) {
    const Headers headers = decode(first, Checksums::skip);
    if (headers.version == 4) {
        std::string bytes(first.substr(0, headers.transport_offset));
        set16(bytes, 2, static_cast<std::uint16_t>(bytes.size() + behind_ip.size()));
        set16(bytes, 6, 0);
        set16(bytes, 10, 0);
        set16(bytes, 10, checksum(bytes));
        return bytes.append(behind_ip);
    }
    constexpr std::size_t kIp6Header = 40, kPayloadLength = 4, kNextHeader = 6;
    if (first.size() < kIp6Header) return std::string(behind_ip);
    std::string bytes(first.substr(0, kIp6Header));  // the header that says "fragment" goes
    set16(bytes, kPayloadLength, static_cast<std::uint16_t>(behind_ip.size()));
    bytes[kNextHeader] = static_cast<char>(headers.protocol);
    return bytes.append(behind_ip);
}

void list_ipv4(FieldList& list, const Headers& headers) {
    const std::string_view packet = list.packet();
    const std::size_t header_size = static_cast<std::size_t>(octet(packet, 0) & 0xf) * 4;
    const std::string_view source = "RFC 791 §3.1";
    list.add("version", "4", 0, 1, source);
    list.add("header length", bytes_word(header_size), 0, 1, source);
    list.add("type of service", hex(octet(packet, 1), 2), 1, 1, source);
    list.add("total length", bytes_word(be16(packet, 2)), 2, 2, source);
    list.add("identification", hex(headers.fragment_id, 4), 4, 2, source);
    const bool keep_whole = (octet(packet, 6) & 0x40) != 0;
    list.add("flags",
             keep_whole               ? "don't fragment"
             : headers.more_fragments ? "more fragments"
                                      : "none",
             6, 1, source);
    list.add("fragment offset", bytes_word(headers.fragment_offset), 6, 2, source);
    list.add("time to live", std::to_string(headers.ttl), 8, 1, source);
    list.add("protocol", protocol_name(headers.protocol), 9, 1, source);
    list.add("header checksum", hex(be16(packet, 10), 4) + (headers.ip_checksum_ok ? " (right)" : " (wrong)"),
             10, 2, source);
    list.add("source", headers.from.host(), 12, 4, source);
    list.add("destination", headers.to.host(), 16, 4, source);
    if (header_size > 20) list.add("options", bytes_word(header_size - 20), 20, header_size - 20, source);
}

void list_ipv6(FieldList& list, const Headers& headers) {
    const std::string_view packet = list.packet();
    const std::string_view source = "RFC 8200 §3";
    list.add("version", "6", 0, 1, source);
    list.add("traffic class", hex(be16(packet, 0) >> 4 & 0xff, 2), 0, 2, source);
    list.add("flow label", hex(be32(packet, 0) & 0xfffff, 5), 1, 3, source);
    list.add("payload length", bytes_word(be16(packet, 4)), 4, 2, source);
    list.add("next header", protocol_name(octet(packet, 6)), 6, 1, source);
    list.add("hop limit", std::to_string(headers.ttl), 7, 1, source);
    list.add("source", headers.from.host(), 8, 16, source);
    list.add("destination", headers.to.host(), 24, 16, source);
    std::uint8_t protocol = octet(packet, 6);
    for (std::size_t at = 40; is_extension(protocol) && at < packet.size();) {
        const std::size_t size = extension_size(protocol, packet, at);
        if (protocol == kFragment) {
            list.add("fragment offset", bytes_word(be16(packet, at + 2) & 0xfff8), at + 2, 2,
                     "RFC 8200 §4.5");
            list.add("more fragments", be16(packet, at + 2) & 1 ? "yes" : "no", at + 2, 2, "RFC 8200 §4.5");
            list.add("identification", hex(be32(packet, at + 4), 8), at + 4, 4, "RFC 8200 §4.5");
        } else if (!list.add(protocol_name(protocol), bytes_word(size), at, size, "RFC 8200 §4")) {
            break;
        }
        const bool later_fragment = protocol == kFragment && (be16(packet, at + 2) & 0xfff8) != 0;
        protocol = octet(packet, at);
        at += size;
        if (later_fragment) break;
    }
}

}  // namespace socketscope::packet

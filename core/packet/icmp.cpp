// ICMP (RFC 792, RFC 1191) and ICMPv6 (RFC 4443, RFC 4861, RFC 3810).
#include "core/packet/octets.hpp"
#include "core/packet/protocol.hpp"

namespace socketscope::packet {
namespace {

constexpr int kAnyCode = -1;
struct MessageRow {
    std::uint8_t protocol, type;
    int code;
    std::string_view name;
};
constexpr MessageRow kMessages[] = {
    {kIcmp, 0, kAnyCode, "echo reply"},
    {kIcmp, 3, 0, "network unreachable"},
    {kIcmp, 3, 1, "host unreachable"},
    {kIcmp, 3, 2, "protocol unreachable"},
    {kIcmp, 3, 3, "port unreachable"},
    {kIcmp, 3, 4, "packet too big"},
    {kIcmp, 3, 13, "administratively prohibited"},
    {kIcmp, 3, kAnyCode, "destination unreachable"},
    {kIcmp, 4, kAnyCode, "source quench"},
    {kIcmp, 5, kAnyCode, "redirect"},
    {kIcmp, 8, kAnyCode, "echo request"},
    {kIcmp, 11, 1, "fragment reassembly time exceeded"},
    {kIcmp, 11, kAnyCode, "time exceeded"},
    {kIcmp, 12, kAnyCode, "parameter problem"},
    {kIcmp6, 1, 0, "no route"},
    {kIcmp6, 1, 1, "administratively prohibited"},
    {kIcmp6, 1, 3, "address unreachable"},
    {kIcmp6, 1, 4, "port unreachable"},
    {kIcmp6, 1, kAnyCode, "destination unreachable"},
    {kIcmp6, 2, kAnyCode, "packet too big"},
    {kIcmp6, 3, 1, "fragment reassembly time exceeded"},
    {kIcmp6, 3, kAnyCode, "time exceeded"},
    {kIcmp6, 4, kAnyCode, "parameter problem"},
    {kIcmp6, 128, kAnyCode, "echo request"},
    {kIcmp6, 129, kAnyCode, "echo reply"},
    {kIcmp6, 133, kAnyCode, "router solicitation"},
    {kIcmp6, 134, kAnyCode, "router advertisement"},
    {kIcmp6, 135, kAnyCode, "neighbour solicitation"},
    {kIcmp6, 136, kAnyCode, "neighbour advertisement"},
    {kIcmp6, 143, kAnyCode, "multicast listener report"},
};

bool has_echo_header(const Headers& headers) {
    return headers.protocol == kIcmp ? headers.icmp_type == 0 || headers.icmp_type == 8
                                     : headers.icmp_type == 128 || headers.icmp_type == 129;
}

std::string echo(std::uint8_t type, std::uint16_t id, std::uint16_t sequence, std::string_view payload) {
    std::string bytes;
    bytes.push_back(static_cast<char>(type));
    bytes.push_back(0);
    put16(bytes, 0);
    put16(bytes, id);
    put16(bytes, sequence);
    bytes.append(payload);
    return bytes;
}

}  // namespace

void decode_icmp(const Segment& segment, Headers& headers) {
    const std::string_view bytes = segment.bytes;
    headers.icmp_type = octet(bytes, 0);
    headers.icmp_code = octet(bytes, 1);
    if (bytes.size() < 8) {
        if (segment.whole) headers.malformed = true;
        headers.payload_size = 0;
        return;
    }
    headers.payload_offset = static_cast<std::uint16_t>(headers.transport_offset + 8);
    headers.payload_size = static_cast<std::uint16_t>(bytes.size() - 8);
    if (has_echo_header(headers)) {
        headers.icmp_id = be16(bytes, 4);
        headers.icmp_sequence = be16(bytes, 6);
    }
    if (!segment.judge) return;
    // Only ICMPv6 sums over a pseudo header (RFC 4443 §2.3).
    const std::uint32_t start =
        headers.protocol == kIcmp6 ? pseudo_header(segment.packet, headers, kIcmp6, bytes.size()) : 0;
    headers.checksum_ok = checksum(bytes, start) == 0;
}

std::string icmp_name(const Headers& headers) {
    const std::string family = headers.protocol == kIcmp ? "ICMP " : "ICMPv6 ";
    for (const MessageRow& row : kMessages)
        if (row.protocol == headers.protocol && row.type == headers.icmp_type &&
            (row.code == kAnyCode || row.code == headers.icmp_code))
            return family + std::string(row.name);
    return family + "type " + std::to_string(headers.icmp_type) + " code " +
           std::to_string(headers.icmp_code);
}

void list_icmp(FieldList& list, const Headers& headers) {
    const std::size_t at = headers.transport_offset;
    const bool v6 = headers.protocol == kIcmp6;
    const std::string_view source = v6 ? "RFC 4443 §2.1" : "RFC 792";
    list.add("type", std::to_string(headers.icmp_type) + " (" + icmp_name(headers) + ")", at, 1, source);
    list.add("code", std::to_string(headers.icmp_code), at + 1, 1, source);
    list.add("checksum",
             hex(be16(list.packet(), at + 2), 4) + (headers.checksum_ok ? " (right)" : " (wrong)"), at + 2, 2,
             source);
    if (!has_echo_header(headers)) {
        list.add("rest of header", hex(be32(list.packet(), at + 4), 8), at + 4, 4, source);
        return;
    }
    list.add("identifier", std::to_string(headers.icmp_id), at + 4, 2, v6 ? "RFC 4443 §4.1" : source);
    list.add("sequence number", std::to_string(headers.icmp_sequence), at + 6, 2,
             v6 ? "RFC 4443 §4.1" : source);
}

std::string icmp_echo(std::uint16_t id, std::uint16_t sequence, std::string_view payload) {
    std::string bytes = echo(8, id, sequence, payload);
    set16(bytes, 2, checksum(bytes));
    return bytes;
}

std::string icmp6_echo(std::uint16_t id, std::uint16_t sequence, std::string_view payload) {
    return echo(128, id, sequence, payload);
}

}  // namespace socketscope::packet

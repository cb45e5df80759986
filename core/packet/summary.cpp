// One line for people, and the class by which rules and moments count a packet.
#include <cstdio>

#include "core/packet/octets.hpp"
#include "core/packet/protocol.hpp"

namespace socketscope::packet {
namespace {

using model::PacketClass;

bool is_echo(const Headers& headers) {
    return (headers.protocol == kIcmp && (headers.icmp_type == 8 || headers.icmp_type == 0)) ||
           (headers.protocol == kIcmp6 && (headers.icmp_type == 128 || headers.icmp_type == 129));
}

PacketClass classify_tcp(const Headers& headers) {
    if (headers.tcp_flags & kRst) return PacketClass::rst;
    if (headers.tcp_flags & kSyn) return headers.tcp_flags & kAck ? PacketClass::synack : PacketClass::syn;
    if (headers.payload_size > 0) return PacketClass::data;
    if (headers.tcp_flags & kFin) return PacketClass::fin;
    return PacketClass::ack;
}

std::string ports(const Headers& headers) {
    return std::to_string(headers.from.port) + " → " + std::to_string(headers.to.port);
}

std::string tcp_summary(const Headers& headers) {
    std::string text = "TCP " + flag_names(headers.tcp_flags) + " " + ports(headers) + ", seq " +
                       std::to_string(headers.seq);
    if (headers.tcp_flags & kAck) text += ", ack " + std::to_string(headers.ack);
    if (headers.payload_size > 0) text += ", " + bytes_word(headers.payload_size);
    return text;
}

}  // namespace

PacketClass classify(const Headers& headers) {
    if (headers.fragment && headers.fragment_offset != 0) return PacketClass::fragment;
    if (headers.is_tcp()) return classify_tcp(headers);
    if (headers.is_udp()) return PacketClass::data;
    if (headers.is_icmp()) return is_echo(headers) ? PacketClass::data : PacketClass::icmp;
    return PacketClass::any;
}

bool belongs_to(const Headers& headers, PacketClass what) {
    if (what == PacketClass::any) return true;
    if (what == PacketClass::fragment) return headers.fragment;
    if (what == PacketClass::icmp) return headers.is_icmp();
    if (what == PacketClass::fin && headers.is_tcp()) return (headers.tcp_flags & kFin) != 0;
    return classify(headers) == what;
}

std::string summary(const Headers& headers) {
    if (headers.version == 0) return "not an IP packet";
    const std::string damaged = headers.malformed     ? " (malformed)"
                                : headers.checksum_ok ? ""
                                                      : " (wrong checksum)";
    if (headers.fragment && headers.fragment_offset != 0)
        return protocol_name(headers.protocol) + " fragment at " + std::to_string(headers.fragment_offset) +
               ", " + bytes_word(headers.payload_size) + damaged;
    if (headers.is_tcp()) return tcp_summary(headers) + damaged;
    if (headers.is_udp()) {
        const bool first = headers.fragment;
        return "UDP " + ports(headers) + ", " +
               (first ? "first fragment of " + bytes_word(headers.udp_length - 8U)
                      : bytes_word(headers.payload_size)) +
               damaged;
    }
    if (headers.is_icmp()) {
        if (!is_echo(headers)) return icmp_name(headers) + damaged;
        return icmp_name(headers) + " " + std::to_string(headers.icmp_sequence) + ", " +
               bytes_word(headers.payload_size) + damaged;
    }
    return protocol_name(headers.protocol) + ", " + bytes_word(headers.payload_size) + damaged;
}

std::string protocol_name(std::uint8_t protocol) {
    struct Row {
        std::uint8_t number;
        std::string_view name;
    };
    constexpr Row kNames[] = {{kIcmp, "ICMP"},
                              {kTcp, "TCP"},
                              {kUdp, "UDP"},
                              {kIcmp6, "ICMPv6"},
                              {kHopByHop, "hop-by-hop options"},
                              {kRouting, "routing header"},
                              {kFragment, "fragment header"},
                              {kAuthentication, "authentication header"},
                              {kNoNext, "no next header"},
                              {kDestinationOptions, "destination options"},
                              {2, "IGMP"},
                              {132, "SCTP"}};
    for (const Row& row : kNames)
        if (row.number == protocol) return std::string(row.name);
    return "protocol " + std::to_string(protocol);
}

std::string hex(std::uint32_t value, int digits) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%0*x", digits, static_cast<unsigned>(value));
    return text;
}

std::string bytes_word(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace socketscope::packet

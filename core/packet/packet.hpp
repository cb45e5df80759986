// Reads and writes the headers of an IP packet: IPv4, IPv6, TCP, UDP, ICMP, ICMPv6. Pure; no socket headers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/link.hpp"

namespace socketscope::packet {

// An IP address of either version and a port, comparable, printable ("192.0.2.1:7000", "[2001:db8::1]:7000").
struct Address {
    std::uint8_t bytes[16]{};
    std::uint8_t version{0};  // 4 or 6; 0 = none
    std::uint16_t port{0};

    bool operator==(const Address&) const = default;
    std::string host() const;
    std::string to_string() const;
};

enum TcpFlag : std::uint8_t {
    kFin = 1,
    kSyn = 2,
    kRst = 4,
    kPsh = 8,
    kAck = 16,
    kUrg = 32,
    kEce = 64,
    kCwr = 128
};

struct SackBlock {
    std::uint32_t begin{0}, end{0};
};  // TCP sequence numbers, RFC 2018

// Decoded headers. Offsets and sizes are bytes from the start of the packet. A packet that is too short for a header
// has the fields up to there and `malformed` set.
struct Headers {
    std::uint8_t version{0};   // 4 or 6
    std::uint8_t protocol{0};  // of the transport header (after IPv6 extension headers): 6, 17, 1, 58 …
    std::uint8_t ttl{0};
    bool malformed{false};
    bool fragment{false};  // part of a fragmented packet
    bool more_fragments{false};
    bool ip_checksum_ok{true};  // IPv4 header
    bool checksum_ok{true};     // transport; true for fragments (can't be known)
    std::uint16_t transport_offset{0};
    // Behind the transport header; for a later fragment: behind the IP header.
    std::uint16_t payload_offset{0};
    std::uint16_t payload_size{0};
    std::uint16_t fragment_offset{0};  // bytes
    std::uint32_t fragment_id{0};
    Address from, to;  // ports are 0 where the transport has none or in later fragments
    // TCP, RFC 9293 §3.1
    std::uint32_t seq{0}, ack{0};
    std::uint16_t window{0};  // as in the header: not scaled
    std::uint8_t tcp_flags{0};
    std::int8_t window_scale{-1};  // option, only in a SYN; −1 = none
    std::uint16_t mss{0};
    std::uint8_t sack_count{0};
    SackBlock sack[4];
    // ICMP, ICMPv6
    std::uint8_t icmp_type{0}, icmp_code{0};
    std::uint16_t icmp_id{0}, icmp_sequence{0};  // echo
    std::uint16_t udp_length{0};

    bool is_tcp() const { return protocol == 6; }
    bool is_udp() const { return protocol == 17; }
    bool is_icmp() const { return protocol == 1 || protocol == 58; }
};
// `skip` leaves the transport's checksum unjudged (checksum_ok stays true): judging it reads the whole packet.
enum class Checksums : std::uint8_t { judge, skip };
Headers decode(std::string_view ip_packet, Checksums checksums = Checksums::judge);

// For an ICMP error: the headers of the packet it complains about (RFC 792, RFC 4443), as far as it quotes them.
std::optional<Headers> decode_quoted(std::string_view ip_packet, const Headers& headers);

// What it is first of all (`data` before `ack`); `any` for what has no class of its own.
model::PacketClass classify(const Headers& headers);
// Whether rules and moments that count `what` count this packet: its class, and also: `any` is every packet, `fragment`
// every fragment (the first too), `icmp` every ICMP message (echo too), `fin` every segment with FIN.
bool belongs_to(const Headers& headers, model::PacketClass what);

// One line for people: "TCP SYN, seq 0", "UDP 7000 → 7001, 5 bytes", "ICMP port unreachable".
std::string summary(const Headers& headers);

// Each header field in order, for the inspector: name, value in words, byte range, and the RFC section.
struct Field {
    std::string name, value;
    std::uint16_t offset, size;
    std::string source;
};
std::vector<Field> fields(std::string_view ip_packet);

// Checksums (RFC 1071) and packets for raw sockets.
std::uint16_t checksum(std::string_view bytes, std::uint32_t start = 0);
std::string icmp_echo(std::uint16_t id, std::uint16_t sequence,
                      std::string_view payload);  // checksum filled in
std::string icmp6_echo(std::uint16_t id, std::uint16_t sequence,
                       std::string_view payload);  // checksum 0: the kernel fills it (raw(7), ipv6(7))
std::string udp_header(std::uint16_t from_port, std::uint16_t to_port,
                       std::string_view payload);  // checksum 0 = none (RFC 768)
// The packet that its fragments make together: the first one's IP header without the marks of a fragment (length and
// checksum set right), then what stood behind the headers of all.
std::string whole_of_fragments(std::string_view first, std::string_view behind_ip);
std::string ipv4(const Address& from, const Address& to, std::uint8_t protocol,
                 std::string_view payload);  // for IP_HDRINCL
std::string ipv6(const Address& from, const Address& to, std::uint8_t next_header, std::string_view payload);

}  // namespace socketscope::packet

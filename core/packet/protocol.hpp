// What the files of this module share: protocol numbers, the transports' decoders, and how fields are listed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/packet/packet.hpp"

namespace socketscope::packet {

// https://www.iana.org/assignments/protocol-numbers
enum Protocol : std::uint8_t {
    kHopByHop = 0,
    kIcmp = 1,
    kTcp = 6,
    kUdp = 17,
    kRouting = 43,
    kFragment = 44,
    kAuthentication = 51,
    kIcmp6 = 58,
    kNoNext = 59,
    kDestinationOptions = 60
};

// Where a transport header lies. `whole`: its packet is neither a fragment nor cut short, so that lengths
// can be judged; `judge`: its checksum too.
struct Segment {
    std::string_view packet;
    std::string_view bytes;  // from the transport header to the end of the IP payload
    bool whole{true};
    bool judge{true};
};
void decode_tcp(const Segment& segment, Headers& headers);
void decode_udp(const Segment& segment, Headers& headers);
void decode_icmp(const Segment& segment, Headers& headers);

// Sum over the pseudo header (RFC 9293 §3.1, RFC 8200 §8.1), to be given to checksum() as `start`.
std::uint32_t pseudo_header(std::string_view packet, const Headers& headers, std::uint8_t protocol,
                            std::size_t size);

// A list of fields under construction; offsets are relative to `base` until they are added.
class FieldList {
public:
    explicit FieldList(std::string_view packet) : packet_(packet) {}
    // Adds the field if the packet reaches to its end.
    bool add(std::string name, std::string value, std::size_t offset, std::size_t size,
             std::string_view source);
    std::string_view packet() const { return packet_; }
    std::vector<Field> take() { return std::move(fields_); }

private:
    std::string_view packet_;
    std::vector<Field> fields_;
};
void list_ipv4(FieldList& list, const Headers& headers);
void list_ipv6(FieldList& list, const Headers& headers);
void list_tcp(FieldList& list, const Headers& headers);
void list_udp(FieldList& list, const Headers& headers);
void list_icmp(FieldList& list, const Headers& headers);

std::string protocol_name(std::uint8_t protocol);  // "TCP", "protocol 253"
std::string flag_names(std::uint8_t tcp_flags);    // "SYN ACK"
std::string icmp_name(const Headers& headers);     // "ICMP port unreachable"
std::string hex(std::uint32_t value, int digits);  // "0x1a2b"
std::string bytes_word(std::uint64_t count);       // "1 byte", "5 bytes"

}  // namespace socketscope::packet

// Datagrams on the wire: one packet each, or several fragments that carry one together (RFC 791 §3.2, RFC 8200 §4.5).
#pragma once

#include <string_view>
#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

struct Datagram {
    std::vector<std::uint32_t> packets;  // the first fragment first
    packet::Address from, to;
    std::uint32_t size{0};              // of its payload, behind the UDP header (raw: behind the IP header)
    std::string_view first_bytes;       // of its payload, as far as the first packet has them
    std::uint32_t message{kNone};       // the first, if it carries several
    std::vector<Piece> content;         // UDP: if it is not one whole message
    std::vector<Piece> with_header;     // UDP, sent by a raw socket: all that it wrote, the UDP header too
    TimeNs complete_ns{model::kNever};  // when the last part reached the other host; kNever: one never did
    std::uint32_t completed_by{kNone};
    bool intact{true};         // all parts arrived as they were sent
    bool payload_only{false};  // loopback rung
};
// The datagrams of one protocol by the time their first packet was sent. A copy that the wire made is one of its own.
std::vector<Datagram> join_fragments(const Facts& facts, std::uint8_t protocol);
// Offset of a packet's payload in the datagram's payload.
std::uint32_t payload_offset_in_datagram(const Facts& facts, std::uint32_t packet);

}  // namespace socketscope::story

// Which packets of the wire raw sockets sent, and which raw sockets a packet is copied to (raw(7)).
#pragma once

#include "core/story/fragments.hpp"
#include "core/story/raw_sends.hpp"

namespace socketscope::story {

// As it came out of the wire.
std::string_view packet_as_delivered(const Facts& facts, std::uint32_t packet);
// What every ICMP error about an IP packet quotes of it: its header and 8 bytes (RFC 792, RFC 4443 §3).
std::string_view quoted_part(std::string_view packet);
// As it stands in a receive queue.
Arrival raw_arrival(const Facts& facts, std::uint32_t packet);
// What of messages these packets carry, in the order of their bytes.
std::vector<Piece> carried_by(const Facts& facts, const Datagram& datagram);
// The same, if a raw socket sent them; else empty.
std::vector<Piece> written_by_raw(const Facts& facts, const Datagram& datagram);
// Whether this socket, on the host that the packet has reached, gets a copy.
bool raw_takes(const Facts& facts, std::uint32_t socket, const packet::Headers& headers, TimeNs at_ns);
// Whether any raw socket of that host does.
bool raw_copied(const Facts& facts, const RawSends& raw, const packet::Headers& headers, model::Host host,
                TimeNs at_ns);

}  // namespace socketscope::story

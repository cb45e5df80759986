// What raw sockets send to their own host, or never send at all: no packet of the wire shows it.
#pragma once

#include <string>

#include "core/story/raw_sends.hpp"

namespace socketscope::story {

// A packet as the sender's own host would get it. Its first bytes are not the message's: the IP header is the kernel's,
// or, where the message brings its own (IP_HDRINCL), the kernel fills it in.
struct OwnPacket {
    std::string bytes;
    packet::Headers headers;
    packet::Address way;           // where its first send wanted to go: that one's route it takes
    std::uint32_t header_sent{0};  // bytes of the message that are its IP header

    std::string_view behind_ip() const { return std::string_view(bytes).substr(headers.transport_offset); }
};
OwnPacket own_packet(const Facts& facts, const RawSends& sends, std::uint32_t socket,
                     const RawSends::Sent& sent);

// Whether it stays in that host, as far as the host's addresses are known.
bool stays_in_host(const Facts& facts, model::Host host, const OwnPacket& packet);

// When all that came to the wire is known, and the receive calls that were given packets of it.
void deliver_raw_in_host(Facts& facts, RawSends& sends);

}  // namespace socketscope::story

// Datagrams that raw sockets wrote, UDP header and all (raw(7)), for UDP sockets.
#pragma once

#include "core/story/fragments.hpp"
#include "core/story/raw_sends.hpp"
#include "core/story/udp_ports.hpp"

namespace socketscope::story {

// If a raw socket sent this one over the wire: says what it carries.
bool take_from_raw(const Facts& facts, Datagram& datagram);
// Those to the sender's own host.
void deliver_raw_to_udp(Facts& facts, const UdpPorts& ports, RawSends& raw);

}  // namespace socketscope::story

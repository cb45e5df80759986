// TCP connections as the packets show them, and which sockets stand at their ends.
#pragma once

#include "core/story/facts.hpp"

namespace socketscope::story {

// Groups the TCP packets of the lane by connection: addresses, ports, and a new SYN for a new connection.
void find_connections(Facts& facts);
// How many bytes beside the SYN a SYN ACK acknowledges: those that came with it (TCP Fast Open, RFC 7413).
std::uint32_t bytes_acknowledged(const Connection& connection, const packet::Headers& syn_ack);
// Finds the sockets: by connect() and accept(), addresses and time. A connection that was never accepted gets a socket
// of its own (fd −1) behind its listener.
void assign_sockets(Facts& facts);

}  // namespace socketscope::story

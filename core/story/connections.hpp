// TCP connections as the packets show them, and which sockets stand at their ends.
#pragma once

#include "core/story/facts.hpp"

namespace socketscope::story {

// Groups the TCP packets of the lane by connection: addresses, ports, and a new SYN for a new connection.
void find_connections(Facts& facts);
// Finds the sockets: by connect() and accept(), addresses and time. A connection that was never accepted gets a socket
// of its own (fd −1) behind its listener.
void assign_sockets(Facts& facts);

}  // namespace socketscope::story

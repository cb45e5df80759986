// What of raw sockets' packets was lost, and no other step tells.
#pragma once

#include "core/story/raw_sends.hpp"

namespace socketscope::story {

// A packet in fragments of which one was dropped is lost whole, if nobody has told it (UDP) and the wire made no copy.
void lose_parted(Facts& facts, const RawSends& sends);
// A packet of a protocol that nobody at the other host takes: its kernel says so by ICMP (RFC 792, RFC 4443 §3.4).
void lose_refused(Facts& facts);

}  // namespace socketscope::story

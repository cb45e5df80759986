// What a host sends to itself: no packet of the wire shows it.
#pragma once

#include "core/story/facts.hpp"

namespace socketscope::story {

packet::Address loopback_address(int version);
// Whether it is an address of that host: one for loopback, a recorded one, or one that a socket there has.
bool own_address(const Facts& facts, model::Host host, const packet::Address& address);
// Whether the trace says that both hosts are one machine (loopback rung).
bool one_machine(const Facts& facts);
// What such a packet says that it comes from: the address that the sender is bound to, else what the kernel chooses.
packet::Address source_in_host(const packet::Address& bound, const packet::Address& to);

}  // namespace socketscope::story

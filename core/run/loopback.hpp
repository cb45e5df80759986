// What the loopback rung can and can't do for a lane: there are no two hosts
// there, and no wire but a relay of datagrams.
#pragma once

#include <cstdint>
#include <string>

#include "core/host/hosts.hpp"
#include "core/lesson/lesson.hpp"

namespace socketscope::run {

struct LoopbackTerms {
    bool relay{false};     // its datagrams cross wire::Relay
    std::string refused;   // why the lane can't run without two hosts, and what helps; "" = it can
    std::string left_out;  // what of its link does not apply, though the lane runs; "" = nothing
};
// `no_hosts`: the report of the rung, which says why there are no two hosts.
LoopbackTerms loopback_terms(const lesson::LanePlan& plan, const host::RungReport& no_hosts);

// Traffic stays in this machine: the first address in the plan's programs that would leave it on this
// rung or listen for others (any, 192.0.2.2, an unbound listen), as written; "" = none. On the other
// rungs the hosts are networks of their own.
std::string outside_address(const lesson::LanePlan& plan);

// The first port from `wanted` on that leaves every endpoint of the plan a free one (see
// Names): on this rung the ports are the machine's, and others use them too. `wanted` itself if
// there is none: the kernel then says EADDRINUSE.
std::uint16_t free_first_port(const lesson::LanePlan& plan, std::uint16_t wanted, std::uint16_t end);

}  // namespace socketscope::run

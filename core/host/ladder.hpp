// The capability ladder: which rung is asked for, and why a rung is out of reach, in words that help.
#pragma once

#include <string>

#include "core/host/helper_process.hpp"
#include "core/host/hosts.hpp"

namespace socketscope::host {

// "open /dev/net/tun: EACCES (permission denied); `sudo chmod 666 /dev/net/tun` opens it to ordinary users."
std::string explain(const Refusal& refusal);

// Whether this process itself can use loopback or UNIX sockets: the third rung.
bool loopback_works();
// Why nothing gets through to 127.0.0.1 or ::1 (a loopback device that is down, no IPv6), and what helps; "": it does.
std::string loopback_problem(bool ipv6);

}  // namespace socketscope::host

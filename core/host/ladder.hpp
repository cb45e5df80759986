// The capability ladder: which rung is asked for, and why a rung is out of reach, in words that help.
#pragma once

#include <string>

#include "core/host/helper_process.hpp"
#include "core/host/hosts.hpp"

namespace socketscope::host {

// "TUN: open /dev/net/tun: EACCES (permission denied). `sudo chmod 666 /dev/net/tun` helps."
std::string explain(Rung rung, const Refusal& refusal);

// Whether this process itself can use loopback or UNIX sockets: the third rung.
bool loopback_works();

}  // namespace socketscope::host

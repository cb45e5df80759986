#include "core/host/hosts.hpp"

namespace socketscope::host {

std::string address_of(Rung rung, model::Host host, bool ipv6) {
    if (rung == Rung::loopback) return ipv6 ? "::1" : "127.0.0.1";
    const bool client = host == model::Host::client;
    if (ipv6) return client ? "2001:db8::1" : "2001:db8::2";
    return client ? "192.0.2.1" : "192.0.2.2";
}

}  // namespace socketscope::host

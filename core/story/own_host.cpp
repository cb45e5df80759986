#include "core/story/own_host.hpp"

#include <algorithm>

namespace socketscope::story {

packet::Address loopback_address(int version) {
    packet::Address address;
    address.version = static_cast<std::uint8_t>(version);
    address.bytes[version == 4 ? 3 : 15] = 1;
    if (version == 4) address.bytes[0] = 127;
    return address;
}

bool own_address(const Facts& facts, model::Host host, const packet::Address& address) {
    if (loopback(address)) return true;
    const std::string ip = address.host();
    const bool recorded =
        std::any_of(facts.trace->addresses.begin(), facts.trace->addresses.end(),
                    [&](const trace::HostAddress& known) { return known.host == host && known.ip == ip; });
    if (recorded) return true;
    return std::any_of(facts.socket_facts.begin(), facts.socket_facts.end(), [&](const SocketFacts& known) {
        return known.host == host && known.local.ip.version != 0 && !any_host(known.local.ip) &&
               same_host(address, known.local.ip);
    });
}

bool one_machine(const Facts& facts) {
    const std::vector<trace::HostAddress>& all = facts.trace->addresses;
    return std::any_of(all.begin(), all.end(), [&](const trace::HostAddress& a) {
        return std::any_of(all.begin(), all.end(),
                           [&](const trace::HostAddress& b) { return a.host != b.host && a.ip == b.ip; });
    });
}

packet::Address source_in_host(const packet::Address& bound, const packet::Address& to) {
    if (bound.version == to.version && !any_host(bound)) return bound;
    return loopback(to) ? loopback_address(to.version) : to;
}

}  // namespace socketscope::story

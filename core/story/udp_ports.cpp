#include "core/story/udp_ports.hpp"

#include <algorithm>

namespace socketscope::story {
namespace {

std::uint32_t key(model::Host host, std::uint16_t port) {
    return static_cast<std::uint32_t>(host) << 16 | port;
}

bool forgets_its_peer(const SocketFacts& known) {
    return std::any_of(known.remotes.begin(), known.remotes.end(),
                       [](const SocketFacts::Remote& remote) { return remote.name.empty(); });
}

}  // namespace

UdpPorts::UdpPorts(const Facts& facts) {
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        if (known.transport != Transport::udp) continue;
        const auto host = static_cast<std::size_t>(known.host);
        if (known.local.ip.port != 0)
            by_port_[key(known.host, known.local.ip.port)].push_back(s);
        else
            unknown_[host].push_back(s);
        if (!known.port_chosen && forgets_its_peer(known)) let_go_[host].push_back(s);
    }
}

const std::vector<std::uint32_t>& UdpPorts::at(model::Host host, std::uint16_t port) const {
    static const std::vector<std::uint32_t> kNobody;
    const auto found = by_port_.find(key(host, port));
    return found == by_port_.end() ? kNobody : found->second;
}

void UdpPorts::learn(Facts& facts, std::uint32_t socket, const packet::Address& local) {
    SocketFacts& known = facts.socket_facts[socket];
    auto& list = unknown_[static_cast<int>(known.host)];
    list.erase(std::remove(list.begin(), list.end(), socket), list.end());
    known.local.ip = local;
    facts.sockets[socket].local = known.local.text();
    by_port_[key(known.host, local.port)].push_back(socket);
}

// All are of the first group of each family (RFC 1112 §4, RFC 4291 §2.8).
bool UdpPorts::joined(const Facts& facts, model::Host host, const packet::Address& group, TimeNs at_ns) {
    const bool all = group.version == 4 ? group.bytes[0] == 0xe0 && group.bytes[3] == 1
                                        : group.bytes[1] <= 2 && group.bytes[15] == 1;
    if (all) return true;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        if (facts.socket_facts[s].host != host || or_forever(facts.sockets[s].closed_ns) <= at_ns) continue;
        for (const SocketFacts::Group& member : facts.socket_facts[s].groups)
            if (same_host(member.address, group) && member.from_ns <= at_ns &&
                at_ns < or_forever(member.until_ns))
                return true;
    }
    return false;
}

std::vector<std::uint32_t> UdpPorts::takers(const Facts& facts, const packet::Address& from,
                                            const packet::Address& to, model::Host host, TimeNs at_ns) const {
    std::vector<std::uint32_t> connected, others;
    if (multicast(to) && !joined(facts, host, to, at_ns)) return {};
    for (const std::uint32_t s : at(host, to.port)) {
        const SocketFacts& known = facts.socket_facts[s];
        if (facts.sockets[s].opened_ns > at_ns || or_forever(facts.sockets[s].closed_ns) <= at_ns) continue;
        if (known.bound_ns != model::kNever && known.bound_ns > at_ns) continue;
        if (!any_host(known.local.ip) && known.local.ip.version != 0 && !same_host(known.local.ip, to))
            continue;
        const Name peer = peer_at(known, at_ns);
        if (peer.ip == from && from.version != 0)
            connected.push_back(s);
        else if (peer.empty())
            others.push_back(s);
    }
    return connected.empty() ? others : connected;
}

}  // namespace socketscope::story

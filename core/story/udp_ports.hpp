// UDP sockets of each host by local port, and those whose port is not known yet.
#pragma once

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

class UdpPorts {
public:
    explicit UdpPorts(const Facts& facts) {
        for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
            const SocketFacts& known = facts.socket_facts[s];
            if (known.transport != Transport::udp) continue;
            if (known.local.ip.port != 0)
                by_port_[key(known.host, known.local.ip.port)].push_back(s);
            else
                unknown_[static_cast<int>(known.host)].push_back(s);
        }
    }
    const std::vector<std::uint32_t>& at(model::Host host, std::uint16_t port) const {
        static const std::vector<std::uint32_t> kNobody;
        const auto found = by_port_.find(key(host, port));
        return found == by_port_.end() ? kNobody : found->second;
    }
    const std::vector<std::uint32_t>& unknown(model::Host host) const {
        return unknown_[static_cast<int>(host)];
    }
    void learn(Facts& facts, std::uint32_t socket, const packet::Address& local) {
        SocketFacts& known = facts.socket_facts[socket];
        auto& list = unknown_[static_cast<int>(known.host)];
        list.erase(std::remove(list.begin(), list.end(), socket), list.end());
        known.local.ip = local;
        facts.sockets[socket].local = known.local.text();
        by_port_[key(known.host, local.port)].push_back(socket);
    }

private:
    static std::uint32_t key(model::Host host, std::uint16_t port) {
        return static_cast<std::uint32_t>(host) << 16 | port;
    }
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_port_;
    std::vector<std::uint32_t> unknown_[2];
};

}  // namespace socketscope::story

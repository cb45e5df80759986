// UDP sockets of each host by local port, those whose port is not known yet, and which of them a datagram goes to.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

class UdpPorts {
public:
    explicit UdpPorts(const Facts& facts);

    const std::vector<std::uint32_t>& at(model::Host host, std::uint16_t port) const;
    const std::vector<std::uint32_t>& unknown(model::Host host) const {
        return unknown_[static_cast<int>(host)];
    }
    // Sockets that forgot their peer, and with it the port that the kernel had chosen (connect(2), AF_UNSPEC).
    const std::vector<std::uint32_t>& let_go(model::Host host) const {
        return let_go_[static_cast<int>(host)];
    }
    // Whether the host takes what is sent to this group: a socket there is a member (ip(7)).
    static bool joined(const Facts& facts, model::Host host, const packet::Address& group, TimeNs at_ns);
    void learn(Facts& facts, std::uint32_t socket, const packet::Address& local);

    // The sockets that can have got a datagram which reached the host: bound there, open, connected to nobody else. One
    // that is connected to the sender is preferred to all others (udp(7), connect(2)).
    std::vector<std::uint32_t> takers(const Facts& facts, const packet::Address& from,
                                      const packet::Address& to, model::Host host, TimeNs at_ns) const;

private:
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_port_;
    std::vector<std::uint32_t> unknown_[2], let_go_[2];
};

}  // namespace socketscope::story

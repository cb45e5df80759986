// Datagrams that need no wire: to the sender's own host, or kept by it for ever.
#pragma once

#include "core/story/udp_ports.hpp"
#include "core/story/udp_sends.hpp"

namespace socketscope::story {

class UdpOwnHost {
public:
    UdpOwnHost(Facts& facts, const UdpPorts& ports, UdpSends& sends)
        : facts_(facts), ports_(ports), sends_(sends) {}

    // When all that came to the wire is known. `one_machine`: both programs are on one host.
    void deliver(bool one_machine);

private:
    void to_members(std::uint32_t socket, Handed& handed);
    void to_address(std::uint32_t socket, Handed& handed, bool one_machine);
    void arrive_at(std::uint32_t socket, std::uint32_t sender, const Handed& handed);
    Datagram datagram_of(std::uint32_t socket, const Handed& handed) const;

    Facts& facts_;
    const UdpPorts& ports_;
    UdpSends& sends_;
};

}  // namespace socketscope::story

// Datagrams that need no wire: to the sender's own host, or kept by it for ever.
#pragma once

#include "core/story/udp_ports.hpp"
#include "core/story/udp_sends.hpp"

namespace socketscope::story {

class UdpOwnHost {
public:
    UdpOwnHost(Facts& facts, UdpPorts& ports, UdpSends& sends);

    // When all that came to the wire is known. `one_machine`: both programs are on one host.
    void deliver(bool one_machine);

private:
    void learn_told_names();
    std::vector<std::uint32_t> takers_by_bytes(std::uint32_t sender, const Handed& handed);
    void to_members(std::uint32_t socket, Handed& handed);
    void to_address(std::uint32_t socket, Handed& handed, bool one_machine);
    void arrive_at(std::uint32_t socket, std::uint32_t sender, const Handed& handed);
    void keep_for_raw(std::uint32_t socket, const Handed& handed);
    void nobody_takes(const Datagram& datagram, std::uint32_t told);  // `told`: the call that failed for it
    // The socket's first call from then on that told it so; kNone: none, or it was not connected to that address.
    std::uint32_t refused_after(std::uint32_t socket, const packet::Address& to, TimeNs at_ns) const;
    Datagram datagram_of(std::uint32_t socket, const Handed& handed) const;

    Facts& facts_;
    UdpPorts& ports_;
    UdpSends& sends_;
    bool raw_reads_;                                   // UDP: a raw socket of either host
    std::vector<std::vector<std::uint32_t>> refused_;  // by socket: calls that failed with ECONNREFUSED
};

}  // namespace socketscope::story

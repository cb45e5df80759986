#include "core/story/udp_own_host.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/own_host.hpp"
#include "core/story/udp_arrivals.hpp"
#include "core/story/udp_losses.hpp"

namespace socketscope::story {
namespace {

// What is sent to INADDR_ANY goes to this host: to the address that the sender is bound to, else to the loopback one.
packet::Address this_host(packet::Address sender, const packet::Address& to) {
    if (sender.version != to.version || any_host(sender)) sender = loopback_address(to.version);
    sender.port = to.port;
    return sender;
}

}  // namespace

void UdpOwnHost::deliver(bool one_machine) {
    for (std::uint32_t s = 0; s < facts_.sockets.size(); ++s)
        for (Handed& handed : sends_.of(s)) {
            if (handed.waits) {
                lose_waiting(facts_, s, handed);
                continue;
            }
            to_members(s, handed);
            if (!handed.left) to_address(s, handed, one_machine);
        }
}

// What is sent to a group is given to the sender's own host too, beside the wire, if a socket there is a member
// (IP_MULTICAST_LOOP, ip(7); IPV6_MULTICAST_LOOP, ipv6(7)); what is sent to all, always.
void UdpOwnHost::to_members(std::uint32_t s, Handed& handed) {
    const SocketFacts& sender = facts_.socket_facts[s];
    const Datagram datagram = datagram_of(s, handed);
    if (!to_many(datagram.to)) return;
    const TimeNs at_ns = datagram.complete_ns;
    if (multicast(datagram.to) && setting_at(sender, SocketFacts::Option::multicast_loop, at_ns, 1) == 0)
        return;
    const auto members = ports_.takers(facts_, sender.local.ip, datagram.to, sender.host, at_ns);
    for (const std::uint32_t member : members) arrive_at(member, s, handed);
    if (members.empty() || handed.left) return;
    handed.left = true;  // to nobody else: a hop limit of 0
    left(facts_, datagram.message, datagram.content, at_ns);
}

// No packet shows it, and its destination is in the same machine: the kernel hands it over itself.
void UdpOwnHost::to_address(std::uint32_t s, Handed& handed, bool one_machine) {
    const SocketFacts& sender = facts_.socket_facts[s];
    const Datagram datagram = datagram_of(s, handed);
    if (!own_address(facts_, sender.host, datagram.to)) return;
    const TimeNs at_ns = datagram.complete_ns;
    auto sockets = ports_.takers(facts_, sender.local.ip, datagram.to, sender.host, at_ns);
    if (sockets.empty() && one_machine)
        sockets = ports_.takers(facts_, sender.local.ip, datagram.to, model::other(sender.host), at_ns);
    if (sockets.empty() && one_machine) return;
    if (!sockets.empty())
        arrive_at(sockets.back(), s, handed);
    else
        lose(facts_, datagram, LossPlace::no_listener, Evidence::inferred,
             "It went to the sender's own host, and no socket there takes it.");
    left(facts_, datagram.message, datagram.content, at_ns);
    handed.left = true;
}

// Inside a host what UDP_SEGMENT is to cut goes its way whole, and is cut before the receive queue; not for a socket
// that takes it whole (UDP_GRO, udp_queue_rcv_skb()).
void UdpOwnHost::arrive_at(std::uint32_t socket, std::uint32_t sender, const Handed& handed) {
    const Datagram datagram = datagram_of(sender, handed);
    Arrival arrival{datagram.complete_ns, datagram.message};
    if (setting_at(facts_.socket_facts[socket], SocketFacts::Option::udp_gro, arrival.at_ns, 0) == 0) {
        arrival.part = handed.segment;
        return arrive(facts_, socket, arrival, datagram.content);
    }
    if (handed.segment > 0) return;
    arrive(facts_, socket, arrival, datagram_of(sender, whole_of_segments(facts_, sender, handed)).content);
}

Datagram UdpOwnHost::datagram_of(std::uint32_t s, const Handed& handed) const {
    Datagram datagram;
    datagram.message = first_message(facts_, s, handed);
    datagram.complete_ns = facts_.handed_ns(datagram.message);
    datagram.to = destination_of(facts_, facts_.messages[datagram.message]).ip;
    if (any_host(datagram.to)) datagram.to = this_host(facts_.socket_facts[s].local.ip, datagram.to);
    if (!whole_message(facts_, s, handed)) datagram.content = pieces_of(facts_, s, handed);
    return datagram;
}

}  // namespace socketscope::story

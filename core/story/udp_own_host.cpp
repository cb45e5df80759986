#include "core/story/udp_own_host.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/control.hpp"
#include "core/story/numbers.hpp"
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

UdpOwnHost::UdpOwnHost(Facts& facts, UdpPorts& ports, UdpSends& sends)
    : facts_(facts),
      ports_(ports),
      sends_(sends),
      raw_reads_(std::any_of(facts.sockets.begin(), facts.sockets.end(),
                             [](const Socket& socket) {
                                 return socket.kind.type == model::SocketType::raw &&
                                        socket.kind.protocol == kProtocolUdp;
                             })),
      refused_(facts.sockets.size()) {
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i)
        if (const std::uint32_t s = facts.call_socket[i];
            s != kNone && facts.call(i).result < 0 && facts.call(i).error == kEConnRefused)
            refused_[s].push_back(i);
}

void UdpOwnHost::deliver(bool one_machine) {
    learn_told_names();
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

// The kernel chose a port that no packet shows; recvfrom() tells it to whoever reads what came from there.
void UdpOwnHost::learn_told_names() {
    std::set<std::pair<model::Host, std::uint16_t>> asked;
    for (const Receive& receive : facts_.receives) {
        if (receive.socket == kNone || receive.error_queue) continue;
        const SocketFacts& reader = facts_.socket_facts[receive.socket];
        if (reader.transport != Transport::udp || ports_.unknown(reader.host).empty()) continue;
        const model::CallRecord& call = facts_.call(receive.call);
        const packet::Address from = parse_name(address_of(*facts_.trace, call)).ip;
        if (from.port == 0 || !ports_.at(reader.host, from.port).empty() ||
            !own_address(facts_, reader.host, from) || !asked.emplace(reader.host, from.port).second)
            continue;
        const std::string_view given = facts_.trace->bytes(call.data);
        std::vector<std::uint32_t> possible;
        for (const std::uint32_t s : ports_.unknown(reader.host)) {
            const std::vector<std::uint32_t>& sends = facts_.socket_facts[s].sends;
            if (std::any_of(sends.begin(), sends.end(), [&](std::uint32_t m) {
                    return facts_.handed_ns(m) < facts_.given_ns(receive) && bytes_of(facts_, m) == given;
                }))
                possible.push_back(s);
        }
        if (possible.size() == 1) ports_.learn(facts_, possible.front(), from);
    }
}

// The socket whose port nobody was told, if it was given what was sent to that port.
std::vector<std::uint32_t> UdpOwnHost::takers_by_bytes(std::uint32_t sender, const Handed& handed) {
    constexpr std::ptrdiff_t kFar = 64;
    const Datagram datagram = datagram_of(sender, handed);
    std::string bytes;
    for (const Piece& piece : pieces_of(facts_, sender, handed))
        bytes += bytes_of(facts_, piece.message).substr(piece.offset, piece.size);
    for (const std::uint32_t s : ports_.unknown(facts_.socket_facts[sender].host)) {
        const std::vector<std::uint32_t>& receives = facts_.socket_facts[s].receives;
        const auto first =
            std::lower_bound(receives.begin(), receives.end(), datagram.complete_ns,
                             [&](std::uint32_t r, TimeNs at_ns) { return facts_.given_ns(r) <= at_ns; });
        const bool given =
            std::any_of(first, first + std::min(receives.end() - first, kFar), [&](std::uint32_t r) {
                return !facts_.receives[r].error_queue &&
                       facts_.trace->bytes(facts_.call(facts_.receives[r].call).data) == bytes;
            });
        if (!given) continue;
        ports_.learn(facts_, s, datagram.to);
        return {s};
    }
    return {};
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
    if (!multicast(datagram.to) || UdpPorts::joined(facts_, sender.host, datagram.to, at_ns))
        keep_for_raw(s, handed);
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
    if (sockets.empty() && ports_.at(sender.host, datagram.to.port).empty())
        sockets = takers_by_bytes(s, handed);
    if (sockets.empty() && one_machine)
        sockets = ports_.takers(facts_, sender.local.ip, datagram.to, model::other(sender.host), at_ns);
    keep_for_raw(s, handed);
    const std::uint32_t told = refused_after(s, datagram.to, at_ns);
    if (sockets.empty() && one_machine && told == kNone)
        return;  // another program of the machine may have it
    if (!sockets.empty())
        arrive_at(sockets.back(), s, handed);
    else
        nobody_takes(datagram, told);
    left(facts_, datagram.message, datagram.content, at_ns);
    handed.left = true;
}

// A connected socket is told of the kernel's “port unreachable” by its next call (udp(7)).
void UdpOwnHost::nobody_takes(const Datagram& datagram, std::uint32_t told) {
    std::string why = "It went to the sender's own host, and no UDP socket there takes it.";
    if (told != kNone)
        why += " The kernel answered “port unreachable”: " +
               std::string(model::row(facts_.call(told).call).name) + "() failed with ECONNREFUSED.";
    lose(facts_, datagram, LossPlace::no_listener, told == kNone ? Evidence::inferred : Evidence::observed,
         std::move(why));
}

std::uint32_t UdpOwnHost::refused_after(std::uint32_t s, const packet::Address& to, TimeNs at_ns) const {
    if (!(peer_at(facts_.socket_facts[s], at_ns).ip == to)) return kNone;
    const auto next =
        std::lower_bound(refused_[s].begin(), refused_[s].end(), at_ns,
                         [&](std::uint32_t call, TimeNs t) { return facts_.call(call).exit_ns < t; });
    return next == refused_[s].end() ? kNone : *next;
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

// A raw socket gets it before it is cut, whether a UDP socket takes it or not.
void UdpOwnHost::keep_for_raw(std::uint32_t s, const Handed& handed) {
    if (!raw_reads_ || handed.segment > 0) return;
    const Datagram datagram = datagram_of(s, whole_of_segments(facts_, s, handed));
    const packet::Address& bound = facts_.socket_facts[s].local.ip;
    packet::Address from = to_many(datagram.to) ? bound : source_in_host(bound, datagram.to);
    from.port = bound.port;
    facts_.kept_in_host.push_back({facts_.socket_facts[s].host, from, datagram.to, datagram.complete_ns,
                                   datagram.message, datagram.content});
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

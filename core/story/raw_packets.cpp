#include "core/story/raw_packets.hpp"

#include <algorithm>
#include <map>

#include "core/story/build.hpp"
#include "core/story/fragments.hpp"
#include "core/story/own_host.hpp"
#include "core/story/udp_arrivals.hpp"

namespace socketscope::story {
namespace {

using packet::Headers;

class RawPackets {
public:
    RawPackets(Facts& facts, RawSends& sends) : facts_(facts), sends_(sends) {}

    void match() {
        for (const std::uint32_t p : facts_.flight_order) match_send(p);
        for (const std::uint8_t protocol : sends_.protocols())
            for (const Datagram& datagram : join_fragments(facts_, protocol))
                if (datagram.packets.size() > 1) join(datagram);
    }

private:
    // --- fragments: the host puts them together before any raw socket gets them
    void join(const Datagram& datagram) {
        std::string behind_ip;
        std::map<std::uint32_t, std::uint32_t> by_offset;  // offset behind the IP header → packet
        for (const std::uint32_t p : datagram.packets) {
            const Headers headers = packet::decode(packet_as_delivered(facts_, p), packet::Checksums::skip);
            by_offset.emplace(headers.fragment_offset, p);
        }
        for (const auto& [offset, p] : by_offset) {
            if (offset != behind_ip.size()) return;  // a part never came to the wire
            const std::string_view bytes = packet_as_delivered(facts_, p);
            behind_ip += bytes.substr(std::min<std::size_t>(
                packet::decode(bytes, packet::Checksums::skip).transport_offset, bytes.size()));
        }
        const std::vector<Piece> message = send_of(datagram, behind_ip);
        for (const auto& [offset, p] : by_offset) {
            if (message.empty()) break;
            const std::size_t size = packet_as_delivered(facts_, p).size();
            const auto part = static_cast<std::uint32_t>(
                size -
                packet::decode(packet_as_delivered(facts_, p), packet::Checksums::skip).transport_offset);
            facts_.packets[p].pieces = add(part_of(message, offset, part));
        }
        if (datagram.complete_ns == model::kNever) return;
        const std::string_view ip = packet_as_delivered(facts_, by_offset.begin()->second);
        facts_.joined[datagram.completed_by] = {packet::whole_of_fragments(ip, behind_ip),
                                                message.empty() ? kNone : message.front().message};
        if (message.size() > 1) keep_content(facts_, raw_arrival(facts_, datagram.completed_by), message);
    }

    PieceRange add(const std::vector<Piece>& pieces) {
        const PieceRange range{static_cast<std::uint32_t>(facts_.pieces.size()),
                               static_cast<std::uint32_t>(pieces.size())};
        facts_.pieces.insert(facts_.pieces.end(), pieces.begin(), pieces.end());
        return range;
    }

    // The send whose bytes these are; empty: none of ours.
    std::vector<Piece> send_of(const Datagram& datagram, std::string_view behind_ip) {
        const std::uint32_t p = datagram.packets.front();
        for (const std::uint32_t s : sends_.sockets()) {
            if (facts_.socket_facts[s].host != facts_.record(p).from) continue;
            RawSends::Sent* sent = sends_.find(s, {}, behind_ip, facts_.record(p).sent_ns);
            if (sent == nullptr) continue;
            for (const std::uint32_t part : datagram.packets) facts_.packets[part].socket = s;
            return leave(s, *sent, facts_.record(p).sent_ns);
        }
        return {};
    }

    std::vector<Piece> leave(std::uint32_t socket, RawSends::Sent& sent, TimeNs at_ns) {
        std::vector<Piece> pieces = pieces_of(facts_, socket, sent.handed);
        sends_.leave(socket, sent);
        left(facts_, kNone, pieces, at_ns);
        return pieces;
    }

    // --- which send this packet is: its bytes behind the IP header, or all of it with IP_HDRINCL
    void match_send(std::uint32_t p) {
        Packet& packet = facts_.packets[p];
        if (packet.pieces.count > 0 || packet.role == PacketRole::fragment) return;
        const model::PacketRecord& record = facts_.record(p);
        if (record.copy_of < facts_.packets.size()) {
            packet.socket = facts_.packets[record.copy_of].socket;
            packet.pieces = facts_.packets[record.copy_of].pieces;
            if (const Content* content = content_of(facts_, raw_arrival(facts_, record.copy_of)))
                keep_content(facts_, raw_arrival(facts_, p), std::vector(content->pieces));
            return;
        }
        const std::string_view bytes = facts_.trace->bytes(record.bytes);
        const auto headers = packet::decode(bytes, packet::Checksums::skip);
        const std::string_view behind_ip =
            bytes.substr(std::min<std::size_t>(headers.transport_offset, bytes.size()));
        for (const std::uint32_t s : sends_.sockets()) {
            if (facts_.socket_facts[s].host != record.from) continue;
            RawSends::Sent* sent = sends_.find(s, bytes, behind_ip, record.sent_ns);
            if (sent == nullptr) continue;
            const std::vector<Piece> pieces = leave(s, *sent, record.sent_ns);
            packet.socket = s;
            packet.pieces = add(pieces);
            if (pieces.size() > 1) keep_content(facts_, raw_arrival(facts_, p), pieces);
            return;
        }
        // An echo reply that no program wrote: the kernel's own. It is addressed to whoever sent the request.
    }

    Facts& facts_;
    RawSends& sends_;
};

}  // namespace

std::string_view packet_as_delivered(const Facts& facts, std::uint32_t p) {
    const model::PacketRecord& record = facts.record(p);
    const bool changed = (record.flags & model::kCorrupted) != 0 && record.delivered_bytes.size > 0;
    return facts.trace->bytes(changed ? record.delivered_bytes : record.bytes);
}

std::string_view quoted_part(std::string_view packet) {
    constexpr std::size_t kIpv4 = 20 + 8, kIpv6 = 40 + 8;
    return packet.substr(0, !packet.empty() && (packet[0] >> 4 & 0xf) == 6 ? kIpv6 : kIpv4);
}

Arrival raw_arrival(const Facts& facts, std::uint32_t packet) {
    Arrival arrival;
    arrival.at_ns = facts.record(packet).delivered_ns;
    arrival.packet = packet;
    if (const auto joined = facts.joined.find(packet); joined != facts.joined.end())
        arrival.message = joined->second.message;
    else if (const PieceRange pieces = facts.packets[packet].pieces; pieces.count > 0)
        arrival.message = facts.pieces[pieces.begin].message;
    return arrival;
}

std::vector<Piece> carried_by(const Facts& facts, const Datagram& datagram) {
    std::map<std::uint32_t, std::uint32_t> by_offset;  // the first of each: the wire may have made copies
    for (const std::uint32_t p : datagram.packets) by_offset.emplace(payload_offset_in_datagram(facts, p), p);
    std::vector<Piece> carried;
    for (const auto& [offset, p] : by_offset) {
        const PieceRange range = facts.packets[p].pieces;
        for (std::uint32_t i = range.begin; i < range.begin + range.count; ++i) {
            const Piece& piece = facts.pieces[i];
            const bool goes_on = !carried.empty() && carried.back().message == piece.message &&
                                 carried.back().offset + carried.back().size == piece.offset;
            if (goes_on)
                carried.back().size += piece.size;
            else
                carried.push_back(piece);
        }
    }
    return carried;
}

std::vector<Piece> written_by_raw(const Facts& facts, const Datagram& datagram) {
    const std::uint32_t sender = facts.packets[datagram.packets.front()].socket;
    if (sender == kNone || facts.socket_facts[sender].transport != Transport::raw) return {};
    return carried_by(facts, datagram);
}

bool raw_takes(const Facts& facts, std::uint32_t socket, const Headers& headers, TimeNs at_ns) {
    const SocketFacts& known = facts.socket_facts[socket];
    const Socket& s = facts.sockets[socket];
    if (s.opened_ns > at_ns || or_forever(s.closed_ns) <= at_ns) return false;
    if ((s.kind.domain == model::Domain::inet6) != (headers.version == 6)) return false;
    if (s.kind.protocol != headers.protocol) return false;
    if (known.local.ip.version != 0 && !any_host(known.local.ip) && !same_host(known.local.ip, headers.to))
        return false;
    const Name peer = peer_at(known, at_ns);
    return peer.ip.version == 0 || same_host(peer.ip, headers.from);
}

bool raw_copied(const Facts& facts, const RawSends& raw, const Headers& headers, model::Host host,
                TimeNs at_ns) {
    const bool all = one_machine(facts);
    return std::any_of(raw.sockets().begin(), raw.sockets().end(), [&](std::uint32_t reader) {
        return (all || facts.socket_facts[reader].host == host) && raw_takes(facts, reader, headers, at_ns);
    });
}

void match_raw_sends(Facts& facts, RawSends& sends) {
    if (sends.sockets().empty()) return;
    if (facts.message_left_ns.empty()) facts.message_left_ns.assign(facts.messages.size(), model::kNever);
    RawPackets(facts, sends).match();
}

}  // namespace socketscope::story

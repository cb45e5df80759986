// Raw sockets (raw(7), ipv6(7)): every packet of their protocol that reaches the host is copied to them, beside what the
// kernel itself does with it. Over IPv4 the IP header is part of what is read; over IPv6 it is not.
#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/fragments.hpp"

namespace socketscope::story {
namespace {

using packet::Headers;

constexpr std::size_t kChecksumEnd = 4;  // ICMP and ICMPv6: type, code, checksum

std::string_view packet_bytes(const Facts& facts, std::uint32_t p) {
    const model::PacketRecord& record = facts.record(p);
    const bool changed = (record.flags & model::kCorrupted) != 0 && record.delivered_bytes.size > 0;
    return facts.trace->bytes(changed ? record.delivered_bytes : record.bytes);
}

// Bytes [0, transport header) of a delivered packet are the IP header; a raw socket over IPv6 starts behind it.
std::string_view as_read(const Facts& facts, const Arrival& arrival) {
    if (arrival.packet == kNone) return {};
    const std::string_view bytes = packet_bytes(facts, arrival.packet);
    const auto headers = packet::decode(bytes, packet::Checksums::skip);
    return headers.version == 6 ? bytes.substr(std::min<std::size_t>(headers.transport_offset, bytes.size()))
                                : bytes;
}

// What a raw socket reads of a packet: header bytes that no send call wrote, then the bytes of messages.
PieceRange give_packet(Facts& facts, const Arrival& arrival, std::uint32_t size) {
    const std::string_view bytes = packet_bytes(facts, arrival.packet);
    const auto headers = packet::decode(bytes, packet::Checksums::skip);
    const std::size_t skipped = headers.version == 6 ? headers.transport_offset : 0;
    PieceRange range{static_cast<std::uint32_t>(facts.pieces.size()), 0};
    const auto give = [&](Piece piece) {
        piece.size = std::min(piece.size, size);
        if (piece.size == 0) return;
        size -= piece.size;
        facts.pieces.push_back(piece);
        ++range.count;
    };
    const PieceRange carried = facts.packets[arrival.packet].pieces;
    std::uint64_t carried_bytes = 0;
    for (std::uint32_t i = 0; i < carried.count; ++i) carried_bytes += facts.pieces[carried.begin + i].size;
    const std::uint64_t whole = bytes.size() - std::min(skipped, bytes.size());
    give({kNone, 0, static_cast<std::uint32_t>(whole - std::min(whole, carried_bytes))});
    for (std::uint32_t i = 0; i < carried.count; ++i) give(facts.pieces[carried.begin + i]);
    give({kNone, 0, size});
    return range;
}

class Raw {
public:
    explicit Raw(Facts& facts) : facts_(facts), next_send_(facts.sockets.size(), 0) {
        for (std::uint32_t s = 0; s < facts.sockets.size(); ++s)
            if (facts.socket_facts[s].transport == Transport::raw) sockets_.push_back(s);
    }

    void build() {
        if (sockets_.empty()) return;
        if (facts_.message_left_ns.empty())
            facts_.message_left_ns.assign(facts_.messages.size(), model::kNever);
        for (const std::uint32_t p : facts_.flight_order) match_send(p);
        std::vector<std::uint32_t> delivered;
        for (const std::uint32_t p : facts_.flight_order)
            if (facts_.record(p).verdict == model::Verdict::delivered) delivered.push_back(p);
        std::stable_sort(delivered.begin(), delivered.end(), [&](std::uint32_t a, std::uint32_t b) {
            return facts_.record(a).delivered_ns < facts_.record(b).delivered_ns;
        });
        const std::size_t first = facts_.inboxes.size();
        for (const std::uint32_t p : delivered) deliver(p);
        // A packet that is not read may have been filtered (ICMP_FILTER): it is not counted as lost.
        for (std::size_t i = first; i < facts_.inboxes.size(); ++i) {
            read_inbox(facts_, facts_.inboxes[i], {Skip::later, as_read, give_packet});
            drop_unclaimed(facts_.inboxes[i]);
        }
    }

private:
    bool takes(std::uint32_t socket, const Headers& headers, TimeNs at_ns) const {
        const SocketFacts& known = facts_.socket_facts[socket];
        const Socket& s = facts_.sockets[socket];
        if (s.opened_ns > at_ns || or_forever(s.closed_ns) <= at_ns) return false;
        if ((s.kind.domain == model::Domain::inet6) != (headers.version == 6)) return false;
        if (s.kind.protocol != headers.protocol) return false;
        if (known.local.ip.version != 0 && !any_host(known.local.ip) &&
            !same_host(known.local.ip, headers.to))
            return false;
        const Name peer = known.remotes.empty() ? Name{} : known.remotes.back().name;
        return peer.ip.version == 0 || same_host(peer.ip, headers.from);
    }

    // --- which send this packet is: its bytes behind the IP header, or all of it with IP_HDRINCL
    void match_send(std::uint32_t p) {
        Packet& packet = facts_.packets[p];
        if (packet.pieces.count > 0 || packet.role == PacketRole::fragment) return;
        const model::PacketRecord& record = facts_.record(p);
        if (record.copy_of < facts_.packets.size()) {
            packet.socket = facts_.packets[record.copy_of].socket;
            packet.pieces = facts_.packets[record.copy_of].pieces;
            return;
        }
        const std::string_view bytes = facts_.trace->bytes(record.bytes);
        const auto headers = packet::decode(bytes, packet::Checksums::skip);
        for (const std::uint32_t s : sockets_) {
            if (facts_.socket_facts[s].host != record.from) continue;
            if (!take_send(p, s, bytes, headers)) continue;
            packet.socket = s;
            return;
        }
        // An echo reply that no program wrote: the kernel's own. It is addressed to whoever sent the request.
    }

    bool take_send(std::uint32_t p, std::uint32_t socket, std::string_view bytes, const Headers& headers) {
        const std::vector<std::uint32_t>& sends = facts_.socket_facts[socket].sends;
        const std::string_view behind_ip =
            bytes.substr(std::min<std::size_t>(headers.transport_offset, bytes.size()));
        const bool own_header =
            facts_.socket_facts[socket].header_included || facts_.sockets[socket].kind.protocol == 255;
        for (std::size_t i = next_send_[socket]; i < sends.size(); ++i) {
            if (facts_.messages[sends[i]].handed_ns > facts_.record(p).sent_ns) return false;
            const std::string_view sent = bytes_of(facts_, sends[i]);
            const bool same = own_header ? same_packet(sent, bytes) : same_payload(sent, behind_ip, headers);
            if (!same) continue;
            next_send_[socket] = i + 1;
            facts_.packets[p].pieces =
                add_piece(facts_, {sends[i], 0, static_cast<std::uint32_t>(sent.size())});
            facts_.message_left_ns[sends[i]] = facts_.record(p).sent_ns;
            return true;
        }
        return false;
    }

    // The kernel fills in the checksum of ICMPv6 (RFC 3542 §3.1).
    static bool same_payload(std::string_view sent, std::string_view behind_ip, const Headers& headers) {
        if (sent.size() != behind_ip.size()) return false;
        if (headers.protocol != 58 || sent.size() < kChecksumEnd) return sent == behind_ip;
        return sent.substr(0, 2) == behind_ip.substr(0, 2) &&
               sent.substr(kChecksumEnd) == behind_ip.substr(kChecksumEnd);
    }
    // IP_HDRINCL: the kernel fills in length, identification and checksum (raw(7)).
    static bool same_packet(std::string_view sent, std::string_view bytes) {
        constexpr std::size_t kHeader = 20;
        return sent.size() == bytes.size() && sent.size() >= kHeader &&
               sent.substr(kHeader) == bytes.substr(kHeader);
    }

    void deliver(std::uint32_t p) {
        const model::PacketRecord& record = facts_.record(p);
        const auto headers = packet::decode(packet_bytes(facts_, p), packet::Checksums::skip);
        if (headers.fragment) return;  // raw sockets see the joined packet, which no single record holds
        for (const std::uint32_t s : sockets_) {
            if (facts_.socket_facts[s].host == record.from || !takes(s, headers, record.delivered_ns))
                continue;
            Arrival arrival;
            arrival.at_ns = record.delivered_ns;
            arrival.packet = p;
            if (const PieceRange pieces = facts_.packets[p].pieces; pieces.count > 0) {
                arrival.message = facts_.pieces[pieces.begin].message;
                if (facts_.packets[p].to_socket == kNone && arrival.message != kNone)
                    facts_.messages[arrival.message].to_socket = s;
            }
            if (facts_.packets[p].to_socket == kNone) facts_.packets[p].to_socket = s;
            inbox_of(facts_, s).arrivals.push_back(arrival);
        }
    }

    // What was overtaken by a later read was not in the queue: filtered by the kernel.
    static void drop_unclaimed(Inbox& inbox) {
        std::size_t last_read = 0;
        for (std::size_t i = 0; i < inbox.arrivals.size(); ++i)
            if (inbox.arrivals[i].fate == Fate::read) last_read = i;
        for (std::size_t i = 0; i < last_read; ++i)
            if (inbox.arrivals[i].fate == Fate::waiting) inbox.arrivals[i].fate = Fate::filtered;
    }

    Facts& facts_;
    std::vector<std::size_t> next_send_;
    std::vector<std::uint32_t> sockets_;
};

}  // namespace

void build_raw(Facts& facts) {
    Raw(facts).build();
}

}  // namespace socketscope::story

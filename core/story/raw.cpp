// Raw sockets (raw(7), ipv6(7)): every packet of their protocol that reaches the host is copied to them, beside what
// the kernel itself does with it. Over IPv4 the IP header is part of what is read; over IPv6 it is not.
#include <algorithm>
#include <map>
#include <set>

#include "core/story/build.hpp"
#include "core/story/fragments.hpp"
#include "core/story/raw_own_host.hpp"
#include "core/story/raw_sends.hpp"
#include "core/story/udp_arrivals.hpp"

namespace socketscope::story {
namespace {

using packet::Headers;

std::string_view packet_bytes(const Facts& facts, std::uint32_t p) {
    const model::PacketRecord& record = facts.record(p);
    const bool changed = (record.flags & model::kCorrupted) != 0 && record.delivered_bytes.size > 0;
    return facts.trace->bytes(changed ? record.delivered_bytes : record.bytes);
}

// The packet as the host had it: fragments put together.
std::string_view whole_packet(const Facts& facts, std::uint32_t p) {
    const auto joined = facts.joined.find(p);
    return joined != facts.joined.end() ? std::string_view(joined->second) : packet_bytes(facts, p);
}

// Bytes [0, transport header) of a delivered packet are the IP header; a raw socket over IPv6 starts behind it.
std::string_view as_read(const Facts& facts, const Arrival& arrival) {
    if (arrival.packet == kNone) return {};
    const std::string_view bytes = whole_packet(facts, arrival.packet);
    const auto headers = packet::decode(bytes, packet::Checksums::skip);
    return headers.version == 6 ? bytes.substr(std::min<std::size_t>(headers.transport_offset, bytes.size()))
                                : bytes;
}

// The bytes behind all headers, by the messages that they came from.
std::vector<Piece> carried(const Facts& facts, const Arrival& arrival) {
    if (const Content* content = content_of(facts, arrival)) return content->pieces;
    if (arrival.message != kNone && facts.joined.contains(arrival.packet))
        return {{arrival.message, 0, facts.messages[arrival.message].size}};
    const PieceRange range = facts.packets[arrival.packet].pieces;
    const auto first = facts.pieces.begin() + range.begin;
    return {first, first + range.count};
}

// What a raw socket reads of a packet: header bytes that no send call wrote, then those of the messages.
PieceRange give_packet(Facts& facts, const Arrival& arrival, std::uint32_t /*begin*/, std::uint32_t size) {
    const std::string_view read = as_read(facts, arrival).substr(0, size);
    const std::vector<Piece> pieces = carried(facts, arrival);
    std::size_t behind = 0;
    for (const Piece& piece : pieces) behind += piece.size;
    const std::size_t whole = as_read(facts, arrival).size();
    return give_as_read(facts, read, whole - std::min(whole, behind), pieces);
}

class Raw {
public:
    explicit Raw(Facts& facts) : facts_(facts), sends_(facts) {
        for (std::uint32_t s = 0; s < facts.sockets.size(); ++s)
            if (facts.socket_facts[s].transport == Transport::raw) sockets_.push_back(s);
    }

    void build() {
        if (sockets_.empty()) return;
        if (facts_.message_left_ns.empty())
            facts_.message_left_ns.assign(facts_.messages.size(), model::kNever);
        for (const std::uint32_t p : facts_.flight_order) match_send(p);
        for (const std::uint8_t protocol : protocols())
            for (const Datagram& datagram : join_fragments(facts_, protocol))
                if (datagram.packets.size() > 1) join(datagram);
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
        deliver_raw_in_host(facts_, sends_);
    }

private:
    std::set<std::uint8_t> protocols() const {
        std::set<std::uint8_t> protocols;
        for (const std::uint32_t s : sockets_)
            protocols.insert(static_cast<std::uint8_t>(facts_.sockets[s].kind.protocol));
        return protocols;
    }

    // --- fragments: the host puts them together before any raw socket gets them
    void join(const Datagram& datagram) {
        std::string behind_ip;
        std::map<std::uint32_t, std::uint32_t> by_offset;  // offset behind the IP header → packet
        Headers first;
        for (const std::uint32_t p : datagram.packets) {
            const Headers headers = packet::decode(packet_bytes(facts_, p), packet::Checksums::skip);
            if (headers.fragment_offset == 0) first = headers;
            by_offset.emplace(headers.fragment_offset, p);
        }
        for (const auto& [offset, p] : by_offset) {
            if (offset != behind_ip.size()) return;  // a part never came to the wire
            const std::string_view bytes = packet_bytes(facts_, p);
            behind_ip += bytes.substr(std::min<std::size_t>(
                packet::decode(bytes, packet::Checksums::skip).transport_offset, bytes.size()));
        }
        const std::vector<Piece> message = send_of(datagram, behind_ip, first);
        for (const auto& [offset, p] : by_offset) {
            if (message.empty()) break;
            const std::size_t size = packet_bytes(facts_, p).size();
            const auto part = static_cast<std::uint32_t>(
                size - packet::decode(packet_bytes(facts_, p), packet::Checksums::skip).transport_offset);
            facts_.packets[p].pieces = add_part(message, offset, part);
        }
        if (datagram.complete_ns == model::kNever) return;
        const std::string_view ip = packet_bytes(facts_, by_offset.begin()->second);
        facts_.joined[datagram.completed_by] = packet::whole_of_fragments(ip, behind_ip);
        joined_message_[datagram.completed_by] = message.empty() ? kNone : message.front().message;
        if (message.size() > 1) keep_content(facts_, arrival_of(datagram.completed_by), message);
    }

    // Bytes [begin, begin + size) of these.
    PieceRange add_part(const std::vector<Piece>& message, std::uint32_t begin, std::uint32_t size) {
        PieceRange range{static_cast<std::uint32_t>(facts_.pieces.size()), 0};
        std::uint32_t at = 0;
        for (const Piece& piece : message) {
            const std::uint32_t from = std::max(begin, at), to = std::min(begin + size, at + piece.size);
            const bool empty = piece.size == 0 && from == at;
            if (from < to || empty) {
                facts_.pieces.push_back({piece.message, piece.offset + from - at, empty ? 0 : to - from});
                ++range.count;
            }
            at += piece.size;
        }
        return range;
    }

    // The send whose bytes these are; empty: none of ours.
    std::vector<Piece> send_of(const Datagram& datagram, std::string_view behind_ip, const Headers& headers) {
        const std::uint32_t p = datagram.packets.front();
        for (const std::uint32_t s : sockets_) {
            if (facts_.socket_facts[s].host != facts_.record(p).from) continue;
            RawSends::Sent* sent = sends_.find(s, {}, behind_ip, headers, facts_.record(p).sent_ns);
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

    // As it stands in a receive queue.
    Arrival arrival_of(std::uint32_t packet) const {
        Arrival arrival;
        arrival.at_ns = facts_.record(packet).delivered_ns;
        arrival.packet = packet;
        if (const auto joined = joined_message_.find(packet); joined != joined_message_.end())
            arrival.message = joined->second;
        else if (const PieceRange pieces = facts_.packets[packet].pieces; pieces.count > 0)
            arrival.message = facts_.pieces[pieces.begin].message;
        return arrival;
    }

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
            if (const Content* content = content_of(facts_, arrival_of(record.copy_of)))
                keep_content(facts_, arrival_of(p), std::vector(content->pieces));
            return;
        }
        const std::string_view bytes = facts_.trace->bytes(record.bytes);
        const auto headers = packet::decode(bytes, packet::Checksums::skip);
        const std::string_view behind_ip =
            bytes.substr(std::min<std::size_t>(headers.transport_offset, bytes.size()));
        for (const std::uint32_t s : sockets_) {
            if (facts_.socket_facts[s].host != record.from) continue;
            RawSends::Sent* sent = sends_.find(s, bytes, behind_ip, headers, record.sent_ns);
            if (sent == nullptr) continue;
            const std::vector<Piece> pieces = leave(s, *sent, record.sent_ns);
            packet.socket = s;
            packet.pieces = add_part(pieces, 0, UINT32_MAX);
            if (pieces.size() > 1) keep_content(facts_, arrival_of(p), pieces);
            return;
        }
        // An echo reply that no program wrote: the kernel's own. It is addressed to whoever sent the request.
    }

    void deliver(std::uint32_t p) {
        const model::PacketRecord& record = facts_.record(p);
        const auto headers = packet::decode(whole_packet(facts_, p), packet::Checksums::skip);
        if (headers.fragment) return;  // a part only
        for (const std::uint32_t s : sockets_) {
            if (facts_.socket_facts[s].host == record.from || !takes(s, headers, record.delivered_ns))
                continue;
            const Arrival arrival = arrival_of(p);
            if (facts_.packets[p].to_socket == kNone && arrival.message != kNone)
                facts_.messages[arrival.message].to_socket = s;
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
    RawSends sends_;
    std::vector<std::uint32_t> sockets_;
    std::unordered_map<std::uint32_t, std::uint32_t> joined_message_;  // packet that completed it → message
};

}  // namespace

void build_raw(Facts& facts) {
    Raw(facts).build();
}

}  // namespace socketscope::story

// Raw sockets (raw(7), ipv6(7)): every packet of their protocol that reaches the host is copied to them, beside what
// the kernel itself does with it. Over IPv4 the IP header is part of what is read; over IPv6 it is not.
#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/fragments.hpp"
#include "core/story/numbers.hpp"
#include "core/story/raw_losses.hpp"
#include "core/story/raw_own_host.hpp"
#include "core/story/raw_packets.hpp"
#include "core/story/udp_arrivals.hpp"

namespace socketscope::story {
namespace {

Piece whole_of(const Facts& facts, std::uint32_t message) {
    return {message, 0, facts.messages[message].size};
}

// The packet as the host had it: fragments put together.
std::string_view whole_packet(const Facts& facts, std::uint32_t p) {
    const auto joined = facts.joined.find(p);
    return joined != facts.joined.end() ? std::string_view(joined->second.bytes)
                                        : packet_as_delivered(facts, p);
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
    if (facts.joined.contains(arrival.packet)) {
        if (const Content* content = content_of(facts, arrival)) return content->pieces;
        if (arrival.message != kNone) return {whole_of(facts, arrival.message)};
    }
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
    Raw(Facts& facts, RawSends& sends) : facts_(facts), sends_(sends) {}

    void build() {
        if (sends_.sockets().empty()) return;
        std::vector<std::uint32_t> delivered;
        for (const std::uint32_t p : facts_.flight_order)
            if (facts_.record(p).verdict == model::Verdict::delivered) delivered.push_back(p);
        std::stable_sort(delivered.begin(), delivered.end(), [&](std::uint32_t a, std::uint32_t b) {
            return facts_.record(a).delivered_ns < facts_.record(b).delivered_ns;
        });
        name_joined_of_udp();
        const std::size_t first = facts_.inboxes.size();
        for (const std::uint32_t p : delivered) deliver(p);
        // A packet that is not read may have been filtered (ICMP_FILTER): it is not counted as lost.
        for (std::size_t i = first; i < facts_.inboxes.size(); ++i) {
            read_inbox(facts_, facts_.inboxes[i], {Skip::later, as_read, give_packet});
            drop_unclaimed(facts_.inboxes[i]);
        }
        deliver_raw_in_host(facts_, sends_);
        lose_parted(facts_, sends_);
        lose_refused(facts_);
    }

private:
    // Datagrams of UDP sockets that the host put together: by now it is known what their fragments carry.
    void name_joined_of_udp() {
        if (facts_.joined.empty()) return;
        for (const Datagram& datagram : join_fragments(facts_, static_cast<std::uint8_t>(kProtocolUdp))) {
            const auto joined = facts_.joined.find(datagram.completed_by);
            if (joined == facts_.joined.end() || joined->second.message != kNone) continue;
            const std::vector<Piece> carried = carried_by(facts_, datagram);
            if (carried.empty() || carried.front().message == kNone) continue;
            joined->second.message = carried.front().message;
            const bool whole =
                carried.size() == 1 && carried.front() == whole_of(facts_, carried.front().message);
            if (!whole) keep_content(facts_, raw_arrival(facts_, datagram.completed_by), carried);
        }
    }

    void deliver(std::uint32_t p) {
        const model::PacketRecord& record = facts_.record(p);
        const auto headers = packet::decode(whole_packet(facts_, p), packet::Checksums::skip);
        if (headers.fragment) return;  // a part only
        for (const std::uint32_t s : sends_.sockets()) {
            if (facts_.socket_facts[s].host == record.from ||
                !raw_takes(facts_, s, headers, record.delivered_ns))
                continue;
            const Arrival arrival = raw_arrival(facts_, p);
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
    RawSends& sends_;
};

}  // namespace

void build_raw(Facts& facts, RawSends& sends) {
    Raw(facts, sends).build();
}

}  // namespace socketscope::story

// First look at every packet: protocol, size, checksum, and the role that its headers alone tell.
#include <algorithm>
#include <numeric>

#include "core/model/errno_text.hpp"
#include "core/story/build.hpp"

namespace socketscope::story {
namespace {

bool lane_has_raw_sockets(const Facts& facts) {
    return std::any_of(facts.socket_facts.begin(), facts.socket_facts.end(),
                       [](const SocketFacts& socket) { return socket.transport == Transport::raw; });
}

// Whether the receiver's kernel will find the checksum right. What a kernel sends is right; only what the wire changed
// or a raw socket made up has to be judged.
bool arrives_intact(const Facts& facts, const model::PacketRecord& record, bool judge_all) {
    const bool changed = (record.flags & model::kCorrupted) != 0 && record.delivered_bytes.size > 0;
    if (!changed && !judge_all) return true;
    const auto headers = packet::decode(facts.trace->bytes(changed ? record.delivered_bytes : record.bytes));
    return headers.checksum_ok && headers.ip_checksum_ok;
}

PacketRole role_of(const packet::Headers& headers) {
    if (headers.fragment && headers.fragment_offset != 0) return PacketRole::fragment;
    if (headers.is_udp()) return PacketRole::datagram;
    if (headers.is_icmp()) return PacketRole::icmp;
    return PacketRole::other;
}

void order_flights(Facts& facts) {
    const auto& packets = facts.trace->packets;
    facts.flight_order.resize(packets.size());
    std::iota(facts.flight_order.begin(), facts.flight_order.end(), 0U);
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
        return packets[a].sent_ns < packets[b].sent_ns;
    };
    if (!std::is_sorted(facts.flight_order.begin(), facts.flight_order.end(), earlier))
        std::stable_sort(facts.flight_order.begin(), facts.flight_order.end(), earlier);
    facts.flights.build(packets.size(),
                        [&](std::size_t i) { return packets[facts.flight_order[i]].delivered_ns; });
}

}  // namespace

void build_packets(Facts& facts) {
    const bool judge_all = lane_has_raw_sockets(facts);
    facts.packets.resize(facts.trace->packets.size());
    facts.packet_connection.assign(facts.packets.size(), kNone);
    for (std::uint32_t i = 0; i < facts.packets.size(); ++i) {
        const model::PacketRecord& record = facts.record(i);
        Packet& packet = facts.packets[i];
        if ((record.flags & model::kPayloadOnly) != 0) {
            packet.payload_size =
                static_cast<std::uint16_t>(std::min<std::uint32_t>(record.bytes.size, UINT16_MAX));
            packet.role = PacketRole::datagram;
            continue;
        }
        const auto headers = packet::decode(facts.trace->bytes(record.bytes), packet::Checksums::skip);
        packet.payload_size = headers.payload_size;
        packet.protocol = headers.protocol;
        packet.tcp_flags = headers.tcp_flags;
        packet.role = role_of(headers);
        packet.checksum_ok = arrives_intact(facts, record, judge_all);
    }
    order_flights(facts);
}

std::string wire_reason(const Facts& facts, const model::PacketRecord& record) {
    using model::Cause;
    switch (record.cause) {
        case Cause::rule: {
            const auto& rules = facts.trace->link.rules;
            if (record.rule >= 1 && record.rule <= rules.size() && !rules[record.rule - 1].text.empty())
                return "The wire dropped it by the rule “" + rules[record.rule - 1].text + "”.";
            return "The wire dropped it by a rule of the lesson.";
        }
        case Cause::chance:
            return "The wire lost it by chance.";
        case Cause::queue_full:
            return "The queue in front of the slow link was full.";
        case Cause::person:
            return "You dropped it.";
        case Cause::device:
            return "The kernel did not take it from the wire" +
                   (record.error != 0 ? " (" + model::errno_name(record.error) + ")" : std::string()) + ".";
        case Cause::wire_closed:
            return "It was still on its way when the run ended.";
        case Cause::none:
            break;
    }
    return "The wire did not deliver it.";
}

}  // namespace socketscope::story

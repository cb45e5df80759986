#include "core/story/connections.hpp"

#include <cstring>
#include <unordered_map>

#include "core/packet/packet.hpp"

namespace socketscope::story {
namespace {

using packet::Address;

struct FlowKey {
    Address low, high;  // the two ends in an order of their own, so that both directions meet
    bool operator==(const FlowKey&) const = default;
};
int compare(const Address& a, const Address& b) {
    if (const int order = std::memcmp(a.bytes, b.bytes, sizeof a.bytes); order != 0) return order;
    return a.version != b.version ? a.version - b.version : a.port - b.port;
}
FlowKey key_of(const packet::Headers& headers) {
    return compare(headers.from, headers.to) < 0 ? FlowKey{headers.from, headers.to}
                                                 : FlowKey{headers.to, headers.from};
}
struct FlowHash {
    static std::size_t one(const Address& address) {
        std::uint64_t high = 0, low = 0;
        std::memcpy(&high, address.bytes, 8);
        std::memcpy(&low, address.bytes + 8, 8);
        return static_cast<std::size_t>((high * 0x9e3779b97f4a7c15ULL ^ low) * 0x9e3779b97f4a7c15ULL +
                                        address.port);
    }
    std::size_t operator()(const FlowKey& key) const { return one(key.low) * 31 + one(key.high); }
};

bool is_syn(const packet::Headers& headers) {
    return (headers.tcp_flags & (packet::kSyn | packet::kAck | packet::kRst)) == packet::kSyn;
}

// The same addresses and ports, used again: a SYN with another initial sequence number. A SYN of the other end before
// that end has said anything belongs to the same connection: both open it at once (RFC 9293 §3.5).
bool begins_anew(const Facts& facts, const Connection& connection, const packet::Headers& headers) {
    if (!is_syn(headers)) return false;
    const ConnectionEnd& from = connection.end[connection.end[0].address == headers.from ? 0 : 1];
    // Behind a RST: but for the same SYN once more, whose sender never got the RST.
    if ((facts.packets[connection.packets.back()].tcp_flags & packet::kRst) != 0)
        return !from.isn_known || from.isn != headers.seq;
    const bool speaks_first = !from.isn_known && connection.end[0].isn_known;
    return !speaks_first && (!from.isn_known || from.isn != headers.seq);
}

}  // namespace

std::uint32_t bytes_acknowledged(const Connection& connection, const packet::Headers& syn_ack) {
    const ConnectionEnd& opener = connection.end[connection.end[0].address == syn_ack.to ? 0 : 1];
    return opener.isn_known ? syn_ack.ack - (opener.isn + 1) : 0;
}

void find_connections(Facts& facts) {
    std::unordered_map<FlowKey, std::uint32_t, FlowHash> latest;
    for (const std::uint32_t p : facts.flight_order) {
        if (facts.packets[p].protocol != 6 || facts.packets[p].role == PacketRole::fragment) continue;
        const auto headers =
            packet::decode(facts.trace->bytes(facts.record(p).bytes), packet::Checksums::skip);
        if (headers.from.version == 0 || headers.to.version == 0) continue;
        auto [entry, fresh] = latest.try_emplace(key_of(headers), 0U);
        if (fresh || begins_anew(facts, facts.connections[entry->second], headers)) {
            entry->second = static_cast<std::uint32_t>(facts.connections.size());
            Connection connection;
            connection.end[0].host = facts.record(p).from;
            connection.end[1].host = model::other(facts.record(p).from);
            connection.end[0].address = headers.from;
            connection.end[1].address = headers.to;
            facts.connections.push_back(std::move(connection));
        }
        Connection& connection = facts.connections[entry->second];
        if ((headers.tcp_flags & packet::kSyn) != 0) {
            ConnectionEnd& from = connection.end[connection.end[0].address == headers.from ? 0 : 1];
            if (!from.isn_known) from.isn = headers.seq;
            from.isn_known = true;
        }
        connection.packets.push_back(p);
        facts.packet_connection[p] = entry->second;
    }
}

}  // namespace socketscope::story

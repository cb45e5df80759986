#include "core/wire/flows.hpp"

#include <algorithm>
#include <cstring>

namespace socketscope::wire {
namespace {

constexpr std::size_t kEnd = 18;

void put_end(char* to, const packet::Address& address, std::uint16_t port) {
    std::memcpy(to, address.bytes, 16);
    std::memcpy(to + 16, &port, 2);
}

bool same_host(const packet::Address& a, const packet::Address& b) {
    return a.version == b.version && std::memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

bool opens_connection(const packet::Headers& headers) {
    return (headers.tcp_flags & (packet::kSyn | packet::kAck)) == packet::kSyn;
}

}  // namespace

Flows::Key Flows::key_of(const packet::Headers& headers) {
    Key key;
    key.bytes[0] = static_cast<char>(headers.protocol);
    char* from = key.bytes.data() + 1;
    char* to = from + kEnd;
    put_end(from, headers.from, headers.is_icmp() ? headers.icmp_id : headers.from.port);
    put_end(to, headers.to, headers.is_icmp() ? headers.icmp_id : headers.to.port);
    if (std::memcmp(from, to, kEnd) > 0) std::swap_ranges(from, to, to);
    return key;
}

LaneNumber Flows::known_or(const Key& key, LaneNumber otherwise) const {
    const auto found = flows_.find(key);
    return found == flows_.end() ? otherwise : found->second;
}

LaneNumber Flows::lane_of(const packet::Headers& headers, std::string_view ip_packet, LaneNumber present) {
    if (!headers.fragment) return lane_of_whole(headers, ip_packet, present);
    if (headers.fragment_offset == 0) {
        const LaneNumber lane = lane_of_whole(headers, ip_packet, present);
        fragments_[next_fragment_++ % kFragmentsKept] = {headers.from, headers.to, headers.fragment_id, lane};
        return lane;
    }
    const auto same_datagram = [&](const FirstFragment& first) {
        return first.id == headers.fragment_id && same_host(first.from, headers.from) &&
               same_host(first.to, headers.to);
    };
    const auto first = std::find_if(fragments_.begin(), fragments_.end(), same_datagram);
    return first == fragments_.end() ? present : first->lane;
}

LaneNumber Flows::lane_of_whole(const packet::Headers& headers, std::string_view ip_packet,
                                LaneNumber present) {
    if (headers.is_icmp()) {
        if (const auto quoted = packet::decode_quoted(ip_packet, headers))
            return known_or(key_of(*quoted), present);
    }
    const auto flow = flows_.try_emplace(key_of(headers), present).first;
    if (!headers.is_tcp() || opens_connection(headers)) flow->second = present;
    return flow->second;
}

void Flows::forget_before(LaneNumber lane) {
    std::erase_if(flows_, [lane](const auto& flow) { return flow.second < lane; });
}

}  // namespace socketscope::wire

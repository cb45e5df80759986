// Which lane a packet belongs to: the lane in which its flow began.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "core/packet/packet.hpp"

namespace socketscope::wire {

using LaneNumber = std::uint32_t;  // counted over the life of the wire, from 1; 0 = none

// A flow: protocol, both addresses and both ports, whichever way the packet goes (echo: the identifier for the ports).
//
// A TCP connection is the lane's in which its SYN was seen, and late segments (retransmissions, FIN, RST) stay with
// it. A datagram is the present lane's, since it leaves the kernel as it is sent; an ICMP error goes with the packet
// that it quotes; a later fragment with its first one (same IP identification).
class Flows {
public:
    LaneNumber lane_of(const packet::Headers& headers, std::string_view ip_packet, LaneNumber present);
    // Forgets the flows of lanes before that one.
    void forget_before(LaneNumber lane);

private:
    struct Key {
        std::array<char, 37> bytes{};  // protocol, smaller end, larger end (16 + 2 each)
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            return std::hash<std::string_view>{}({key.bytes.data(), key.bytes.size()});
        }
    };
    static Key key_of(const packet::Headers& headers);
    LaneNumber known_or(const Key& key, LaneNumber otherwise) const;
    LaneNumber lane_of_whole(const packet::Headers& headers, std::string_view ip_packet, LaneNumber present);

    struct FirstFragment {
        packet::Address from, to;
        std::uint32_t id{0};
        LaneNumber lane{0};
    };
    static constexpr std::size_t kFragmentsKept = 64;

    std::unordered_map<Key, LaneNumber, KeyHash> flows_;
    std::array<FirstFragment, kFragmentsKept> fragments_{};  // a ring: the last datagrams that came in pieces
    std::size_t next_fragment_{0};
};

}  // namespace socketscope::wire

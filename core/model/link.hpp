// What the wire between the two hosts is told to do: exact rules first, then seeded chances.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/event.hpp"
#include "core/model/time.hpp"

namespace socketscope::model {

enum class RuleAction : std::uint8_t {
    drop,
    hold,
    duplicate,
    corrupt,
    swap
};  // swap: change places with the next one
// What a rule counts. `data`: a TCP segment with payload, or any UDP datagram (its first fragment), or an ICMP echo.
enum class PacketClass : std::uint8_t { any, data, syn, synack, ack, fin, rst, fragment, icmp };

// "drop data 2 from client": the nth packet of that class from that host, counted from 1 over the lane; 0 = every one.
// A retransmission counts as a packet of its own.
struct LinkRule {
    RuleAction action{RuleAction::drop};
    PacketClass what{PacketClass::data};
    std::uint32_t nth{1};
    Host from{Host::client};
    TimeNs hold_ns{0};  // for hold
    std::string text;   // as the lesson wrote it

    bool operator==(const LinkRule&) const = default;
};

struct LinkSpec {
    TimeNs delay_ns{0};   // one way
    TimeNs jitter_ns{0};  // uniform in [0, jitter] on top; keeps the order unless `reorder` says otherwise
    double loss{0};       // probabilities in [0, 1]
    double reorder{0};    // such a packet is held for reorder_hold_ns and overtaken
    TimeNs reorder_hold_ns{5 * kMillisecond};
    double duplicate{0};
    double corrupt{0};                 // one bit of the payload (behind the transport header) is flipped
    std::uint64_t rate_bps{0};         // bits per second; 0 = no limit
    std::uint32_t queue_packets{100};  // bound of the queue in front of the rate limit
    std::vector<LinkRule> rules;

    bool operator==(const LinkSpec&) const = default;
};

}  // namespace socketscope::model

// What of a lane does not change with the moment: places on the stage, which sockets matter, indices by time.
#pragma once

#include <cstdint>
#include <vector>

#include "app/stage/layout.hpp"
#include "core/story/story.hpp"

namespace socketscope::stage {

using model::TimeNs;

// Where a lane's programs stand: side 0 is the client's host, side 1 the server's.
struct Place {
    std::uint8_t endpoint{0};
    std::vector<std::uint32_t> sockets;  // in the order in which they were opened
    bool again{false};  // the same program once more: it talks to itself over a socketpair(2)
};

// Bytes that had left a queue at a moment, cumulative: a queue slides on by what left it.
struct Removal {
    TimeNs at_ns{0};
    std::uint64_t total{0};
};

struct SocketFacts {
    bool sends{false}, receives{false};
    std::uint64_t sent_bytes{0}, given_bytes{0};
    std::uint32_t sent_messages{0};
    std::vector<Removal> acked;  // by at_ns: what left its send queue
    // The most bytes a queue ever holds, holes included; 0: not looked up, since it is more than a row can show.
    std::uint64_t most_sending{0}, most_receiving{0};
};

struct PacketFacts {
    std::uint32_t rank{0};  // the nth of its rail
    // Of its host's packets on the wire at the fullest moment of its burst, at most kMostCrowd.
    std::uint16_t crowd{0};
};
inline constexpr std::uint16_t kMostCrowd = 64;

// Sums of the first n of a long list: every 256th is kept, the rest is added up when it is asked for.
class RunningTotal {
public:
    void add(std::uint64_t bytes);
    template <class Size>
    std::uint64_t before(std::size_t n, const Size& size_of) const {
        std::uint64_t sum = kept_.empty() ? 0 : kept_[n / kEvery];
        for (std::size_t i = n - n % kEvery; i < n; ++i) sum += size_of(i);
        return sum;
    }

private:
    static constexpr std::size_t kEvery = 256;
    std::vector<std::uint64_t> kept_;
    std::uint64_t sum_{0};
    std::size_t count_{0};
};

struct EndpointFacts {
    std::vector<std::uint32_t> receives;  // by at_ns: indices into Story::receives
    std::vector<std::uint32_t> sent;      // by handed_ns: messages it sent
    std::vector<std::uint32_t> meant;     // by handed_ns: messages that were sent to it
    RunningTotal receives_total, sent_total, meant_total;
    std::uint64_t given_bytes{0}, sent_bytes{0}, meant_bytes{0};
    bool sees_end{false};  // some receive call of it says: end of file
};

struct LanePlan::Impl {
    explicit Impl(const story::Story& of);

    const story::Story* story;
    bool local{false};    // AF_UNIX: one host, no wire
    bool stream{false};   // bytes without boundaries
    bool refused{false};  // this machine or kernel gave no socket at all, or nothing ran
    std::uint32_t refused_call{story::kNone};
    TimeNs pair_ns{model::kNever};  // the first socketpair(2) returned
    std::vector<Place> sides[2];
    std::vector<SocketFacts> sockets;
    std::vector<EndpointFacts> endpoints;
    std::vector<PacketFacts> packets;
    // The longest words of a packet of each host, to decide how much room pills need: never less than what is drawn.
    std::uint64_t longest_stream{0};  // offset of the last byte sent
    std::uint32_t largest_payload{0};
    bool packets_from[2]{};             // any packet ever sent by this host
    bool data_from[2]{};                // any of them with payload
    std::vector<std::uint32_t> by_end;  // packets in the order in which they left the wire
    int reader_side{1};                 // the server's, unless only the client's programs are given anything
    bool given_back{false};             // the program of the other side was given something too

    // --- the constructor's parts, in this order
    void add_messages();
    void add_receives();
    void place_programs();
    void spread(std::vector<Place> all);
    void choose_reader();
    void order_packets();
    void measure_crowds();
    void measure_queues();

    TimeNs end_of(std::uint32_t packet) const;  // when it left the wire; INT64_MAX: not yet
};

}  // namespace socketscope::stage

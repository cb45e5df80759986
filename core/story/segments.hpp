// What each segment of a TCP connection is: its place in the stream, what it acknowledges, its role, and whether it
// repeats an earlier one. RFC 9293; RFC 7323 §2 (window scale).
#pragma once

#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

class Segments {
public:
    Segments(Facts& facts, Connection& connection) : facts_(facts), connection_(connection) {}

    // A segment that the host of `end` sent, in the order of sending.
    void read(std::uint32_t packet, int end, const packet::Headers& headers);
    // The sender was told that all before this offset arrived.
    void acknowledged(int end, std::uint64_t offset) { way_[end].acked = offset; }

    std::uint64_t sent(int end) const { return way_[end].sent; }  // behind the highest byte sent
    std::uint64_t acked(int end) const { return way_[end].acked; }
    bool sent_fin(int end) const { return way_[end].first_fin != kNone; }
    // Where an acknowledgement stands in what `end` sends: 1 behind the last byte if it counts the FIN too.
    std::int64_t ack_offset(const packet::Headers& headers, int end) const;

private:
    // What one end sends.
    struct Way {
        std::uint64_t sent{0}, acked{0};
        std::uint32_t first_syn{kNone}, first_fin{kNone};
        struct First {
            std::uint64_t begin;
            std::uint32_t packet;
        };
        std::vector<First> firsts;  // which packet carried which bytes first
        std::uint64_t last_ack{0};  // what this end acknowledged last, and the window that it offered with it
        std::uint32_t last_window{0};
        bool spoke{false};  // its last packet was no SYN, so that the windows can be compared
    };

    void learn_isn(int end, const packet::Headers& headers);
    void place(Packet& packet, int end, const packet::Headers& headers);
    void place_ack(Packet& packet, int end, const packet::Headers& headers) const;
    PacketRole role(const Packet& packet, int end, const packet::Headers& headers) const;
    void find_first(std::uint32_t p, int end, const packet::Headers& headers);

    Facts& facts_;
    Connection& connection_;
    Way way_[2];
    bool before_acked_{false};  // the segment that was placed last begins before what is acknowledged
};

}  // namespace socketscope::story

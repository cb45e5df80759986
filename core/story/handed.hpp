// What each datagram or raw socket handed over, piece by piece as it was sent: one send is one, but MSG_MORE and
// UDP_CORK join several, and UDP_SEGMENT cuts one into several (udp(7), send(2)).
#pragma once

#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

struct Handed {
    std::uint32_t first{0}, count{1};  // of the socket's sends
    std::uint32_t offset{0}, size{0};  // bytes of these, put together
    std::uint16_t segment{0};          // which of those that UDP_SEGMENT cut
    bool waits{false};                 // for more, to the end: the kernel never sent it
    std::uint32_t failed{kNone};       // the send call with whose failure the end came
    bool left{false};
};

// By socket; empty for those of another transport.
std::vector<std::vector<Handed>> hand_over(const Facts& facts, Transport transport);

std::uint32_t first_message(const Facts& facts, std::uint32_t socket, const Handed& handed);
// All segments of what was cut (UDP_SEGMENT), put together again.
Handed whole_of_segments(const Facts& facts, std::uint32_t socket, const Handed& handed);
bool whole_message(const Facts& facts, std::uint32_t socket, const Handed& handed);
std::vector<Piece> pieces_of(const Facts& facts, std::uint32_t socket, const Handed& handed);
// Bytes [begin, begin + size) of these.
std::vector<Piece> part_of(const std::vector<Piece>& pieces, std::uint32_t begin, std::uint32_t size);
// Whether a raw socket's send brings its own IP header (IP_HDRINCL, raw(7)).
bool brings_header(const Facts& facts, std::uint32_t message);

}  // namespace socketscope::story

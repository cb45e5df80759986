// What the receiver of a TCP stream does with the bytes that come: in order to the program, others held until the hole
// before them is filled (RFC 9293 §3.10.7.4).
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>

#include "core/story/facts.hpp"

namespace socketscope::story {

class Reassembly {
public:
    // Bytes [begin, end) of the stream arrived with this packet; only those that are not here yet count.
    void take(Stream& stream, std::uint64_t begin, std::uint64_t end, std::uint32_t packet, TimeNs at_ns);
    std::uint64_t front() const { return front_; }  // all bytes before it are here
    std::uint64_t highest() const;                  // behind the last byte that is here, holes or not
    // Calls visit(begin, end) for what of [begin, end) never came.
    template <typename Visit>
    void for_missing(std::uint64_t begin, std::uint64_t end, Visit visit) const {
        ahead_.for_missing(std::max(begin, front_), end, visit);
    }

private:
    std::uint64_t front_{0};
    std::map<std::uint64_t, std::size_t> held_;  // begin → index in Stream::held, those still open
    std::uint64_t held_end_{0};
    ByteRanges ahead_;  // all that ever came before its turn
};

// When all has been taken: sorts what the packets brought and says when each byte could be read, which is as soon as it
// and all before it are there.
void order_brought(const Facts& facts, Stream& stream);

}  // namespace socketscope::story

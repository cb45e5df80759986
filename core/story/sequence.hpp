// Sequence numbers of TCP: 32 bits wide, they wrap (RFC 9293 §3.4); offsets of a stream are 64 bits wide and do not.
#pragma once

#include <cstdint>

namespace socketscope::story {

// The offset nearest to `near` whose sequence number is `seq`, if offset 0 is the byte behind the SYN.
inline std::int64_t unwrap(std::uint64_t near, std::uint32_t seq, std::uint32_t isn) {
    const auto distance = static_cast<std::int32_t>(seq - (isn + 1 + static_cast<std::uint32_t>(near)));
    return static_cast<std::int64_t>(near) + distance;
}
inline std::uint64_t at_least_0(std::int64_t offset) {
    return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
}

}  // namespace socketscope::story

// A range of bytes in the arena of the trace that holds it (trace::LaneTrace::arena).
#pragma once

#include <cstdint>

namespace socketscope::model {

// Half of the memory of a recording are its ranges: they are as small as they can be, and an arena is never larger.
inline constexpr std::uint64_t kLargestArena = UINT32_MAX;

struct ByteRange {
    std::uint32_t offset{0}, size{0};

    bool operator==(const ByteRange&) const = default;
};

}  // namespace socketscope::model

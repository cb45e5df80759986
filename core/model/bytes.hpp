// A range of bytes in the arena of the trace that holds it (trace::LaneTrace::arena).
#pragma once

#include <cstdint>

namespace socketscope::model {

struct ByteRange {
    std::uint64_t offset{0};
    std::uint32_t size{0};

    bool operator==(const ByteRange&) const = default;
};

}  // namespace socketscope::model

// What a person does to a packet in flight, recorded as that person's act.
#pragma once

#include <cstdint>

namespace socketscope::wire {

enum class Act : std::uint8_t {
    drop,
    hold,     // until it is released
    release,  // delivered at once
    duplicate,
    swap_with_next,  // with the next packet the same way: in flight, or still to come
    corrupt,
};
struct Command {
    Act act{Act::drop};
    std::uint32_t packet{0};  // id in the current lane's log
};

}  // namespace socketscope::wire

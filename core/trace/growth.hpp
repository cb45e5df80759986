// How the containers of a trace grow: to four times, so that millions of events are copied seldom. What is reserved and
// not used costs addresses, not memory: the kernel gives pages when they are first touched (malloc(3), mmap(2)).
#pragma once

#include <algorithm>
#include <cstddef>

namespace socketscope::trace {

template <class Container>
void make_room(Container& items, std::size_t more) {
    constexpr std::size_t kLarge = 4096;  // below, doubling is as good
    const std::size_t needed = items.size() + more;
    if (needed <= items.capacity()) return;
    items.reserve(std::max(needed, items.capacity() * (needed > kLarge ? 4 : 2)));
}

}  // namespace socketscope::trace

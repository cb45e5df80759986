// The events of all lanes in the order of time on their common axis, where each lane begins at 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/story/story.hpp"

namespace socketscope::player {

using model::TimeNs;

struct EventPlace {
    TimeNs at{0};  // ns since its lane's start
    std::uint8_t lane{0};
    std::uint32_t index{0};  // into that story's events()
};

// Kept as small as can be, since a long recording has millions: one lane's events stand in order already, and of
// several lanes it keeps whose turn it is.
class EventOrder {
public:
    EventOrder() = default;
    // The stories must outlive it.
    explicit EventOrder(const std::vector<const story::Story*>& lanes);

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    EventPlace operator[](std::size_t i) const;
    // Of the first event after t, or at t or after; size() if there is none. O(log n).
    std::size_t first_after(TimeNs t) const;
    std::size_t first_from(TimeNs t) const;

private:
    struct Lane {
        std::span<const story::Event> events;
        TimeNs start{0};
    };
    std::vector<Lane> lanes_;
    std::size_t size_{0};
    std::vector<std::uint8_t> turn_;    // by event: its lane
    std::vector<std::uint32_t> index_;  // by event: its index there
};

}  // namespace socketscope::player

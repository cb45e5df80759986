#include "app/player/event_order.hpp"

#include <algorithm>

namespace socketscope::player {

namespace {

// The first of `count` for which `holds`, which holds for all that follow it.
template <class Holds>
std::size_t first_that(std::size_t count, Holds holds) {
    std::size_t low = 0;
    while (low < count) {
        const std::size_t middle = low + (count - low) / 2;
        if (holds(middle))
            count = middle;
        else
            low = middle + 1;
    }
    return low;
}

}  // namespace

EventOrder::EventOrder(const std::vector<const story::Story*>& lanes) {
    for (const story::Story* story : lanes) {
        lanes_.push_back({story->events(), story->trace().start_ns});
        size_ += story->events().size();
    }
    if (lanes_.size() < 2) return;
    turn_.reserve(size_);
    index_.reserve(size_);
    std::vector<std::uint32_t> next(lanes_.size(), 0);
    while (turn_.size() < size_) {
        // Few lanes: the one whose next event is the earliest, the first of equals.
        std::size_t best = lanes_.size();
        TimeNs best_at = 0;
        for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
            if (next[lane] == lanes_[lane].events.size()) continue;
            const TimeNs at = lanes_[lane].events[next[lane]].at_ns - lanes_[lane].start;
            if (best < lanes_.size() && at >= best_at) continue;
            best = lane;
            best_at = at;
        }
        turn_.push_back(static_cast<std::uint8_t>(best));
        index_.push_back(next[best]++);
    }
}

EventPlace EventOrder::operator[](std::size_t i) const {
    const std::uint8_t lane = turn_.empty() ? std::uint8_t{0} : turn_[i];
    const std::uint32_t index = turn_.empty() ? static_cast<std::uint32_t>(i) : index_[i];
    return {lanes_[lane].events[index].at_ns - lanes_[lane].start, lane, index};
}

std::size_t EventOrder::first_after(TimeNs t) const {
    return first_that(size_, [&](std::size_t i) { return (*this)[i].at > t; });
}

std::size_t EventOrder::first_from(TimeNs t) const {
    return first_that(size_, [&](std::size_t i) { return (*this)[i].at >= t; });
}

}  // namespace socketscope::player

// A set of bytes of a stream, as ranges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

namespace socketscope::story {

class ByteRanges {
public:
    void add(std::uint64_t begin, std::uint64_t end) {
        if (begin >= end) return;
        auto next = ranges_.upper_bound(begin);
        if (next != ranges_.begin() && std::prev(next)->second >= begin) {
            --next;
            begin = next->first;
        }
        while (next != ranges_.end() && next->first <= end) {
            end = std::max(end, next->second);
            next = ranges_.erase(next);
        }
        ranges_.emplace(begin, end);
    }

    // Calls visit(begin, end) for what of [begin, end) is not in the set.
    template <typename Visit>
    void for_missing(std::uint64_t begin, std::uint64_t end, Visit visit) const {
        auto next = ranges_.upper_bound(begin);
        if (next != ranges_.begin()) begin = std::max(begin, std::prev(next)->second);
        for (; next != ranges_.end() && next->first < end; ++next) {
            if (begin < next->first) visit(begin, next->first);
            begin = next->second;
        }
        if (begin < end) visit(begin, end);
    }

private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // begin → end; none touches another
};

}  // namespace socketscope::story

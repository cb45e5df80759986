#include "core/story/reassembly.hpp"

#include <algorithm>
#include <iterator>

namespace socketscope::story {

void Reassembly::take(Stream& stream, std::uint64_t begin, std::uint64_t end, std::uint32_t packet,
                      TimeNs at_ns) {
    begin = std::max(begin, front_);
    while (begin < end) {  // only the parts that are not here yet
        const auto after = held_.upper_bound(begin);
        if (after != held_.begin()) {
            const Stream::Held& before = stream.held[std::prev(after)->second];
            if (before.end > begin) {
                begin = before.end;
                continue;
            }
        }
        const std::uint64_t stop = after == held_.end() ? end : std::min(end, after->first);
        stream.brought.push_back({begin, model::kNever, packet});
        if (begin == front_) {
            front_ = stop;
        } else {
            held_.emplace(begin, stream.held.size());
            stream.held.push_back({at_ns, model::kNever, begin, stop, packet});
            held_end_ = std::max(held_end_, stop);
            ahead_.add(begin, stop);
        }
        begin = stop;
    }
    for (auto first = held_.begin(); first != held_.end() && first->first <= front_;
         first = held_.erase(first)) {
        stream.held[first->second].until_ns = at_ns;
        front_ = std::max(front_, stream.held[first->second].end);
    }
}

std::uint64_t Reassembly::highest() const {
    return std::max(front_, held_end_);
}

void order_brought(const Facts& facts, Stream& stream) {
    std::sort(stream.brought.begin(), stream.brought.end(),
              [](const auto& a, const auto& b) { return a.begin < b.begin; });
    std::uint64_t end = 0;
    TimeNs ready_ns = 0;
    for (std::size_t i = 0; i < stream.brought.size() && stream.brought[i].begin <= end; ++i) {
        ready_ns = std::max(ready_ns, facts.record(stream.brought[i].packet).delivered_ns);
        stream.brought[i].ready_ns = ready_ns;
        end = brought_end(facts, stream, i);
    }
}

}  // namespace socketscope::story

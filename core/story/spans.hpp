// Finds, among spans of time ordered by their begin, those that are open at a moment: O(log n + what it finds).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/model/time.hpp"

namespace socketscope::story {

// Keeps only the latest end of each block of spans, and of each block of blocks; begin and end of the single spans stay
// where they are, with the owner. `end_of(i)` is the first moment at which span i is over; model::kNever means never.
class Spans {
public:
    template <typename EndOf>
    void build(std::size_t count, EndOf end_of) {
        levels_.clear();
        std::vector<model::TimeNs> latest;
        for (std::size_t begin = 0; begin < count; begin += kFan) {
            model::TimeNs end = kLowest;
            for (std::size_t i = begin; i < std::min(begin + kFan, count); ++i)
                end = std::max(end, closed(end_of(i)));
            latest.push_back(end);
        }
        levels_.push_back(std::move(latest));
        while (levels_.back().size() > kFan) levels_.push_back(summary(levels_.back()));
    }

    // Calls visit(i) in order for each of the first `begun` spans that is not over at t.
    template <typename EndOf, typename Visit>
    void visit_open(std::size_t begun, model::TimeNs t, EndOf end_of, Visit visit) const {
        if (begun == 0 || levels_.empty()) return;
        descend(levels_.size() - 1, 0, levels_.back().size(), begun, t, end_of, visit);
    }

private:
    static constexpr std::size_t kFan = 32;
    static constexpr model::TimeNs kLowest = INT64_MIN;
    static model::TimeNs closed(model::TimeNs end) { return end == model::kNever ? INT64_MAX : end; }

    static std::vector<model::TimeNs> summary(const std::vector<model::TimeNs>& below) {
        std::vector<model::TimeNs> level((below.size() + kFan - 1) / kFan, kLowest);
        for (std::size_t i = 0; i < below.size(); ++i) level[i / kFan] = std::max(level[i / kFan], below[i]);
        return level;
    }

    template <typename EndOf, typename Visit>
    void descend(std::size_t level, std::size_t first, std::size_t last, std::size_t begun, model::TimeNs t,
                 EndOf& end_of, Visit& visit) const {
        std::size_t width = kFan;  // spans below one block of this level
        for (std::size_t i = 0; i < level; ++i) width *= kFan;
        for (std::size_t block = first; block < last && block * width < begun; ++block) {
            if (levels_[level][block] <= t) continue;
            if (level > 0) {
                const std::size_t end = std::min((block + 1) * kFan, levels_[level - 1].size());
                descend(level - 1, block * kFan, end, begun, t, end_of, visit);
                continue;
            }
            for (std::size_t i = block * kFan; i < std::min((block + 1) * kFan, begun); ++i)
                if (closed(end_of(i)) > t) visit(i);
        }
    }

    std::vector<std::vector<model::TimeNs>> levels_;
};

}  // namespace socketscope::story

#include "app/player/clock.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace socketscope::player {

namespace {

constexpr double kShortestGap = 0.10;  // s: two events that are not the same can be told apart
constexpr double kLongestGap = 1.6;    // s: an idle second must not bore
constexpr double kGrowth = 0.55;       // s more for each tenfold of time above the unit below
constexpr double kUnitNs = 500'000;    // gaps well below half a millisecond all last about the shortest
// Closer events are one step (calls take microseconds, packets milliseconds).
constexpr TimeNs kSameMoment = 2'000;
constexpr double kRest = 0.8;  // s behind the last event, so that the end can be seen

double interpolate(double x, double x0, double x1, double y0, double y1) {
    return x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y0;
}

}  // namespace

double StoryClock::gap_seconds(TimeNs gap) {
    if (gap <= kSameMoment) return kShortestGap * static_cast<double>(std::max<TimeNs>(gap, 1)) / kSameMoment;
    return std::min(kLongestGap, kShortestGap + kGrowth * std::log10(1 + static_cast<double>(gap) / kUnitNs));
}

StoryClock::StoryClock(std::vector<TimeNs> event_times, TimeNs end) : times_(std::move(event_times)) {
    times_.push_back(0);
    std::sort(times_.begin(), times_.end());
    times_.erase(times_.begin(), std::lower_bound(times_.begin(), times_.end(), 0));  // before the start
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    times_.push_back(std::max(end, times_.back() + 1));
    times_.shrink_to_fit();
    marks_.reserve(times_.size() / kEvery + 1);
    for (std::size_t i = 0; i < times_.size(); ++i) {
        if (i > 0) length_ += gap_before(i);
        if (i % kEvery == 0) marks_.push_back({times_[i], length_});
    }
}

double StoryClock::gap_before(std::size_t i) const {
    const double gap = gap_seconds(times_[i] - times_[i - 1]);
    return i + 1 == times_.size() ? std::max(kRest, gap) : gap;
}

double StoryClock::to_story(TimeNs t) const {
    if (times_.empty() || t <= 0) return 0;
    if (t >= times_.back()) return length_;
    const auto mark = std::upper_bound(marks_.begin(), marks_.end(), t,
                                       [](TimeNs time, const Mark& m) { return time < m.at; }) -
                      marks_.begin() - 1;
    double story = marks_[static_cast<std::size_t>(mark)].story;
    std::size_t after = static_cast<std::size_t>(mark) * kEvery + 1;
    for (; times_[after] <= t; ++after) story += gap_before(after);
    return interpolate(static_cast<double>(t - times_[after - 1]), 0,
                       static_cast<double>(times_[after] - times_[after - 1]), story,
                       story + gap_before(after));
}

TimeNs StoryClock::to_true(double story) const {
    if (times_.empty() || story <= 0) return 0;
    if (story >= length_) return times_.back();
    const auto mark = std::upper_bound(marks_.begin(), marks_.end(), story,
                                       [](double at, const Mark& m) { return at < m.story; }) -
                      marks_.begin() - 1;
    std::size_t at = static_cast<std::size_t>(mark) * kEvery;
    double begin = marks_[static_cast<std::size_t>(mark)].story, gap = gap_before(at + 1);
    while (begin + gap <= story && at + 2 < times_.size()) {
        begin += gap;
        ++at;
        gap = gap_before(at + 1);
    }
    const double part =
        interpolate(story, begin, begin + gap, 0, static_cast<double>(times_[at + 1] - times_[at]));
    return std::min(times_[at] + static_cast<TimeNs>(std::llround(part)), times_[at + 1]);
}

}  // namespace socketscope::player

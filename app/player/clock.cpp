#include "app/player/clock.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::player {

namespace {

constexpr double kShortestGap = 0.10;  // s: two events that are not the same can be told apart
constexpr double kLongestGap = 1.6;    // s: an idle second must not bore
constexpr double kGrowth = 0.55;       // s more for each tenfold of time above the unit below
constexpr double kUnitNs = 500'000;    // gaps well below half a millisecond all last about the shortest
constexpr TimeNs kSameMoment =
    2'000;  // ns: closer events are one step (calls take microseconds, packets milliseconds)
constexpr double kRest = 0.8;  // s behind the last event, so that the end can be seen

double interpolate(double x, double x0, double x1, double y0, double y1) {
    return x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y0;
}

}  // namespace

double StoryClock::gap_seconds(TimeNs gap) {
    if (gap <= kSameMoment) return kShortestGap * static_cast<double>(std::max<TimeNs>(gap, 1)) / kSameMoment;
    return std::min(kLongestGap, kShortestGap + kGrowth * std::log10(1 + static_cast<double>(gap) / kUnitNs));
}

StoryClock::StoryClock(std::vector<TimeNs> event_times, TimeNs end) {
    std::sort(event_times.begin(), event_times.end());
    event_times.erase(std::unique(event_times.begin(), event_times.end()), event_times.end());
    nodes_.reserve(event_times.size() + 2);
    nodes_.push_back({0, 0});
    for (const TimeNs t : event_times) {
        if (t <= nodes_.back().t) continue;  // before the start, or the start itself
        nodes_.push_back({t, nodes_.back().story + gap_seconds(t - nodes_.back().t)});
    }
    const TimeNs last = std::max(end, nodes_.back().t + 1);
    nodes_.push_back({last, nodes_.back().story + std::max(kRest, gap_seconds(last - nodes_.back().t))});
}

double StoryClock::to_story(TimeNs t) const {
    if (nodes_.empty() || t <= 0) return 0;
    if (t >= nodes_.back().t) return nodes_.back().story;
    const auto after = std::upper_bound(nodes_.begin(), nodes_.end(), t,
                                        [](TimeNs x, const Node& node) { return x < node.t; });
    const auto before = after - 1;
    return interpolate(static_cast<double>(t - before->t), 0, static_cast<double>(after->t - before->t),
                       before->story, after->story);
}

TimeNs StoryClock::to_true(double story) const {
    if (nodes_.empty() || story <= 0) return 0;
    if (story >= nodes_.back().story) return nodes_.back().t;
    const auto after = std::upper_bound(nodes_.begin(), nodes_.end(), story,
                                        [](double x, const Node& node) { return x < node.story; });
    const auto before = after - 1;
    const double part =
        interpolate(story, before->story, after->story, 0, static_cast<double>(after->t - before->t));
    return before->t + static_cast<TimeNs>(std::llround(part));
}

}  // namespace socketscope::player

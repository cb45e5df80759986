#include "app/panels/time_axis.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::panels {

TimeNs roundest(TimeNs low, TimeNs high) {
    if (low <= 0) return 0;
    for (TimeNs power = 1'000'000'000'000'000; power >= 1; power /= 10)
        for (const TimeNs factor : {5, 2, 1}) {
            const TimeNs unit = power * factor;
            const TimeNs candidate = (high / unit) * unit;
            if (candidate >= low) return candidate;
        }
    return low;
}

TimeAxis::TimeAxis(const player::State& state, float left, float right)
    : clock_(state.clock_kind == player::ClockKind::story ? &state.clock : nullptr),
      left_(left),
      right_(std::max(right, left + 1)) {
    const bool zoomed = state.view_to > state.view_from;
    from_ = zoomed ? state.view_from : 0;
    to_ = zoomed ? state.view_to : std::max<TimeNs>(state.end, 1);
    begin_ = place(from_);
    length_ = std::max(place(to_) - begin_, 1e-12);
}

double TimeAxis::place(TimeNs t) const {
    return clock_ ? clock_->to_story(t) : static_cast<double>(t);
}

TimeNs TimeAxis::time_of(double place) const {
    return clock_ ? clock_->to_true(place) : static_cast<TimeNs>(std::llround(place));
}

float TimeAxis::x(TimeNs t) const {
    return left_ + static_cast<float>((place(t) - begin_) / length_) * (right_ - left_);
}

TimeNs TimeAxis::t(float x) const {
    return time_of(begin_ + length_ * static_cast<double>(x - left_) / static_cast<double>(right_ - left_));
}

std::vector<Tick> TimeAxis::ticks(float spacing) const {
    std::vector<Tick> found;
    const float slack = spacing * 0.35F;
    for (float at = left_ + slack; at <= right_ + 0.5F; at += spacing) {
        const TimeNs low = std::max(from_, t(std::max(left_, at - slack)));
        const TimeNs high = std::min(to_, t(std::min(right_, at + slack)));
        if (high < low) continue;
        const TimeNs time = roundest(low, high);
        // Two labels side by side need more than half a step.
        if (!found.empty() && (time <= found.back().at || x(time) - found.back().x < spacing * 0.6F))
            continue;
        found.push_back({x(time), time, {}});
    }
    // As many decimals as the finest tick needs, the same for all: a column of numbers that can be compared.
    int decimals = 0;
    for (const auto& tick : found)
        for (TimeNs unit = model::kMillisecond; decimals < 6 && tick.at % unit != 0 && unit > 1; unit /= 10)
            decimals = std::max(
                decimals, static_cast<int>(std::lround(std::log10(static_cast<double>(model::kMillisecond) /
                                                                  static_cast<double>(unit)))) +
                              1);
    decimals = std::min(decimals, 3);
    for (auto& tick : found) tick.label = model::format_ms(tick.at, decimals);
    return found;
}

}  // namespace socketscope::panels

// The clock of a picture: how long ago something was, in the time in which it is played, and how far it has faded.
#pragma once

#include <algorithm>
#include <functional>

#include "core/model/time.hpp"

namespace socketscope::stage {

class Clock {
public:
    // `start`, `now`, `length` in ns of the lane's clock. `still`: what has appeared is there at once. Without a
    // story clock true time counts, and a fade takes a small part of the lane's length, so that it can be seen at
    // the speed at which such a lane is played.
    Clock(const std::function<double(model::TimeNs)>& story_time, model::TimeNs start, model::TimeNs now,
          model::TimeNs length, bool still)
        : story_time_(story_time), start_(start), now_(now), still_(still) {
        if (!story_time_) fade_ = std::clamp(static_cast<double>(length) / 250.0, 5e4, 5e7) * 1e-9;
        s_now_ = at(now);
    }

    model::TimeNs now() const { return now_; }
    double at(model::TimeNs t) const {
        return story_time_ ? story_time_(t - start_) : static_cast<double>(t - start_) * 1e-9;
    }
    double fade() const { return fade_; }
    // Seconds of playing since `t`; negative before it.
    double since(model::TimeNs t) const { return s_now_ - at(t); }
    // 0 at `t` and before, 1 a fade later, smooth.
    float after(model::TimeNs t) const { return smooth(since(t) / fade_); }
    // Opacity of what appeared at `t`: it can be read at once, and comes to its full strength within a fade.
    float appearing(model::TimeNs t) const {
        if (t > now_) return 0;
        return still_ ? 1 : 0.6f + 0.4f * after(t);
    }
    // Opacity of what went away at `t`.
    float leaving(model::TimeNs t) const { return 1.0f - after(t); }
    // Part of the way from `from` to `to`, not clamped.
    float between(model::TimeNs from, model::TimeNs to) const {
        const double begin = at(from), end = at(to);
        return end > begin ? static_cast<float>((s_now_ - begin) / (end - begin))
                           : (now_ >= to ? 1.0f : 0.0f);
    }

    static float smooth(double x) {
        const double c = std::clamp(x, 0.0, 1.0);
        return static_cast<float>(c * c * (3 - 2 * c));
    }

private:
    const std::function<double(model::TimeNs)>& story_time_;
    model::TimeNs start_, now_;
    bool still_;
    double s_now_{0};
    double fade_{0.22};
};

}  // namespace socketscope::stage

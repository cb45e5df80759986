// Jitter: a varying time on top of the delay. The order is kept: nobody arrives before those who left earlier.
#include <algorithm>

#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Jitter : public Impairment {
public:
    Jitter(model::TimeNs most, std::uint64_t seed) : most_ns_(most), dice_(seed) {}

    void act(const Passing&, Fate& fate) override {
        const model::TimeNs extra = dice_.up_to(most_ns_);
        if (fate.dropped != model::Cause::none) return;
        last_due_ns_ = std::max(last_due_ns_, fate.due_ns + extra);
        fate.due_ns = last_due_ns_;
    }

private:
    model::TimeNs most_ns_;
    model::TimeNs last_due_ns_{0};
    Dice dice_;
};

}  // namespace

Made make_jitter(const model::LinkSpec& link, model::Host, std::uint64_t seed) {
    if (link.jitter_ns <= 0) return nullptr;
    return std::make_unique<Jitter>(link.jitter_ns, seed);
}

}  // namespace socketscope::wire

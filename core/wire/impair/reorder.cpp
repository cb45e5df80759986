// Reordering: a packet is held back for a while, so that those behind it overtake it.
#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Reorder : public Impairment {
public:
    Reorder(double probability, model::TimeNs hold, std::uint64_t seed)
        : probability_(probability), hold_ns_(hold), dice_(seed) {}

    void act(const Passing&, Fate& fate) override {
        if (dice_.chance(probability_)) fate.hold_ns += hold_ns_;
    }

private:
    double probability_;
    model::TimeNs hold_ns_;
    Dice dice_;
};

}  // namespace

Made make_reorder(const model::LinkSpec& link, model::Host, std::uint64_t seed) {
    if (link.reorder <= 0) return nullptr;
    return std::make_unique<Reorder>(link.reorder, link.reorder_hold_ns, seed);
}

}  // namespace socketscope::wire

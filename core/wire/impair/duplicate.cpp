// Duplication: a packet is delivered twice, the copy directly behind it.
#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Duplicate : public Impairment {
public:
    Duplicate(double probability, std::uint64_t seed) : probability_(probability), dice_(seed) {}

    void act(const Passing&, Fate& fate) override {
        if (dice_.chance(probability_)) ++fate.copies;
    }

private:
    double probability_;
    Dice dice_;
};

}  // namespace

Made make_duplicate(const model::LinkSpec& link, model::Host, std::uint64_t seed) {
    if (link.duplicate <= 0) return nullptr;
    return std::make_unique<Duplicate>(link.duplicate, seed);
}

}  // namespace socketscope::wire

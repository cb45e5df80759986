// Loss: each packet is lost with the same probability, independently of the others.
#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Loss : public Impairment {
public:
    Loss(double probability, std::uint64_t seed) : probability_(probability), dice_(seed) {}

    void act(const Passing&, Fate& fate) override {
        const bool lost = dice_.chance(probability_);
        if (lost && fate.dropped == model::Cause::none) fate.dropped = model::Cause::chance;
    }

private:
    double probability_;
    Dice dice_;
};

}  // namespace

Made make_loss(const model::LinkSpec& link, model::Host, std::uint64_t seed) {
    if (link.loss <= 0) return nullptr;
    return std::make_unique<Loss>(link.loss, seed);
}

}  // namespace socketscope::wire

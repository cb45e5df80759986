// Corruption: one bit of the payload is flipped, so that the receiver's checksum does not fit.
#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Corrupt : public Impairment {
public:
    Corrupt(double probability, std::uint64_t seed) : probability_(probability), dice_(seed) {}

    void act(const Passing& passing, Fate& fate) override {
        const bool hit = dice_.chance(probability_);
        const std::uint32_t bit = choose_bit(passing, dice_);
        if (hit) fate.flipped_bit = bit;
    }

private:
    double probability_;
    Dice dice_;
};

}  // namespace

std::uint32_t choose_bit(const Passing& passing, Dice& dice) {
    std::uint64_t begin = 0, size = passing.size;
    if (passing.headers) {
        begin = passing.headers->payload_offset;
        size = passing.headers->payload_size;
    }
    if (size == 0 || begin + size > passing.size) {
        begin = passing.size == 0 ? 0 : passing.size - 1;
        size = 1;
    }
    return static_cast<std::uint32_t>(begin * 8 + dice.below(size * 8));
}

Made make_corrupt(const model::LinkSpec& link, model::Host, std::uint64_t seed) {
    if (link.corrupt <= 0) return nullptr;
    return std::make_unique<Corrupt>(link.corrupt, seed);
}

}  // namespace socketscope::wire

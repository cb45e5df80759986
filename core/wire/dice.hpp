// Seeded chances: the same seed gives the same throws on every machine (std::mt19937_64 is fixed by the standard).
#pragma once

#include <cstdint>
#include <random>

#include "core/model/time.hpp"

namespace socketscope::wire {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : generator_(seed) {}

    // Each takes exactly one number from the generator, whatever the arguments: the nth packet's fate hangs on n alone.
    bool chance(double probability) { return fraction() < probability; }
    std::uint64_t below(std::uint64_t bound) { return generator_() % bound; }
    model::TimeNs up_to(model::TimeNs limit) {
        return static_cast<model::TimeNs>(fraction() * static_cast<double>(limit));
    }

private:
    // In [0, 1). The standard's distributions may differ between libraries, so they are not used.
    double fraction() { return static_cast<double>(generator_() >> 11) * 0x1p-53; }

    std::mt19937_64 generator_;
};

}  // namespace socketscope::wire

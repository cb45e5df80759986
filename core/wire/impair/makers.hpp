// Makes each impairment; one file of this folder for each line. nullptr if the link does not ask for it.
#pragma once

#include <memory>

#include "core/wire/dice.hpp"
#include "core/wire/impairment.hpp"

namespace socketscope::wire {

using Made = std::unique_ptr<Impairment>;
Made make_rules(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_loss(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_duplicate(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_corrupt(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_rate(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_delay(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_jitter(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
Made make_reorder(const model::LinkSpec& link, model::Host from, std::uint64_t seed);

// One bit of the payload behind the transport header (a packet without payload: of its last byte, which is still
// covered by the transport's checksum). A single flipped bit always shows in a checksum of RFC 1071.
std::uint32_t choose_bit(const Passing& passing, Dice& dice);

}  // namespace socketscope::wire

#include "core/wire/impairment.hpp"

#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

// Exact rules first. The rate limit stands before the delay: what it drops or queues never reached the long cable.
constexpr ImpairmentRow kImpairments[] = {
    {"rules", make_rules}, {"loss", make_loss},   {"duplicate", make_duplicate}, {"corrupt", make_corrupt},
    {"rate", make_rate},   {"delay", make_delay}, {"jitter", make_jitter},       {"reorder", make_reorder},
};

// A generator of its own for each impairment and direction: turning the loss up does not change who is reordered.
std::uint64_t seed_of(std::string_view name, model::Host from, std::uint64_t seed) {
    std::uint64_t mixed = 0xcbf29ce484222325 ^ seed;  // FNV-1a
    for (const char letter : name) mixed = (mixed ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
    return (mixed ^ static_cast<std::uint64_t>(from)) * 0x100000001b3;
}

}  // namespace

bool belongs_to(const Passing& passing, model::PacketClass what) {
    if (passing.headers) return packet::belongs_to(*passing.headers, what);
    return what == model::PacketClass::any || what == model::PacketClass::data;
}

std::span<const ImpairmentRow> impairments() {
    return kImpairments;
}

Direction::Direction(const model::LinkSpec& link, model::Host from, std::uint64_t seed) {
    for (const ImpairmentRow& row : kImpairments) {
        if (auto made = row.make(link, from, seed_of(row.name, from, seed)))
            chain_.push_back(std::move(made));
    }
}

Fate Direction::decide(const Passing& passing) {
    Fate fate;
    fate.due_ns = passing.now_ns;
    for (const auto& impairment : chain_) impairment->act(passing, fate);
    return fate;
}

}  // namespace socketscope::wire

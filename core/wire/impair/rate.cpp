// Rate limit with a bounded queue in front: packets leave one behind the other; what finds the queue full is dropped.
#include <deque>

#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Rate : public Impairment {
public:
    Rate(std::uint64_t bits_per_second, std::uint32_t queue_packets)
        : bits_per_second_(bits_per_second), queue_packets_(queue_packets) {}

    void act(const Passing& passing, Fate& fate) override {
        if (fate.dropped != model::Cause::none) return;
        while (!waiting_until_.empty() && waiting_until_.front() <= passing.now_ns)
            waiting_until_.pop_front();
        const bool line_is_free = free_at_ns_ <= passing.now_ns;
        if (!line_is_free && waiting_until_.size() >= queue_packets_) {
            fate.dropped = model::Cause::queue_full;
            return;
        }
        const model::TimeNs begins = line_is_free ? passing.now_ns : free_at_ns_;
        if (!line_is_free) waiting_until_.push_back(begins);
        free_at_ns_ = begins + time_on_the_line(passing.size);
        fate.due_ns += free_at_ns_ - passing.now_ns;
    }

private:
    // Rounded up: never faster than the limit. 64 KB × 8 × 10⁹ fits into 64 bits.
    model::TimeNs time_on_the_line(std::size_t size) const {
        const std::uint64_t scaled = std::uint64_t{size} * 8 * static_cast<std::uint64_t>(model::kSecond);
        return static_cast<model::TimeNs>((scaled + bits_per_second_ - 1) / bits_per_second_);
    }

    std::uint64_t bits_per_second_;
    std::size_t queue_packets_;
    model::TimeNs free_at_ns_{0};              // when the last accepted packet has left
    std::deque<model::TimeNs> waiting_until_;  // when each queued packet's turn comes
};

}  // namespace

Made make_rate(const model::LinkSpec& link, model::Host, std::uint64_t) {
    if (link.rate_bps == 0) return nullptr;
    return std::make_unique<Rate>(link.rate_bps, link.queue_packets);
}

}  // namespace socketscope::wire

// Delay: the time that every packet is on its way.
#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

class Delay : public Impairment {
public:
    explicit Delay(model::TimeNs delay) : delay_ns_(delay) {}
    void act(const Passing&, Fate& fate) override { fate.due_ns += delay_ns_; }

private:
    model::TimeNs delay_ns_;
};

}  // namespace

Made make_delay(const model::LinkSpec& link, model::Host, std::uint64_t) {
    if (link.delay_ns <= 0) return nullptr;
    return std::make_unique<Delay>(link.delay_ns);
}

}  // namespace socketscope::wire

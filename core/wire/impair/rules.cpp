// Exact rules: "drop data 2 from client". Each counts the packets of its class that it sees, from 1.
#include <algorithm>

#include "core/wire/impair/makers.hpp"

namespace socketscope::wire {
namespace {

// A swap whose next packet never comes is given up after this, unless the rule says when (hold_ns).
constexpr model::TimeNs kSwapPatience = 100 * model::kMillisecond;

class Rules : public Impairment {
public:
    Rules(const model::LinkSpec& link, model::Host from, std::uint64_t seed) : dice_(seed) {
        for (std::uint32_t number = 1; const model::LinkRule& rule : link.rules) {
            if (rule.from == from) rules_.push_back({rule, number, 0});
            ++number;
        }
    }

    void act(const Passing& passing, Fate& fate) override {
        for (Counted& counted : rules_) {
            const model::LinkRule& rule = counted.rule;
            if (!belongs_to(passing, rule.what)) continue;
            ++counted.seen;
            if (rule.nth != 0 && rule.nth != counted.seen) continue;
            if (fate.rule == 0) fate.rule = counted.number;
            apply(rule, passing, fate);
        }
    }

private:
    struct Counted {
        model::LinkRule rule;
        std::uint32_t number;
        std::uint32_t seen;
    };

    void apply(const model::LinkRule& rule, const Passing& passing, Fate& fate) {
        switch (rule.action) {
            case model::RuleAction::drop:
                fate.dropped = model::Cause::rule;
                break;
            case model::RuleAction::hold:
                fate.hold_ns += rule.hold_ns;
                break;
            case model::RuleAction::duplicate:
                ++fate.copies;
                break;
            case model::RuleAction::corrupt:
                fate.flipped_bit = choose_bit(passing, dice_);
                break;
            case model::RuleAction::swap:
                fate.swap_with = rule.what;
                fate.swap_patience_ns = rule.hold_ns > 0 ? rule.hold_ns : kSwapPatience;
                break;
        }
    }

    Dice dice_;
    std::vector<Counted> rules_;
};

}  // namespace

Made make_rules(const model::LinkSpec& link, model::Host from, std::uint64_t seed) {
    const auto ours = [from](const model::LinkRule& rule) { return rule.from == from; };
    if (std::none_of(link.rules.begin(), link.rules.end(), ours)) return nullptr;
    return std::make_unique<Rules>(link, from, seed);
}

}  // namespace socketscope::wire

#include "core/script/program.hpp"

#include <algorithm>

#include "core/model/constants.hpp"
#include "core/model/errno_text.hpp"
#include "core/script/selector.hpp"
#include "core/script/token.hpp"

namespace socketscope::script {

std::string Text::bytes() const {
    std::string result;
    write_to(result);
    return result;
}

void Text::write_to(std::string& out) const {
    if (pattern.size() == 1) {
        out.assign(size, pattern[0]);
        return;
    }
    out.assign(pattern, 0, size);
    if (pattern.empty()) return;
    out.reserve(size);
    // What is there already, again and again: between two calls of a loop this must be quick.
    while (out.size() < size) out.append(out, 0, std::min(out.size(), size - out.size()));
}

bool ParseResult::ok() const {
    return std::all_of(diagnostics.begin(), diagnostics.end(),
                       [](const auto& diagnostic) { return diagnostic.warning; });
}

const Expr* argument(const CallStatement& statement, Param parameter) {
    for (const auto& candidate : statement.args)
        if (candidate.parameter == parameter) return &candidate.value;
    return nullptr;
}

const Expectation* expectation_for(const CallStatement& statement, const std::string& kind_name) {
    const Expectation* best = nullptr;
    int best_rank = 0;
    for (const auto& expectation : statement.expectations) {
        const int rank = selector_rank(expectation.selector, kind_name);
        if (rank <= best_rank) continue;
        best_rank = rank;
        best = &expectation;
    }
    return best;
}

namespace {

bool holds(const Expected& expected, const Outcome& outcome) {
    const bool returned = !outcome.interrupted;
    const bool succeeded = returned && outcome.error == 0;
    switch (expected.form) {
        case Expected::Form::number:
            return returned && outcome.answer == expected.number;
        case Expected::Form::range:
            return returned && outcome.answer >= expected.number && outcome.answer <= expected.number_to;
        case Expected::Form::text:
            return succeeded && outcome.data == expected.text;
        case Expected::Form::prefix:
            return succeeded && outcome.data.starts_with(expected.text);
        case Expected::Form::error:
            return returned && outcome.error == expected.error;
        case Expected::Form::events:
            return succeeded && outcome.events == expected.events;
        case Expected::Form::blocks:
            return outcome.interrupted;
        case Expected::Form::any:
            break;
    }
    return true;
}

std::string describe_events(std::int64_t events) {
    if (events == 0) return "0";
    std::string text;
    for (const auto& constant : model::constants()) {
        if (constant.family != model::Family::events || (events & constant.value) == 0) continue;
        text += (text.empty() ? "" : "|") + std::string(constant.name);
        events &= ~constant.value;
    }
    if (events != 0) text += (text.empty() ? "" : "|") + std::to_string(events);
    return text;
}

}  // namespace

bool holds(const Expectation& expectation, const Outcome& outcome) {
    return std::any_of(expectation.either.begin(), expectation.either.end(),
                       [&](const Expected& expected) { return holds(expected, outcome); });
}

model::TimeNs blocks_after(const Expectation* expectation) {
    if (!expectation) return model::kNever;
    for (const auto& expected : expectation->either)
        if (expected.form == Expected::Form::blocks) return expected.blocks_ns;
    return model::kNever;
}

std::string describe(const Expectation& expectation, const Outcome& outcome) {
    const auto expects = [&](auto... forms) {
        return std::any_of(expectation.either.begin(), expectation.either.end(),
                           [&](const Expected& expected) { return ((expected.form == forms) || ...); });
    };
    if (outcome.interrupted) return "blocks";
    if (outcome.error != 0) return "−1 " + model::errno_name(outcome.error);
    if (expects(Expected::Form::events) && !outcome.events.empty()) {
        std::string text;
        for (const auto events : outcome.events) text += (text.empty() ? "" : ", ") + describe_events(events);
        return outcome.events.size() == 1 ? text : "[" + text + "]";
    }
    if (expects(Expected::Form::text, Expected::Form::prefix))
        return "\"" + printable(outcome.data) + "\" (" + std::to_string(outcome.data.size()) + ")";
    return std::to_string(outcome.answer);
}

}  // namespace socketscope::script

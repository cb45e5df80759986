#include "core/run/expectations.hpp"

namespace socketscope::run {

Expectations::Expectations(const script::Program& program, std::string kind_name, std::uint8_t endpoint)
    : kind_name_(std::move(kind_name)), endpoint_(endpoint) {
    collect(program.statements);
}

void Expectations::collect(const std::vector<script::Statement>& statements) {
    for (const auto& statement : statements) {
        if (const auto* call = std::get_if<script::CallStatement>(&statement.what)) {
            if (const auto* expectation = script::expectation_for(*call, kind_name_))
                applies_[call] = expectation;
        } else if (const auto* until = std::get_if<script::UntilEof>(&statement.what)) {
            collect(until->body);
        } else if (const auto* repeat = std::get_if<script::Repeat>(&statement.what)) {
            collect(repeat->body);
        }
    }
}

const script::Expectation* Expectations::of(const script::CallStatement& statement) const {
    const auto found = applies_.find(&statement);
    return found == applies_.end() ? nullptr : found->second;
}

Expectations::Check Expectations::check(const script::Expectation& expectation,
                                        const script::Outcome& outcome) {
    const bool held = script::holds(expectation, outcome);
    const auto [entry, first] = results_.try_emplace(expectation.at.line);
    auto& result = entry->second;
    Check check{held, first || (result.held && !held), {}};
    if (!check.worth_a_note) return check;
    result = {endpoint_, expectation.at.line, held, expectation.written,
              script::describe(expectation, outcome)};
    check.text = "-> " + result.expected + ": " + result.seen;
    return check;
}

void Expectations::finish(bool ran_to_its_end) {
    if (ran_to_its_end) return;
    for (const auto& [statement, expectation] : applies_)
        results_.try_emplace(expectation->at.line,
                             trace::ExpectationResult{endpoint_, expectation->at.line, false,
                                                      expectation->written, "not reached"});
}

std::vector<trace::ExpectationResult> Expectations::take() {
    std::vector<trace::ExpectationResult> list;
    for (auto& [line, result] : results_) list.push_back(std::move(result));
    results_.clear();
    return list;
}

}  // namespace socketscope::run

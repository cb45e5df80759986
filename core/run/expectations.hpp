// Checks what a script expects of its calls, one result a line.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/script/program.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::run {

class Expectations {
public:
    Expectations(const script::Program& program, std::string kind_name, std::uint8_t endpoint);

    // The one of this statement that applies to the lane; nullptr if none does.
    const script::Expectation* of(const script::CallStatement& statement) const;

    struct Check {
        bool held{false};
        bool worth_a_note{false};  // the first of this line, or the first that failed
        std::string text;          // "-> 6: 6", "-> 6: −1 EPIPE"
    };
    // A line in a loop is checked each time; its result holds if all did, and shows the first that did not.
    Check check(const script::Expectation& expectation, const script::Outcome& outcome);

    // The program has ended; lines that it never reached are results that do not hold, unless it ran to its end
    // (they stand behind the call that left `until eof`).
    void finish(bool ran_to_its_end);
    std::vector<trace::ExpectationResult> take();

private:
    void collect(const std::vector<script::Statement>& statements);

    std::string kind_name_;
    std::uint8_t endpoint_;
    std::map<const script::CallStatement*, const script::Expectation*> applies_;
    std::map<std::uint32_t, trace::ExpectationResult> results_;  // by line
};

}  // namespace socketscope::run

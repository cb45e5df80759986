// What the script tests share: parse one line or text, and look into the result.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/script/program.hpp"
#include "core/script/signature.hpp"

namespace socketscope::script::test {

inline ParseResult read(std::string_view text) {
    return parse(text, {"server", "client"});
}

inline std::string first_mistake(const ParseResult& result) {
    return result.diagnostics.empty() ? "" : result.diagnostics[0].format("script");
}

// The program of a text that must be right.
inline Program good(std::string_view text) {
    auto result = read(text);
    INFO(std::string(text));
    CHECK_MESSAGE(result.diagnostics.empty(), first_mistake(result));
    return std::move(result.program);
}

// The call of the last line of a text that must be right; s, c, a are descriptors, peer an address, buf bytes.
inline CallStatement call(std::string_view line) {
    const std::string before =
        "s = socket()\nc = socket()\na = accept(s, &peer)\nb = dup(a)\nf = dup(a)\nn = recv(a, &buf, 10)\n";
    const Program program = good(before + std::string(line));
    REQUIRE(program.statements.size() == 7);
    const auto* statement = std::get_if<CallStatement>(&program.statements.back().what);
    REQUIRE(statement);
    return *statement;
}

template <class Value>
const Value& value(const CallStatement& statement, Param parameter) {
    const std::string name(to_string(parameter));
    const Expr* expression = argument(statement, parameter);
    REQUIRE_MESSAGE(expression, "no argument " << name);
    const auto* held = std::get_if<Value>(&expression->value);
    REQUIRE_MESSAGE(held, "argument " << name << " is something else");
    return *held;
}

inline std::int64_t number(const CallStatement& statement, Param parameter) {
    return value<Integer>(statement, parameter).value;
}

}  // namespace socketscope::script::test

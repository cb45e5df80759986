// Reads one value of a script: numbers and their arithmetic, text, addresses, crafted packets, lists, variables.
#pragma once

#include <optional>

#include "core/script/scope.hpp"

namespace socketscope::script {

// Reports and returns nullopt if there is none. `depth` bounds the nesting.
std::optional<Expr> parse_expression(Cursor& cursor, Scope& scope, int depth = 0);
// `arithmetic` only: numbers, constants, times, text; what stands at the right of `->` and behind `repeat`.
std::optional<Expr> parse_arithmetic(Cursor& cursor, Scope& scope, int depth = 0);

// "a number", "text", "an address": what an expression is, for messages.
std::string_view in_words(const Expr& expression);

inline constexpr int kDeepestNesting = 16;

}  // namespace socketscope::script

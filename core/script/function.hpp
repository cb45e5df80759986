// The functions that make values: bytes(), hex(), unix(), abstract(), inet(), inet6(), autobind(), crafted packets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/script/scope.hpp"

namespace socketscope::script {

// The cursor stands on the name, `(` follows. Reports and returns nullopt if it can't be read.
std::optional<Expr> parse_function(Cursor& cursor, Scope& scope, int depth);
std::vector<std::string> function_names();

}  // namespace socketscope::script

// Reads the arguments of a call and gives each the name of its parameter.
#pragma once

#include "core/script/scope.hpp"
#include "core/script/signature.hpp"

namespace socketscope::script {

// Behind `(`, up to and with `)`: fills in statement.args, sets output variables.
// Returns false if something was reported.
bool parse_arguments(Cursor& cursor, Scope& scope, const Signature& signature, CallStatement& statement);

}  // namespace socketscope::script

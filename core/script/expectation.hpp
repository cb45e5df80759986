// Reads what stands behind `->`: what the call must have done.
#pragma once

#include "core/script/scope.hpp"

namespace socketscope::script {

// The cursor stands behind `->`; reads to the end of the line. Returns false if something was reported.
bool parse_expectations(Cursor& cursor, Scope& scope, CallStatement& statement);

}  // namespace socketscope::script

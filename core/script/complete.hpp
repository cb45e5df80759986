// What depends on several arguments of a call at once; short forms are written out.
#pragma once

#include "core/script/scope.hpp"
#include "core/script/signature.hpp"

namespace socketscope::script {

// poll(a, POLLIN, 1s) gets a list and milliseconds, nonblocking(fd) becomes an ioctl, times fit only options that
// take one. Returns false if something was reported.
bool complete_arguments(Scope& scope, const Signature& signature, CallStatement& statement, Position at);

}  // namespace socketscope::script

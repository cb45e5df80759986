// The calls that `socketscope run --json` tells, as plain text lines that can be compared with what strace saw.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace socketscope::test {

// An entry of `calls` (docs/json.md) in the common form of strace.hpp; send and recv are sendto and recvfrom with NULL
// for the kernel.
std::string recorded_form(const nlohmann::json& call);

}  // namespace socketscope::test

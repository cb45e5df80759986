// What must hold for every story, whatever the trace: checked after hand-made, random and real runs.
#pragma once

#include <string>

#include "core/story/story.hpp"

namespace socketscope::tests {

struct Strictness {
    bool bytes{true};  // received bytes equal the sent bytes they are said to be (not for random traces)
};
// "" if all hold, else a sentence about the first that does not.
std::string broken_invariant(const story::Story& story, Strictness strictness = {});

// The states that a socket went through, in order: "CLOSED SYN_SENT ESTABLISHED".
std::string states(const story::Story& story, std::uint32_t socket);

}  // namespace socketscope::tests

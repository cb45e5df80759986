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

// What a receive call was given, as "#1[0+3] ?[20]": bytes 0..2 of the first message, and 20 that no send call wrote.
std::string given(const story::Story& story, std::size_t receive);

}  // namespace socketscope::tests

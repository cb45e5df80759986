// What the story says of each TCP end, and of its queues, against what ss(8) said: checks, for doctest.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/story/story.hpp"
#include "tests/truth/ss.hpp"

namespace socketscope::tests {

using SsSamples = std::vector<SsSample>[2];  // client, server

// The states that ss has named in either host.
std::set<std::string> compare_with_ss(const story::Story& story, const SsSamples& at);

}  // namespace socketscope::tests

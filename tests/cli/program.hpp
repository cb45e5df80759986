// The program `socketscope` of this build, in a test.
#pragma once

#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace socketscope::test {

inline Finished program(std::vector<std::string> words, ProcessOptions options = {}) {
    words.insert(words.begin(), built_program("socketscope"));
    return run_program(words, options);
}

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace socketscope::test

// The story of one lane as a ladder in plain text: two lifelines, calls beside them, packets between them.
#pragma once

#include <cstddef>
#include <string>

#include "core/story/story.hpp"

namespace socketscope::cli {

struct LadderOptions {
    std::size_t width{100};      // columns; at least 72
    bool unicode{true};          // false: ASCII only
    std::size_t most_rows{600};  // of the ladder, and of each list below it; what is left out is said
};
// Ends with a line feed. No colour codes. UTF-8 if `unicode`.
std::string ladder(const story::Story& story, const LadderOptions& options);

}  // namespace socketscope::cli

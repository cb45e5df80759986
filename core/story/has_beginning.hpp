// Whether bytes that were received go on with bytes that were sent, wherever in them these begin.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace socketscope::story {

// Whether `given` contains all of `sent`, or ends with a beginning of it (at least one element). Each step of the
// search moves on in one of the two (Knuth, Morris, Pratt): at most three comparisons for each element, also where
// all are equal.
template <typename Text>
bool has_beginning(const Text& given, const Text& sent) {
    const std::size_t size = std::min(given.size(), sent.size());
    if (size == 0) return false;
    // How much of the beginning of `sent` goes on matching when the element behind [0, i) does not.
    std::vector<std::size_t> shorter(size + 1, 0);
    const auto extend = [&](std::size_t matched, const auto& next) {
        while (matched > 0 && !(sent[matched] == next)) matched = shorter[matched];
        return sent[matched] == next ? matched + 1 : 0;
    };
    for (std::size_t i = 1; i < size; ++i) shorter[i + 1] = extend(shorter[i], sent[i]);
    std::size_t matched = 0;
    for (const auto& next : given) {
        matched = extend(matched, next);
        if (matched == size) return true;  // all of `sent`, or all of `given`
    }
    return matched > 0;
}

}  // namespace socketscope::story

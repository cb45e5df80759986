// Words that people mistype: the nearest known one, and how to say so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socketscope::script {

// Like model::nearest, but a word that differs only in upper and lower case, or in the order of two letters, is nearest
// of all. "" if none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);
// "did you mean `recv`?", or "" if no known word is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);
std::string lower(std::string_view text);  // ASCII only: every word of the language is
// "a, b, c", at most `limit` of them, then "…".
std::string join(const std::vector<std::string>& words, std::size_t limit = 12);

}  // namespace socketscope::script

#include "core/script/words.hpp"

#include "core/model/problem.hpp"

namespace socketscope::script {

namespace {

// Two letters in each other's place, the commonest typing mistake: "dorp", "dealy".
bool swapped_letters(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

}  // namespace

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
    constexpr std::size_t kLongestWord = 64;  // longer words are no typing mistakes
    if (word.empty() || word.size() > kLongestWord) return {};
    const std::string wanted = lower(word);
    for (const auto& candidate : known)
        if (lower(candidate) == wanted || swapped_letters(candidate, word)) return candidate;
    return model::nearest(std::string(word), known);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::string near = nearest_word(word, known);
    return near.empty() ? std::string() : "did you mean `" + near + "`?";
}

std::string join(const std::vector<std::string>& words, std::size_t limit) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i == limit) return text + ", …";
        if (i > 0) text += ", ";
        text += words[i];
    }
    return text;
}

}  // namespace socketscope::script

#include "core/model/problem.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace socketscope::model {

std::string Problem::sentence() const {
    std::string text = what;
    if (!where.empty()) text += " (" + where + ")";
    if (!why.empty()) text += ": " + why;
    if (help.empty()) return text;
    text += text.ends_with('.') ? " " : ". ";
    const auto first = static_cast<unsigned char>(help.front());
    text += static_cast<char>(std::toupper(first));
    return text.append(help, 1);
}

std::string Diagnostic::format(const std::string& file) const {
    std::string text = file + ":";
    if (line > 0) text += std::to_string(line) + ":";
    if (line > 0 && column > 0) text += std::to_string(column) + ":";
    text += warning ? " warning: " : " error: ";
    text += message;
    if (!suggestion.empty()) text += " (" + suggestion + ")";
    return text;
}

namespace {

// Levenshtein distance with one row of memory.
std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
    constexpr std::size_t kLongestWord = 64;  // longer words are no typing mistakes
    if (word.empty() || word.size() > kLongestWord) return {};
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace socketscope::model

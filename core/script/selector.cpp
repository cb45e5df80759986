#include "core/script/selector.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "core/model/kind.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

// Calls `visit` for each word until it returns false.
void for_each_word(std::string_view selector, const std::function<bool(std::string_view)>& visit) {
    constexpr std::string_view kSeparators = " |\t";
    std::size_t begin = 0;
    while ((begin = selector.find_first_not_of(kSeparators, begin)) != std::string_view::npos) {
        const std::size_t end = std::min(selector.find_first_of(kSeparators, begin), selector.size());
        if (!visit(selector.substr(begin, end - begin))) return;
        begin = end;
    }
}

std::string_view domain_of(std::string_view cell) {
    return cell.substr(0, cell.find('/'));
}
std::string_view type_of(std::string_view cell) {
    const auto slash = cell.find('/');
    return slash == std::string_view::npos ? std::string_view() : cell.substr(slash + 1);
}

int word_rank(std::string_view word, std::string_view kind_name) {
    const std::string_view cell = kind_name.substr(0, kind_name.find(':'));
    if (word == "any") return 1;
    if (word == domain_of(cell)) return 2;
    if (word == type_of(cell)) return 3;
    if (word == cell) return 4;
    if (word.find(':') == std::string_view::npos) return 0;
    const auto kind = model::parse_kind(word);
    return kind && model::to_string(*kind) == kind_name ? 5 : 0;
}

bool is_known(std::string_view word) {
    if (word == "any" || model::parse_kind(word)) return true;
    return std::any_of(model::kinds().begin(), model::kinds().end(), [&](const model::KindRow& row) {
        return word == domain_of(row.name) || word == type_of(row.name);
    });
}

std::vector<std::string> known_words() {
    std::vector<std::string> words{"any"};
    for (const auto& row : model::kinds()) {
        words.emplace_back(row.name);
        words.emplace_back(domain_of(row.name));
        words.emplace_back(type_of(row.name));
    }
    return words;
}

}  // namespace

int selector_rank(std::string_view selector, std::string_view kind_name) {
    if (selector.find_first_not_of(" |\t") == std::string_view::npos) return 1;
    int best = 0;
    for_each_word(selector, [&](std::string_view word) {
        best = std::max(best, word_rank(word, kind_name));
        return true;
    });
    return best;
}

std::optional<UnknownKind> check_selector(std::string_view selector) {
    std::optional<UnknownKind> unknown;
    for_each_word(selector, [&](std::string_view word) {
        if (is_known(word)) return true;
        unknown = UnknownKind{std::string(word), did_you_mean(word, known_words())};
        return false;
    });
    return unknown;
}

}  // namespace socketscope::script

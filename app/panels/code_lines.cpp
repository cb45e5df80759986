#include "app/panels/code_lines.hpp"

#include <algorithm>

namespace socketscope::panels {

namespace {

constexpr std::size_t kFewest = 12;  // columns: narrower panels are cut off instead

bool starts_letter(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}
std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_letter));
}

// Words with the blanks before them; a string with its blanks is one word, as is a comment's sign with what follows it.
struct Word {
    std::size_t offset, size;
    std::size_t blanks;    // before it
    bool lined_up{false};  // an expectation or a comment behind a call
};

std::size_t end_of_word(std::string_view text, std::size_t from) {
    bool quoted = false;
    for (std::size_t i = from; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && text[i] == ' ') {
            return i;
        } else if (!quoted && text[i] == '(') {
            return i + 1;
        }
    }
    return text.size();
}

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t begin = std::min(text.find_first_not_of(' ', i), text.size());
        if (begin == text.size()) break;
        const std::size_t end = end_of_word(text, begin);
        const std::string_view word = text.substr(begin, end - begin);
        words.push_back(
            {begin, end - begin, begin - i, !words.empty() && (word == "->" || word.starts_with('#'))});
        i = end;
    }
    return words;
}

class Rows {
public:
    Rows(std::string_view text, std::size_t columns, std::size_t indent)
        : text_(text), columns_(columns), indent_(std::min(indent, columns / 2)) {}

    void put(const Word& word, std::size_t blanks, std::size_t together) {
        if (column_ + blanks + together > columns_ && column_ > start()) {
            next();
            blanks = 0;
        }
        column_ += blanks;
        for (std::size_t from = word.offset, end = word.offset + word.size; from < end;) {
            std::size_t to = from, count = 0;
            while (to < end && (!starts_letter(text_[to]) || column_ + count < columns_)) {
                if (starts_letter(text_[to])) ++count;
                ++to;
            }
            if (to > from) pieces_.push_back({from, to - from, row_, column_});
            column_ += count;
            from = to;
            if (from < end) next();
        }
    }
    std::vector<CodePiece> result() { return std::move(pieces_); }

private:
    std::size_t start() const { return row_ == 0 ? 0 : indent_; }
    void next() {
        ++row_;
        column_ = indent_;
    }

    std::string_view text_;
    std::size_t columns_, indent_, row_{0}, column_{0};
    std::vector<CodePiece> pieces_;
};

}  // namespace

std::vector<CodePiece> break_code(std::string_view text, std::size_t columns) {
    columns = std::max(columns, kFewest);
    if (letters(text) <= columns) return {{0, text.size(), 0, 0}};
    const std::vector<Word> words = words_of(text);
    if (words.empty()) return {{0, 0, 0, 0}};
    Rows rows(text, columns, words.front().blanks + 2);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::size_t blanks =
            words[i].lined_up ? std::min<std::size_t>(words[i].blanks, 2) : words[i].blanks;
        // An expectation keeps its sign, and goes as a whole into the next row if it fits there.
        std::size_t together = letters(text.substr(words[i].offset, words[i].size));
        if (words[i].lined_up) {
            const std::size_t rest = letters(text.substr(words[i].offset));
            together = rest <= columns - std::min(columns, words.front().blanks + 2) ? rest : together;
        }
        rows.put(words[i], blanks, together);
    }
    return rows.result();
}

std::size_t rows_of(const std::vector<CodePiece>& pieces) {
    return pieces.empty() ? 1 : pieces.back().row + 1;
}

}  // namespace socketscope::panels

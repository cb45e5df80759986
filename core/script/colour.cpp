// Colours of a line for the code panel. Works on any text, also on one that the parser refuses.
#include "core/model/constants.hpp"
#include "core/script/function.hpp"
#include "core/script/program.hpp"
#include "core/script/signature.hpp"
#include "core/script/token.hpp"

namespace socketscope::script {

namespace {

bool is_control(std::string_view word) {
    constexpr std::string_view kWords[] = {"until", "eof", "repeat", "wait", "sleep"};
    for (const auto known : kWords)
        if (word == known) return true;
    return false;
}

// Endpoints have any name; without the script's list these are what they are called.
bool is_address(std::string_view word) {
    constexpr std::string_view kFunctions[] = {"unix", "abstract", "autobind", "inet", "inet6"};
    for (const auto known : kFunctions)
        if (word == known) return true;
    return word.starts_with("server") || word.starts_with("client") || word == "any";
}

TokenKind kind_of_word(std::string_view word, bool before_parenthesis) {
    if (is_control(word)) return TokenKind::control;
    if (find_signature(word)) return TokenKind::call;
    if (is_address(word)) return TokenKind::address;
    if (model::find_constant_row(word) || word == "NULL") return TokenKind::constant;
    return before_parenthesis ? TokenKind::call : TokenKind::variable;
}

TokenKind kind_of(const Token& token, const Token& next) {
    switch (token.kind) {
        case Tok::word:
            return kind_of_word(token.text, next.text == "(");
        case Tok::number:
        case Tok::duration:
            return TokenKind::number;
        case Tok::string:
            return TokenKind::string;
        case Tok::comment:
            return TokenKind::comment;
        case Tok::punct:
        case Tok::bad:
        case Tok::end:
            break;
    }
    return TokenKind::plain;
}

}  // namespace

std::vector<ColouredToken> colour(std::string_view line) {
    const auto tokens = tokenize(line, Comments::keep);
    std::vector<ColouredToken> coloured;
    bool expectation = false;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const Token& token = tokens[i];
        expectation = expectation || (token.kind == Tok::punct && token.text == "->");
        const bool comment = token.kind == Tok::comment;
        coloured.push_back(
            {token.column - 1, static_cast<std::uint32_t>(token.text.size()),
             expectation && !comment ? TokenKind::expectation : kind_of(token, tokens[i + 1])});
    }
    return coloured;
}

}  // namespace socketscope::script

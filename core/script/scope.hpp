// What the parser knows while it reads a script: endpoints, variables set so far, mistakes found so far.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/problem.hpp"
#include "core/script/program.hpp"
#include "core/script/token.hpp"

namespace socketscope::script {

enum class VariableType : std::uint8_t { integer, bytes, address };  // integer: descriptors and numbers
std::string_view in_words(VariableType type);

class Scope {
public:
    explicit Scope(std::vector<std::string> endpoints) : endpoints_(std::move(endpoints)) {}

    bool is_endpoint(std::string_view name) const;  // a program: wait() may name it
    bool is_host(std::string_view name) const;      // has an address: an endpoint, or one of the two hosts
    const std::vector<std::string>& endpoints() const { return endpoints_; }

    // Says why that can't be a variable of that type; nothing is reported if it can: it has its slot then, and is set
    // from here on.
    bool set(Variable& variable, VariableType type, Position at);
    std::optional<VariableType> type_of(std::string_view name) const;
    // One that is set.
    Variable variable(std::string_view name) const;
    std::uint32_t variables() const { return static_cast<std::uint32_t>(variables_.size()); }
    // Variables, endpoints and constants: what may stand where a value is expected.
    std::vector<std::string> known_values() const;

    // Reports a mistake. Returns nullopt, so that a parse function can end with `return scope.error(…)`.
    std::nullopt_t error(Position at, std::string message, std::string suggestion = {});
    void warning(Position at, std::string message, std::string suggestion = {});
    bool too_many_errors() const { return errors_ >= kMostErrors; }
    std::vector<model::Diagnostic> take_diagnostics() { return std::move(diagnostics_); }

    static constexpr std::size_t kMostErrors = 50;

private:
    struct Known {
        VariableType type;
        std::uint32_t line;  // that set it first
        std::uint32_t slot;
    };
    std::vector<std::string> endpoints_;
    std::map<std::string, Known, std::less<>> variables_;
    std::vector<model::Diagnostic> diagnostics_;
    std::size_t errors_{0};
};

// The tokens of one line, read from left to right. The last token is Tok::end and stays.
class Cursor {
public:
    Cursor(std::string_view line, std::vector<Token> tokens, std::uint32_t number)
        : line_(line), tokens_(std::move(tokens)), number_(number) {}

    const Token& peek(std::size_t ahead = 0) const {
        return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1];
    }
    const Token& next() {
        const Token& token = peek();
        if (at_ + 1 < tokens_.size()) ++at_;
        return token;
    }
    bool at(std::string_view punctuation, std::size_t ahead = 0) const {
        return peek(ahead).kind == Tok::punct && peek(ahead).text == punctuation;
    }
    bool at_word(std::string_view word) const { return peek().kind == Tok::word && peek().text == word; }
    bool at_end() const { return peek().kind == Tok::end; }
    bool skip(std::string_view punctuation) { return at(punctuation) && (next(), true); }

    Position position() const { return {number_, peek().column}; }
    std::uint32_t line_number() const { return number_; }
    std::size_t index() const { return at_; }
    const Token& token(std::size_t index) const { return tokens_[index]; }
    // What stands in the line from token `begin` up to where the cursor is, without the spaces around it.
    std::string_view written_since(std::size_t begin) const;

    // "expected …, found …" at the next token, or what the lexer says of it.
    std::nullopt_t unexpected(Scope& scope, std::string_view expected, std::string suggestion = {}) const;

private:
    std::string_view line_;
    std::vector<Token> tokens_;
    std::uint32_t number_;
    std::size_t at_{0};
};

}  // namespace socketscope::script

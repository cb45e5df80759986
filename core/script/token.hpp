// Cuts one line of a script into tokens: words, numbers with units, strings, punctuation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socketscope::script {

enum class Tok : std::uint8_t {
    word,      // recv, MSG_PEEK, server
    number,    // 64, 0x45, 64KB: `value`
    duration,  // 10ms, 1.5s: `value` in ns
    string,    // "HELLO\n": `bytes`
    punct,     // one of ( ) [ ] { } , : = & | + - * / and the longer "->" ".." "..." "."
    comment,   // # to the end of the line
    bad,       // can't be read: `bytes` says what was expected
    end,       // behind the last token
};
struct Token {
    Tok kind{Tok::end};
    std::string_view text;    // as written; points into the line
    std::uint32_t column{1};  // from 1, in bytes
    std::int64_t value{0};
    std::string bytes{};
};

// The tokens of `line` (no line break in it), the last one is `end`. Comments only if asked for. Linear in its length.
enum class Comments : std::uint8_t { skip, keep };
std::vector<Token> tokenize(std::string_view line, Comments comments = Comments::skip);

// "`recv`", "the number 5", "the end of the line": for "expected …, found …".
std::string describe(const Token& token);
// `text` on one line of at most 40 characters, control characters as \x01.
std::string printable(std::string_view text);

}  // namespace socketscope::script

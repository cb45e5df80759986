#include "core/script/token.hpp"

#include <array>
#include <optional>

#include "core/model/time.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool in_word(char c) {
    return starts_word(c) || is_digit(c);
}
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

struct Unit {
    std::string_view name;
    std::int64_t factor;
    bool time;
};
constexpr std::array kUnits{
    Unit{"B", 1, false},
    Unit{"KB", 1024, false},
    Unit{"KiB", 1024, false},
    Unit{"MB", 1024 * 1024, false},
    Unit{"MiB", 1024 * 1024, false},
    Unit{"GB", 1024 * 1024 * 1024, false},
    Unit{"GiB", 1024 * 1024 * 1024, false},
    Unit{"ns", 1, true},
    Unit{"us", model::kMicrosecond, true},
    Unit{"µs", model::kMicrosecond, true},  // U+00B5
    Unit{"μs", model::kMicrosecond, true},  // U+03BC
    Unit{"ms", model::kMillisecond, true},
    Unit{"s", model::kSecond, true},
    Unit{"min", 60 * model::kSecond, true},
    Unit{"h", 3600 * model::kSecond, true},
};

const Unit* find_unit(std::string_view name) {
    for (const auto& unit : kUnits)
        if (unit.name == name) return &unit;
    return nullptr;
}

class Lexer {
public:
    explicit Lexer(std::string_view line) : line_(line) {}

    Token next() {
        while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r')) ++at_;
        begin_ = at_;
        if (at_ == line_.size()) return finish(Tok::end);
        const char c = line_[at_];
        if (c == '#') return at_ = line_.size(), finish(Tok::comment);
        if (starts_word(c)) return word();
        if (is_digit(c)) return number();
        if (c == '"') return string();
        return punctuation();
    }

private:
    Token finish(Tok kind) {
        Token token;
        token.kind = kind;
        token.text = line_.substr(begin_, at_ - begin_);
        token.column = static_cast<std::uint32_t>(begin_ + 1);
        return token;
    }
    Token bad(std::string why) {
        Token token = finish(Tok::bad);
        token.bytes = std::move(why);
        return token;
    }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < line_.size() ? line_[at_ + ahead] : '\0'; }

    Token word() {
        while (at_ < line_.size() && in_word(line_[at_])) ++at_;
        return finish(Tok::word);
    }

    // Digits of `base`, `_` between them allowed; nullopt if they exceed 63 bits.
    std::optional<std::int64_t> digits(int base) {
        std::int64_t value = 0;
        bool fits = true;
        for (; at_ < line_.size(); ++at_) {
            if (line_[at_] == '_') continue;
            const int digit = hex_value(line_[at_]);
            if (digit < 0 || digit >= base) break;
            fits = fits && !__builtin_mul_overflow(value, base, &value) &&
                   !__builtin_add_overflow(value, digit, &value);
        }
        return fits ? std::optional(value) : std::nullopt;
    }

    Token number() {
        const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
        if (hex) at_ += 2;
        const std::size_t first_digit = at_;
        auto whole = digits(hex ? 16 : 10);
        if (at_ == first_digit) return bad("expected hexadecimal digits behind `0x`");
        std::size_t fraction_begin = 0, fraction_end = 0;
        if (!hex && peek() == '.' && is_digit(peek(1))) {
            fraction_begin = ++at_;
            while (is_digit(peek())) ++at_;
            fraction_end = at_;
        }
        const std::size_t unit_begin = at_;
        while (at_ < line_.size() && (in_word(line_[at_]) || static_cast<unsigned char>(line_[at_]) >= 0x80))
            ++at_;
        const std::string_view unit_name = line_.substr(unit_begin, at_ - unit_begin);
        if (!whole)
            return bad("the number `" + printable(line_.substr(begin_, at_ - begin_)) + "` is too large");
        const bool fraction = fraction_end > fraction_begin;
        if (unit_name.empty() && !fraction) return numeric(Tok::number, *whole);
        return with_unit(*whole, line_.substr(fraction_begin, fraction_end - fraction_begin), unit_name);
    }

    Token with_unit(std::int64_t value, std::string_view fraction, std::string_view unit_name) {
        const Unit* unit = find_unit(unit_name);
        if (!unit) return unknown_unit(unit_name);
        if (!fraction.empty() && !unit->time) return bad("expected a whole number of bytes");
        if (__builtin_mul_overflow(value, unit->factor, &value))
            return bad("the number `" + printable(line_.substr(begin_, at_ - begin_)) + "` is too large");
        std::int64_t part = unit->factor;
        for (const char digit : fraction) {
            part /= 10;
            if (__builtin_add_overflow(value, part * (digit - '0'), &value))
                return bad("the number is too large");
        }
        return numeric(unit->time ? Tok::duration : Tok::number, value);
    }

    Token unknown_unit(std::string_view name) {
        if (name.empty() && peek() == '.' && is_digit(peek(1))) return address();
        if (name.empty()) return bad("expected a whole number, or a time such as 1.5s");
        std::vector<std::string> names;
        names.reserve(kUnits.size());
        for (const auto& unit : kUnits) names.emplace_back(unit.name);
        const std::string near = name.size() > 3 ? "" : nearest_word(name, names);
        std::string why =
            "unknown unit `" + printable(name) + "`: sizes are B, KB, MB; times are ns, us, ms, s, min";
        if (!near.empty()) why += "; did you mean `" + near + "`?";
        return bad(std::move(why));
    }

    // "192.0.2.2:80"
    Token address() {
        while (is_digit(peek()) || peek() == '.') ++at_;
        const std::string written(line_.substr(begin_, at_ - begin_));
        return bad("an address is written with its port: inet(\"" + printable(written) +
                   "\", 80); that of an endpoint by its name: server");
    }

    Token numeric(Tok kind, std::int64_t value) {
        Token token = finish(kind);
        token.value = value;
        return token;
    }

    Token string() {
        std::string bytes;
        for (++at_; at_ < line_.size(); ++at_) {
            const char c = line_[at_];
            if (c == '"') {
                ++at_;
                Token token = finish(Tok::string);
                token.bytes = std::move(bytes);
                return token;
            }
            if (c != '\\') {
                bytes += c;
                continue;
            }
            if (const auto error = escape(bytes)) return at_ = line_.size(), bad(*error);
        }
        return bad("the text has no closing `\"` on this line");
    }

    // at_ stands on the backslash; leaves it on the last character of the escape. Returns what is wrong, if anything.
    std::optional<std::string> escape(std::string& bytes) {
        const char c = peek(1);
        constexpr std::string_view kNames = "nrt0\\\"";
        constexpr std::string_view kValues{"\n\r\t\0\\\"", 6};
        if (const auto i = kNames.find(c); c != '\0' && i != std::string_view::npos) {
            bytes += kValues[i];
            ++at_;
            return std::nullopt;
        }
        if (c == 'x') {
            const int high = hex_value(peek(2)), low = hex_value(peek(3));
            if (high < 0 || low < 0) return "expected two hexadecimal digits behind `\\x`, as in \"\\x41\"";
            bytes += static_cast<char>(high * 16 + low);
            at_ += 3;
            return std::nullopt;
        }
        return "unknown escape `\\" + printable(line_.substr(at_ + 1, 1)) +
               "` in the text: \\n, \\r, \\t, \\0, \\\\, \\\" and \\x41 are known";
    }

    Token punctuation() {
        for (const std::string_view longer : {"->", "...", ".."}) {
            if (line_.substr(at_, longer.size()) != longer) continue;
            at_ += longer.size();
            return finish(Tok::punct);
        }
        for (const std::string_view of_c : {"//", "/*"})
            if (line_.substr(at_, of_c.size()) == of_c)
                return at_ = line_.size(),
                       bad("unexpected `" + std::string(of_c) + "`: a comment begins with `#`");
        const char c = line_[at_++];
        if (std::string_view("()[]{},:=&|+-*/.").find(c) != std::string_view::npos) return finish(Tok::punct);
        // A whole UTF-8 character, so that the message shows what the person sees.
        while (at_ < line_.size() && (static_cast<unsigned char>(line_[at_]) & 0xc0) == 0x80) ++at_;
        return bad(hint(line_.substr(begin_, at_ - begin_)));
    }

    static std::string hint(std::string_view character) {
        struct Hint {
            std::string_view character, help;
        };
        constexpr Hint kHints[] = {
            {";", "a line needs no `;` at its end"},
            {"'", "text stands between double quotes: \"HELLO\""},
            {"“", "text stands between straight quotes: \"HELLO\""},
            {"”", "text stands between straight quotes: \"HELLO\""},
            {"→", "write an expectation as `->`"},
            {"−", "write the minus sign as `-`"},
            {"–", "write the minus sign as `-`"},
            {">", "write an expectation as `->`"},
        };
        std::string text = "unexpected character `" + printable(character) + "`";
        for (const auto& known : kHints)
            if (known.character == character) return text + ": " + std::string(known.help);
        return text;
    }

    std::string_view line_;
    std::size_t at_{0}, begin_{0};
};

}  // namespace

std::vector<Token> tokenize(std::string_view line, Comments comments) {
    std::vector<Token> tokens;
    Lexer lexer(line);
    for (;;) {
        Token token = lexer.next();
        if (token.kind == Tok::comment && comments == Comments::skip) continue;
        tokens.push_back(std::move(token));
        if (tokens.back().kind == Tok::end) return tokens;
    }
}

std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 40;
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == kLongest) {
            // Not in the middle of a UTF-8 character.
            while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80)
                result.pop_back();
            if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0xc0) result.pop_back();
            return result + "…";
        }
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != 0x7f)
            result += text[i];
        else
            result += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
    return result;
}

std::string describe(const Token& token) {
    switch (token.kind) {
        case Tok::end:
            return "the end of the line";
        case Tok::number:
            return "the number " + printable(token.text);
        case Tok::duration:
            return "the time " + printable(token.text);
        case Tok::string:
            return "the text " + printable(token.text);
        case Tok::comment:
            return "a comment";
        case Tok::word:
        case Tok::punct:
        case Tok::bad:
            break;
    }
    return "`" + printable(token.text) + "`";
}

}  // namespace socketscope::script

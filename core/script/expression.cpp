#include "core/script/expression.hpp"

#include <array>

#include "core/model/constants.hpp"
#include "core/script/function.hpp"
#include "core/script/signature.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

std::optional<Expr> list(Cursor& cursor, Scope& scope, int depth);

std::optional<Expr> output(Cursor& cursor, Scope& scope) {
    const Position at = cursor.position();
    cursor.next();
    if (cursor.peek().kind != Tok::word) return cursor.unexpected(scope, "the name of a variable behind `&`");
    return Expr{Output{{std::string(cursor.next().text)}}, at};
}

// A port behind `:`, already skipped.
std::optional<int> port(Cursor& cursor, Scope& scope) {
    constexpr int kHighestPort = 65535;
    const Token& token = cursor.peek();
    if (token.kind != Tok::number || token.value > kHighestPort)
        return cursor.unexpected(scope, "a port (0 to 65535) behind `:`");
    return static_cast<int>(cursor.next().value);
}

std::optional<Expr> named_address(Cursor& cursor, Scope& scope, AddressExpr::Form form) {
    const Position at = cursor.position();
    AddressExpr address;
    address.form = form;
    if (form == AddressExpr::Form::endpoint) address.name = cursor.peek().text;
    cursor.next();
    if (cursor.skip(":")) {
        const auto number = port(cursor, scope);
        if (!number) return std::nullopt;
        address.port = *number;
    }
    return Expr{std::move(address), at};
}

std::optional<Expr> word(Cursor& cursor, Scope& scope, int depth) {
    const Token token = cursor.peek();
    const Position at = cursor.position();
    if (cursor.at("(", 1)) return parse_function(cursor, scope, depth);
    if (token.text == "NULL") return cursor.next(), Expr{Null{}, at};
    if (scope.is_host(token.text)) return named_address(cursor, scope, AddressExpr::Form::endpoint);
    if (token.text == "any") return named_address(cursor, scope, AddressExpr::Form::any);
    if (const model::Constant* constant = model::find_constant_row(token.text))
        return cursor.next(), Expr{Integer{constant->value}, at};
    if (scope.type_of(token.text)) return cursor.next(), Expr{scope.variable(token.text), at};
    if (find_signature(token.text))
        return scope.error(
            at, "`" + std::string(token.text) + "` is a call: a value is expected here",
            "set a variable with it on a line of its own: n = " + std::string(token.text) + "(…)");
    std::string help = did_you_mean(token.text, scope.known_values());
    const bool like_a_variable = token.text[0] >= 'a' && token.text[0] <= 'z';
    if (help.empty() && like_a_variable)
        help = "a variable that the call fills in is written &" + std::string(token.text);
    return scope.error(
        at, "unknown word `" + printable(token.text) + "`: no variable set above, no endpoint, no constant",
        std::move(help));
}

std::optional<Expr> primary(Cursor& cursor, Scope& scope, int depth) {
    const Token& token = cursor.peek();
    const Position at = cursor.position();
    switch (token.kind) {
        case Tok::number:
            return cursor.next(), Expr{Integer{token.value}, at};
        case Tok::duration:
            return cursor.next(), Expr{Duration{token.value}, at};
        case Tok::string:
            return cursor.next(), Expr{Text{token.bytes, token.bytes.size()}, at};
        case Tok::word:
            return word(cursor, scope, depth);
        case Tok::punct:
        case Tok::comment:
        case Tok::bad:
        case Tok::end:
            break;
    }
    if (!cursor.at("(")) return cursor.unexpected(scope, "a value");
    if (depth >= kDeepestNesting) return scope.error(at, "too many `(` inside one another");
    cursor.next();
    auto inner = parse_arithmetic(cursor, scope, depth + 1);
    if (!inner) return std::nullopt;
    if (!cursor.skip(")")) return cursor.unexpected(scope, "`)`");
    return inner;
}

std::optional<Expr> negative(Cursor& cursor, Scope& scope, int depth) {
    const Position at = cursor.position();
    if (!cursor.skip("-")) return primary(cursor, scope, depth);
    auto value = primary(cursor, scope, depth);
    if (!value) return std::nullopt;
    auto* number = std::get_if<Integer>(&value->value);
    if (!number)
        return scope.error(at, "expected a number behind `-`, found " + std::string(in_words(*value)));
    number->value = -number->value;  // never the smallest one: literals are not negative
    value->at = at;
    return value;
}

std::optional<Expr> repeated_text(const Expr& text, const Expr& count, Scope& scope) {
    const auto& once = std::get<Text>(text.value);
    const std::int64_t times = std::get<Integer>(count.value).value;
    std::uint64_t size = 0;
    if (times < 0 || __builtin_mul_overflow(once.size, static_cast<std::uint64_t>(times), &size) ||
        size > kLongestText)
        return scope.error(count.at,
                           "expected a text of at most 128 MB, found a count of " + std::to_string(times));
    // The pattern of a part that is not a whole number of patterns can't be repeated as it is.
    const bool whole = once.pattern.empty() || once.size % once.pattern.size() == 0;
    return Expr{Text{whole ? once.pattern : once.bytes(), size}, text.at};
}

// One operator on two values, as far as it is defined for them.
std::optional<Expr> combine(const Expr& left, char op, Position op_at, const Expr& right, Scope& scope) {
    const bool left_text = std::holds_alternative<Text>(left.value);
    const auto* a = std::get_if<Integer>(&left.value);
    const auto* b = std::get_if<Integer>(&right.value);
    if (op == '*' && left_text && b) return repeated_text(left, right, scope);
    if (op == '*' && a && std::holds_alternative<Text>(right.value)) return repeated_text(right, left, scope);
    if (!a || !b) {
        const Expr& wrong = a ? right : left;
        return scope.error(wrong.at, "expected a number beside `" + std::string(1, op) + "`, found " +
                                         std::string(in_words(wrong)));
    }
    std::int64_t result = a->value | b->value;
    bool overflow = false;
    if (op == '+') overflow = __builtin_add_overflow(a->value, b->value, &result);
    if (op == '-') overflow = __builtin_sub_overflow(a->value, b->value, &result);
    if (op == '*') overflow = __builtin_mul_overflow(a->value, b->value, &result);
    if (overflow || result == INT64_MIN) return scope.error(op_at, "the result is too large for a number");
    return Expr{Integer{result}, left.at};
}

// `|` binds least, then + and −, then *: as in C.
constexpr std::array<std::string_view, 3> kLevels{"|", "+-", "*"};

std::optional<Expr> binary(Cursor& cursor, Scope& scope, int depth, std::size_t level) {
    if (level == kLevels.size()) return negative(cursor, scope, depth);
    auto left = binary(cursor, scope, depth, level + 1);
    while (left && cursor.peek().kind == Tok::punct && cursor.peek().text.size() == 1 &&
           kLevels[level].find(cursor.peek().text) != std::string_view::npos) {
        const Position op_at = cursor.position();
        const char op = cursor.next().text[0];
        const auto right = binary(cursor, scope, depth, level + 1);
        if (!right) return std::nullopt;
        left = combine(*left, op, op_at, *right, scope);
    }
    return left;
}

std::optional<PollItem> poll_item(Cursor& cursor, Scope& scope, int depth) {
    const Token name = cursor.next();
    const Position at{cursor.line_number(), name.column};
    cursor.next();  // the colon
    if (scope.type_of(name.text) != VariableType::integer)
        return scope.error(at, "expected a descriptor before `:`, found `" + printable(name.text) + "`",
                           did_you_mean(name.text, scope.known_values()));
    const auto events = parse_arithmetic(cursor, scope, depth + 1);
    if (!events) return std::nullopt;
    const auto* mask = std::get_if<Integer>(&events->value);
    if (!mask) return scope.error(events->at, "expected events such as POLLIN|POLLOUT behind `:`");
    return PollItem{scope.variable(name.text), mask->value};
}

// Behind `[` or `{`, already skipped.
std::optional<Expr> list(Cursor& cursor, Scope& scope, int depth) {
    const Position at = cursor.position();
    const std::string_view close = cursor.next().text == "[" ? "]" : "}";
    if (depth >= kDeepestNesting) return scope.error(at, "too many lists inside one another");
    const bool polls = cursor.peek().kind == Tok::word && cursor.at(":", 1) &&
                       !scope.is_host(cursor.peek().text) && cursor.peek().text != "any";
    ListExpr values;
    PollList poll;
    while (!cursor.at(close)) {
        if (polls) {
            if (cursor.peek().kind != Tok::word || !cursor.at(":", 1))
                return cursor.unexpected(scope, "a descriptor with its events, such as `a: POLLIN`");
            auto item = poll_item(cursor, scope, depth);
            if (!item) return std::nullopt;
            poll.items.push_back(std::move(*item));
        } else {
            auto item = parse_expression(cursor, scope, depth + 1);
            if (!item) return std::nullopt;
            values.items.push_back(std::move(*item));
        }
        if (!cursor.at(close) && !cursor.skip(","))
            return cursor.unexpected(scope, close == "]" ? "`,` or `]`" : "`,` or `}`");
    }
    cursor.next();
    if (polls) return Expr{std::move(poll), at};
    return Expr{std::move(values), at};
}

}  // namespace

std::optional<Expr> parse_expression(Cursor& cursor, Scope& scope, int depth) {
    if (cursor.at("&")) return output(cursor, scope);
    if (cursor.at("[") || cursor.at("{")) return list(cursor, scope, depth);
    return parse_arithmetic(cursor, scope, depth);
}

std::optional<Expr> parse_arithmetic(Cursor& cursor, Scope& scope, int depth) {
    return binary(cursor, scope, depth, 0);
}

std::string_view in_words(const Expr& expression) {
    constexpr std::array<std::string_view, std::variant_size_v<decltype(Expr::value)>> kWords{
        "NULL",           "a number",   "a time",           "text",   "a variable",
        "an output (&…)", "an address", "a crafted packet", "a list", "a list of descriptors and events"};
    return kWords[expression.value.index()];
}

}  // namespace socketscope::script

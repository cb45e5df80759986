#include "core/script/expectation.hpp"

#include <algorithm>
#include <string>

#include "core/model/constants.hpp"
#include "core/model/errno_text.hpp"
#include "core/model/kind.hpp"
#include "core/script/expression.hpp"
#include "core/script/selector.hpp"
#include "core/script/signature.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

constexpr std::string_view kWhatMayStand = "a number, text, an errno such as EPIPE, `blocks` or `any`";

bool gives_bytes(const CallStatement& statement) {
    using model::Call;
    return model::receives(statement.call) || statement.call == Call::getsockname ||
           statement.call == Call::getpeername || statement.call == Call::getsockopt;
}

// "stream:", "dgram|seqpacket:", "inet/dgram:": kinds up to a colon.
bool at_selector(const Cursor& cursor) {
    for (std::size_t i = 0;; ++i) {
        if (cursor.at(":", i)) return i > 0;
        const bool part = cursor.peek(i).kind == Tok::word || cursor.at("/", i) || cursor.at("|", i);
        if (!part) return false;
    }
}

bool parse_selector(Cursor& cursor, Scope& scope, std::string& selector) {
    const Position at = cursor.position();
    const std::size_t begin = cursor.index();
    while (!cursor.at(":")) cursor.next();
    selector = cursor.written_since(begin);
    cursor.next();
    const auto unknown = check_selector(selector);
    if (!unknown) return true;
    scope.error(at,
                "unknown kind `" + printable(unknown->word) + "`: expected a domain, a type or one of " +
                    model::kind_names(),
                unknown->suggestion);
    return false;
}

bool is_errno_like(std::string_view word) {
    return word.size() > 2 && word[0] == 'E' && word[1] >= 'A' && word[1] <= 'Z';
}

class Alternative {
public:
    Alternative(Cursor& cursor, Scope& scope, const CallStatement& statement)
        : cursor_(cursor), scope_(scope), statement_(statement) {}

    std::optional<Expected> parse() {
        if (cursor_.at_word("any")) return cursor_.next(), expected_;
        if (cursor_.at_word("blocks")) return blocks();
        if (cursor_.peek().kind == Tok::word && is_errno_like(cursor_.peek().text)) return error();
        if (cursor_.at("[")) return event_list();
        if (cursor_.at("{")) return struct_of_ints();
        if (cursor_.peek().kind == Tok::word && is_address(cursor_.peek().text))
            return cursor_.unexpected(scope_, kWhatMayStand,
                                      "an address is compared as text, for example \"192.0.2.2:7000\"");
        const bool value = cursor_.peek().kind == Tok::number || cursor_.peek().kind == Tok::string ||
                           cursor_.at("-") || cursor_.at("(") ||
                           model::find_constant_row(cursor_.peek().text) || cursor_.at("(", 1);
        if (!value)
            return cursor_.unexpected(scope_, kWhatMayStand,
                                      did_you_mean(cursor_.peek().text, {"any", "blocks"}));
        return number_or_text();
    }

private:
    std::optional<Expected> blocks() {
        cursor_.next();
        expected_.form = Expected::Form::blocks;
        if (cursor_.peek().kind == Tok::duration) expected_.blocks_ns = cursor_.next().value;
        return expected_;
    }

    std::optional<Expected> error() {
        const auto number = model::parse_errno(cursor_.peek().text);
        if (!number)
            return scope_.error(cursor_.position(), "unknown errno `" + printable(cursor_.peek().text) + "`",
                                did_you_mean(cursor_.peek().text, errno_names()));
        cursor_.next();
        expected_.form = Expected::Form::error;
        expected_.error = *number;
        return expected_;
    }

    static std::vector<std::string> errno_names() {
        constexpr int kHighestErrno = 133;
        std::vector<std::string> names;
        for (int number = 1; number <= kHighestErrno; ++number)
            if (const auto* row = model::find_errno(number)) names.emplace_back(row->name);
        return names;
    }

    bool is_address(std::string_view word) const {
        return scope_.is_host(word) || word == "unix" || word == "abstract" || word == "inet" ||
               word == "inet6";
    }

    // {1, 5}: the ints of a struct that getsockopt() answers with.
    std::optional<Expected> struct_of_ints() {
        const Position at = cursor_.position();
        if (statement_.call != model::Call::getsockopt)
            return scope_.error(at, "only getsockopt() answers with a struct of ints such as {1, 5}");
        const auto list = parse_expression(cursor_, scope_);
        if (!list) return std::nullopt;
        expected_.form = Expected::Form::text;
        for (const Expr& item : std::get<ListExpr>(list->value).items) {
            const auto* number = std::get_if<Integer>(&item.value);
            if (!number) return scope_.error(item.at, "expected a number, as in {1, 5}");
            const auto value = static_cast<std::int32_t>(number->value);
            expected_.text.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
        return expected_;
    }

    std::optional<Expected> event_list() {
        const Position at = cursor_.position();
        if (statement_.call != model::Call::poll)
            return scope_.error(at, "only poll() answers with a list of events");
        const auto list = parse_expression(cursor_, scope_);
        if (!list) return std::nullopt;
        const auto* items = std::get_if<ListExpr>(&list->value);
        if (!items) return scope_.error(at, "expected a list of events such as [POLLIN, 0]");
        expected_.form = Expected::Form::events;
        for (const Expr& item : items->items) {
            const auto* mask = std::get_if<Integer>(&item.value);
            if (!mask) return scope_.error(item.at, "expected events such as POLLIN or 0");
            expected_.events.push_back(mask->value);
        }
        return expected_;
    }

    std::optional<Expected> number_or_text() {
        const std::size_t begin = cursor_.index();
        const auto value = parse_arithmetic(cursor_, scope_);
        if (!value) return std::nullopt;
        if (const auto* text = std::get_if<Text>(&value->value)) return this->text(*text, value->at);
        const auto* number = std::get_if<Integer>(&value->value);
        if (!number)
            return scope_.error(value->at, "expected " + std::string(kWhatMayStand) + ", found " +
                                               std::string(in_words(*value)));
        if (statement_.call == model::Call::poll && mentions_events(begin)) {
            expected_.form = Expected::Form::events;
            expected_.events = {number->value};
            return expected_;
        }
        expected_.number = expected_.number_to = number->value;
        expected_.form = Expected::Form::number;
        return cursor_.at("..") ? range() : expected_;
    }

    bool mentions_events(std::size_t begin) const {
        for (std::size_t i = begin; i < cursor_.index(); ++i) {
            const model::Constant* constant = model::find_constant_row(cursor_.token(i).text);
            if (constant && constant->family == model::Family::events) return true;
        }
        return false;
    }

    std::optional<Expected> range() {
        cursor_.next();
        const auto end = parse_arithmetic(cursor_, scope_);
        if (!end) return std::nullopt;
        const auto* number = std::get_if<Integer>(&end->value);
        if (!number || number->value < expected_.number)
            return scope_.error(end->at, "expected the larger end of the range, as in 1..100");
        expected_.form = Expected::Form::range;
        expected_.number_to = number->value;
        return expected_;
    }

    std::optional<Expected> text(const Text& text, Position at) {
        constexpr std::uint64_t kLongestExpectedText = 1024 * 1024;
        if (!gives_bytes(statement_))
            return scope_.error(at, std::string(statement_.written_name) +
                                        "() gives no bytes: expected a number, an errno, `blocks` or `any`");
        if (text.size > kLongestExpectedText) return scope_.error(at, "expected a text of at most 1 MB");
        expected_.form = cursor_.skip("...") ? Expected::Form::prefix : Expected::Form::text;
        expected_.text = text.bytes();
        return expected_;
    }

    Cursor& cursor_;
    Scope& scope_;
    const CallStatement& statement_;
    Expected expected_;
};

}  // namespace

bool parse_expectations(Cursor& cursor, Scope& scope, CallStatement& statement) {
    for (;;) {
        Expectation expectation;
        expectation.at = cursor.position();
        if (at_selector(cursor) && !parse_selector(cursor, scope, expectation.selector)) return false;
        const std::size_t begin = cursor.index();
        for (;;) {
            auto expected = Alternative(cursor, scope, statement).parse();
            if (!expected) return false;
            expectation.either.push_back(std::move(*expected));
            if (!cursor.at_word("or")) break;
            cursor.next();
        }
        expectation.written = cursor.written_since(begin);
        statement.expectations.push_back(std::move(expectation));
        if (!cursor.skip(",")) return true;
    }
}

}  // namespace socketscope::script

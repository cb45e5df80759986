#include "core/lesson/moment_text.hpp"

#include <algorithm>
#include <array>

#include "core/lesson/packet_words.hpp"
#include "core/model/call.hpp"
#include "core/script/signature.hpp"
#include "core/script/token.hpp"
#include "core/script/words.hpp"

namespace socketscope::lesson {

namespace {

using model::Moment;
using script::Tok;
using script::Token;

struct FormRow {
    std::string_view word;
    Moment::Form form;
};
constexpr std::array kForms{
    FormRow{"start", Moment::Form::start}, FormRow{"end", Moment::Form::end},
    FormRow{"call", Moment::Form::call},   FormRow{"packet", Moment::Form::packet},
    FormRow{"lost", Moment::Form::lost},   FormRow{"retransmission", Moment::Form::retransmission},
};
struct StageRow {
    std::string_view word;
    Moment::Stage stage;
};
constexpr std::array kStages{
    StageRow{"sent", Moment::Stage::sent},
    StageRow{"lost", Moment::Stage::lost},
    StageRow{"delivered", Moment::Stage::delivered},
};

class Reader {
public:
    Reader(std::string_view text, const std::vector<std::string>& endpoints)
        : tokens_(script::tokenize(text)), endpoints_(endpoints) {
        moment_.written = std::string(text);
    }

    Parsed<Moment> read() {
        if (!form() || !details() || !offset()) return error_;
        if (peek().kind != Tok::end) return unexpected("the end of the moment, `+ 2ms` or `- 2ms`"), error_;
        return Parsed<Moment>::of(std::move(moment_));
    }

private:
    const Token& peek() const { return tokens_[at_]; }
    const Token& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool skip_word(std::string_view word) {
        return peek().kind == Tok::word && peek().text == word && (next(), true);
    }

    bool unexpected(std::string_view expected, std::string suggestion = {}) {
        error_ =
            Parsed<Moment>::error("expected " + std::string(expected) + ", found " + script::describe(peek()),
                                  std::move(suggestion), peek().column);
        return false;
    }
    // One word of a table.
    template <class Rows, class Value, class Member>
    bool choose(const Rows& rows, Member member, Value& value, std::string_view what) {
        std::vector<std::string> words;
        for (const auto& row : rows) {
            if (skip_word(row.word)) return value = row.*member, true;
            words.emplace_back(row.word);
        }
        return unexpected(std::string(what) + " (" + script::join(words) + ")",
                          script::did_you_mean(peek().text, words));
    }

    bool form() { return choose(kForms, &FormRow::form, moment_.form, "a moment"); }

    bool details() {
        switch (moment_.form) {
            case Moment::Form::start:
            case Moment::Form::end:
                return true;
            case Moment::Form::lost:
            case Moment::Form::retransmission:
                return count();
            case Moment::Form::call:
                return endpoint() && call() && count() && (skip_enter(), true);
            case Moment::Form::packet:
                break;
        }
        return host() && packet() && count() &&
               choose(kStages, &StageRow::stage, moment_.stage, "what happened to it");
    }

    // Without a number: the first.
    bool count() {
        constexpr std::int64_t kMost = 1'000'000'000;
        if (peek().kind != Tok::number) return true;
        if (peek().value < 1 || peek().value > kMost) return unexpected("which one, counted from 1");
        moment_.nth = static_cast<std::uint32_t>(next().value);
        return true;
    }

    bool endpoint() {
        const bool known = std::find(endpoints_.begin(), endpoints_.end(), peek().text) != endpoints_.end();
        if (!known)
            return unexpected("an endpoint (" + script::join(endpoints_) + ")",
                              script::did_you_mean(peek().text, endpoints_));
        moment_.endpoint = std::string(next().text);
        return true;
    }

    bool call() {
        const auto* signature = script::find_signature(peek().text);
        if (!signature) {
            std::vector<std::string> names;
            names.reserve(script::signatures().size());
            for (const auto& row : script::signatures()) names.emplace_back(row.name);
            return unexpected("the name of a call", script::did_you_mean(peek().text, names));
        }
        next();
        moment_.call = signature->call;
        return true;
    }

    void skip_enter() { moment_.at_enter = skip_word("enter"); }

    bool host() {
        const auto found = parse_host(peek().text);
        if (!found)
            return unexpected("`client` or `server`",
                              script::did_you_mean(peek().text, {"client", "server"}));
        next();
        moment_.from = *found;
        return true;
    }

    bool packet() {
        const auto found = parse_packet_class(peek().text);
        if (!found)
            return unexpected("a class of packets (" + script::join(packet_class_words()) + ")",
                              script::did_you_mean(peek().text, packet_class_words()));
        next();
        moment_.what = *found;
        return true;
    }

    bool offset() {
        const bool plus = peek().text == "+" && peek().kind == Tok::punct;
        const bool minus = peek().text == "-" && peek().kind == Tok::punct;
        if (!plus && !minus) return true;
        next();
        if (peek().kind != Tok::duration) return unexpected("a time such as 2ms");
        moment_.offset_ns = plus ? next().value : -next().value;
        return true;
    }

    std::vector<Token> tokens_;
    const std::vector<std::string>& endpoints_;
    std::size_t at_{0};
    Moment moment_;
    Parsed<Moment> error_;
};

}  // namespace

Parsed<Moment> parse_moment(std::string_view text, const std::vector<std::string>& endpoints) {
    return Reader(text, endpoints).read();
}

}  // namespace socketscope::lesson

#include "core/lesson/link_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/lesson/packet_words.hpp"
#include "core/script/token.hpp"
#include "core/script/words.hpp"

namespace socketscope::lesson {

namespace {

using script::Tok;
using script::Token;

// Reads all of `text` as a number without sign; nullopt if it is none.
std::optional<double> whole_number_text(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
        return std::nullopt;
    return value;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

struct ActionRow {
    std::string_view word;
    model::RuleAction action;
};
constexpr std::array kActions{
    ActionRow{"drop", model::RuleAction::drop},           ActionRow{"hold", model::RuleAction::hold},
    ActionRow{"duplicate", model::RuleAction::duplicate}, ActionRow{"corrupt", model::RuleAction::corrupt},
    ActionRow{"swap", model::RuleAction::swap},
};

class RuleReader {
public:
    explicit RuleReader(std::string_view text) : tokens_(script::tokenize(text)) {
        rule_.text = std::string(text);
    }

    Parsed<model::LinkRule> read() {
        if (!action() || !which() || !with_next() || !from() || !for_time()) return error_;
        if (peek().kind != Tok::end) return unexpected("the end of the rule"), error_;
        return Parsed<model::LinkRule>::of(std::move(rule_));
    }

private:
    const Token& peek() const { return tokens_[at_]; }
    const Token& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool at_word(std::string_view word) const { return peek().kind == Tok::word && peek().text == word; }
    bool skip_word(std::string_view word) { return at_word(word) && (next(), true); }

    bool unexpected(std::string_view expected, std::string suggestion = {}) {
        error_ = Parsed<model::LinkRule>::error(
            "expected " + std::string(expected) + ", found " + script::describe(peek()),
            std::move(suggestion), peek().column);
        return false;
    }

    bool action() {
        std::vector<std::string> words;
        for (const auto& row : kActions) {
            if (skip_word(row.word)) return rule_.action = row.action, true;
            words.emplace_back(row.word);
        }
        return unexpected("what to do (" + script::join(words) + ")",
                          script::did_you_mean(peek().text, words));
    }

    bool which() {
        const bool every = skip_word("every");
        const auto packet = parse_packet_class(peek().text);
        if (!packet)
            return unexpected("a class of packets (" + script::join(packet_class_words()) + ")",
                              script::did_you_mean(peek().text, packet_class_words()));
        next();
        rule_.what = *packet;
        rule_.nth = every ? 0 : 1;
        if (every || peek().kind != Tok::number) return true;
        constexpr std::int64_t kMost = 1'000'000'000;
        if (peek().value < 1 || peek().value > kMost) return unexpected("which packet, counted from 1");
        rule_.nth = static_cast<std::uint32_t>(next().value);
        return true;
    }

    bool with_next() {
        if (rule_.action != model::RuleAction::swap || !skip_word("with")) return true;
        return skip_word("next") || unexpected("`next`");
    }

    bool from() {
        if (!skip_word("from")) return unexpected("`from client` or `from server`");
        const auto host = parse_host(peek().text);
        if (!host)
            return unexpected("`client` or `server`",
                              script::did_you_mean(peek().text, {"client", "server"}));
        next();
        rule_.from = *host;
        return true;
    }

    bool for_time() {
        if (rule_.action != model::RuleAction::hold) return true;
        if (!skip_word("for")) return unexpected("`for` and a time, as in `for 30ms`");
        if (peek().kind != Tok::duration) return unexpected("a time such as 30ms");
        rule_.hold_ns = next().value;
        return true;
    }

    std::vector<Token> tokens_;
    std::size_t at_{0};
    model::LinkRule rule_;
    Parsed<model::LinkRule> error_;
};

template <class Value>
Parsed<bool> put(Parsed<Value> parsed, Value& target) {
    if (!parsed.value) return Parsed<bool>::error(parsed.message, parsed.suggestion, parsed.column);
    target = *parsed.value;
    return Parsed<bool>::of(true);
}

Parsed<bool> put_queue(model::LinkSpec& link, std::string_view text) {
    constexpr double kMost = 1'000'000;
    const auto packets = whole_number_text(trim(text));
    if (!packets || *packets < 1 || *packets > kMost || *packets != std::floor(*packets))
        return Parsed<bool>::error("expected a number of packets from 1 to 1,000,000");
    link.queue_packets = static_cast<std::uint32_t>(*packets);
    return Parsed<bool>::of(true);
}

using model::LinkSpec;
constexpr std::array kNumbers{
    LinkNumber{"delay", "time, one way",
               [](LinkSpec& link, std::string_view text) { return put(parse_time(text), link.delay_ns); }},
    LinkNumber{"jitter", "time",
               [](LinkSpec& link, std::string_view text) { return put(parse_time(text), link.jitter_ns); }},
    LinkNumber{"loss", "chance",
               [](LinkSpec& link, std::string_view text) { return put(parse_chance(text), link.loss); }},
    LinkNumber{"reorder", "chance",
               [](LinkSpec& link, std::string_view text) { return put(parse_chance(text), link.reorder); }},
    LinkNumber{
        "reorder_hold", "time",
        [](LinkSpec& link, std::string_view text) { return put(parse_time(text), link.reorder_hold_ns); }},
    LinkNumber{"duplicate", "chance",
               [](LinkSpec& link, std::string_view text) { return put(parse_chance(text), link.duplicate); }},
    LinkNumber{"corrupt", "chance",
               [](LinkSpec& link, std::string_view text) { return put(parse_chance(text), link.corrupt); }},
    LinkNumber{"rate", "bits per second",
               [](LinkSpec& link, std::string_view text) { return put(parse_rate(text), link.rate_bps); }},
    LinkNumber{"queue", "packets", put_queue},
};

}  // namespace

Parsed<model::TimeNs> parse_time(std::string_view text) {
    constexpr model::TimeNs kLongest = 24 * 3600 * model::kSecond;
    const auto tokens = script::tokenize(text);
    const bool time = tokens[0].kind == Tok::duration && tokens[1].kind == Tok::end;
    if (time && tokens[0].value <= kLongest) return Parsed<model::TimeNs>::of(tokens[0].value);
    return Parsed<model::TimeNs>::error("expected a time such as \"20ms\", found \"" +
                                        script::printable(text) + "\"");
}

Parsed<double> parse_chance(std::string_view text) {
    std::string_view digits = trim(text);
    const bool percent = digits.ends_with('%');
    if (percent) digits = trim(digits.substr(0, digits.size() - 1));
    auto value = whole_number_text(digits);
    if (value && percent) *value /= 100;
    if (value && *value <= 1) return Parsed<double>::of(*value);
    return Parsed<double>::error("expected a chance such as \"10%\" or 0.1, found \"" +
                                 script::printable(text) + "\"");
}

Parsed<std::uint64_t> parse_rate(std::string_view text) {
    struct Unit {
        std::string_view name;
        double bits;
    };
    constexpr Unit kUnits[] = {{"kbit/s", 1e3}, {"Mbit/s", 1e6}, {"Gbit/s", 1e9}, {"bit/s", 1}};
    constexpr double kFastest = 1e12;
    const std::string_view written = trim(text);
    for (const auto& unit : kUnits) {
        if (!written.ends_with(unit.name)) continue;
        const auto value = whole_number_text(trim(written.substr(0, written.size() - unit.name.size())));
        if (value && *value * unit.bits >= 1 && *value * unit.bits <= kFastest)
            return Parsed<std::uint64_t>::of(static_cast<std::uint64_t>(std::llround(*value * unit.bits)));
        break;
    }
    return Parsed<std::uint64_t>::error("expected a rate such as \"10Mbit/s\" or \"64kbit/s\", found \"" +
                                        script::printable(text) + "\"");
}

Parsed<model::LinkRule> parse_rule(std::string_view text) {
    return RuleReader(text).read();
}

const LinkNumber* find_link_number(std::string_view name) {
    const auto* found = std::find_if(kNumbers.begin(), kNumbers.end(),
                                     [&](const LinkNumber& row) { return row.name == name; });
    return found == kNumbers.end() ? nullptr : found;
}

std::vector<std::string> link_number_names() {
    std::vector<std::string> names;
    names.reserve(kNumbers.size());
    for (const auto& number : kNumbers) names.emplace_back(number.name);
    return names;
}

}  // namespace socketscope::lesson

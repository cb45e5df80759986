#include "core/script/arguments.hpp"

#include <algorithm>
#include <string>

#include "core/script/expression.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

// One argument as it was written.
struct Written {
    std::string_view name;  // of `name=value`; empty: by its place
    Position at;
    Expr value;
    std::string_view word;                     // its first token
    const model::Constant* constant{nullptr};  // the first one in it
};

template <class... Types>
bool is_one_of(const Expr& value) {
    return (std::holds_alternative<Types>(value.value) || ...);
}

bool is_variable(const Expr& value, VariableType type, const Scope& scope) {
    const auto* variable = std::get_if<Variable>(&value.value);
    return variable && scope.type_of(variable->name) == type;
}

bool is_number(const Expr& value, const Scope& scope) {
    return is_one_of<Integer>(value) || is_variable(value, VariableType::integer, scope);
}

template <class Item>
bool is_list_of(const Expr& value) {
    const auto* list = std::get_if<ListExpr>(&value.value);
    return list && !list->items.empty() &&
           std::all_of(list->items.begin(), list->items.end(),
                       [](const Expr& item) { return is_one_of<Item>(item); });
}

bool is_list_of_descriptors(const Expr& value, const Scope& scope) {
    const auto* list = std::get_if<ListExpr>(&value.value);
    return list && !list->items.empty() &&
           std::all_of(list->items.begin(), list->items.end(),
                       [&](const Expr& item) { return is_variable(item, VariableType::integer, scope); });
}

struct KindRow {
    ParameterKind kind;
    std::string_view words;  // for "expected …"
    bool (*accepts)(const Expr&, const Scope&);
};
constexpr KindRow kKinds[] = {
    {ParameterKind::descriptor, "a descriptor (a variable set by socket, accept, …)", is_number},
    {ParameterKind::number, "a number", is_number},
    {ParameterKind::data, "text such as \"HELLO\", bytes(100), or a packet",
     [](const Expr& value, const Scope& scope) {
         return is_one_of<Text, CraftExpr>(value) || is_variable(value, VariableType::bytes, scope);
     }},
    {ParameterKind::address, "an address such as server, unix(\"name\") or inet(\"192.0.2.2\", 9)",
     [](const Expr& value, const Scope& scope) {
         return is_one_of<AddressExpr, Null>(value) || is_variable(value, VariableType::address, scope);
     }},
    {ParameterKind::path, "a socket file such as server or unix(\"name\")",
     [](const Expr& value, const Scope&) {
         const auto* address = std::get_if<AddressExpr>(&value.value);
         return address &&
                (address->form == AddressExpr::Form::endpoint || address->form == AddressExpr::Form::path);
     }},
    {ParameterKind::timeout, "a time such as 1s, or milliseconds (-1: for ever)",
     [](const Expr& value, const Scope& scope) {
         return is_one_of<Duration>(value) || is_number(value, scope);
     }},
    {ParameterKind::option_value, "a number, a time such as 100ms, {1, 0}, text or an address",
     [](const Expr& value, const Scope& scope) {
         return is_one_of<Duration, Text, AddressExpr>(value) || is_number(value, scope) ||
                is_list_of<Integer>(value);
     }},
    {ParameterKind::poll_list, "a descriptor, or a list such as [a: POLLIN, b: POLLOUT]",
     [](const Expr& value, const Scope& scope) {
         return is_one_of<PollList>(value) || is_variable(value, VariableType::integer, scope) ||
                is_list_of_descriptors(value, scope);
     }},
    {ParameterKind::descriptors, "a list of descriptors such as [f]", is_list_of_descriptors},
    {ParameterKind::out_bytes, "a variable to fill in, such as &buf",
     [](const Expr& value, const Scope&) { return is_one_of<Output>(value); }},
    {ParameterKind::out_address, "a variable to fill in, such as &peer, or NULL",
     [](const Expr& value, const Scope&) { return is_one_of<Output, Null>(value); }},
    {ParameterKind::out_descriptors, "a list of variables to fill in, such as [&f]",
     [](const Expr& value, const Scope&) { return is_list_of<Output>(value); }},
};
const KindRow& row(ParameterKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}
constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kKinds); ++i)
        if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
    return std::size(kKinds) == static_cast<std::size_t>(ParameterKind::out_descriptors) + 1;
}
static_assert(in_order(), "a ParameterKind without its row, or rows out of the enum's order");

class Binder {
public:
    Binder(Scope& scope, const Signature& signature)
        : scope_(scope), signature_(signature), values_(signature.parameters.size()) {}

    bool bind(Written written) {
        if (!written.name.empty()) return bind_name(std::move(written));
        const auto& parameters = signature_.parameters;
        for (std::size_t i = place_; i < parameters.size(); ++i) {
            if (parameters[i].named_only || values_[i] || events_are_in_list(i)) continue;
            if (fits(i, written)) return put(i, std::move(written));
            if (!parameters[i].optional) return mismatch(i, written);
        }
        return does_not_belong(written);
    }

    // All that is required is there; in the order of the parameters. False if something was reported.
    bool finish(Position end, CallStatement& statement) {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const Parameter& parameter = signature_.parameters[i];
            if (values_[i]) {
                statement.args.push_back({parameter.id, std::move(*values_[i])});
            } else if (!parameter.optional) {
                scope_.error(end,
                             "expected " + std::string(row(parameter.kind).words) + " as `" +
                                 std::string(to_string(parameter.id)) + "`, found `)`",
                             prototype(signature_));
                return false;
            }
        }
        return true;
    }

private:
    // poll([a: POLLIN], 1000): the number is the timeout.
    bool events_are_in_list(std::size_t i) const {
        return signature_.parameters[i].family == model::Family::events && values_[0] &&
               is_one_of<PollList>(*values_[0]);
    }

    bool fits(std::size_t i, Written& written) {
        if (signature_.parameters[i].kind == ParameterKind::address && written.word == "AF_UNSPEC") {
            AddressExpr address;
            address.form = AddressExpr::Form::unspec;
            written.value.value = address;
        }
        return row(signature_.parameters[i].kind).accepts(written.value, scope_);
    }

    bool put(std::size_t i, Written written) {
        warn_of_family(signature_.parameters[i], written);
        place_ = i + 1;
        return set_outputs(signature_.parameters[i], written.value) &&
               (values_[i] = std::move(written.value), true);
    }

    bool set_outputs(const Parameter& parameter, Expr& value) {
        if (auto* list = std::get_if<ListExpr>(&value.value);
            list && parameter.kind == ParameterKind::out_descriptors) {
            return std::all_of(list->items.begin(), list->items.end(), [&](Expr& item) {
                return scope_.set(std::get<Output>(item.value).variable, VariableType::integer, item.at);
            });
        }
        auto* output = std::get_if<Output>(&value.value);
        if (!output) return true;
        const auto type =
            parameter.kind == ParameterKind::out_bytes ? VariableType::bytes : VariableType::address;
        return scope_.set(output->variable, type, value.at);
    }

    bool bind_name(Written written) {
        std::vector<std::string> names;
        const auto& parameters = signature_.parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            names.emplace_back(to_string(parameters[i].id));
            if (names.back() != written.name) continue;
            if (values_[i])
                return scope_.error(written.at, "`" + std::string(written.name) + "` is given twice"), false;
            const std::size_t place = place_;
            if (!fits(i, written)) return mismatch(i, written);
            const bool done = put(i, std::move(written));
            place_ = std::max(place, place_);
            return done;
        }
        scope_.error(written.at,
                     std::string(signature_.name) + "() has no parameter `" + printable(written.name) + "`",
                     nearest_word(written.name, names).empty() ? prototype(signature_)
                                                               : did_you_mean(written.name, names));
        return false;
    }

    bool mismatch(std::size_t i, const Written& written) {
        const Parameter& parameter = signature_.parameters[i];
        std::string found(in_words(written.value));
        if (const auto* variable = std::get_if<Variable>(&written.value.value))
            found = "`" + variable->name + "`, which holds " +
                    std::string(in_words(*scope_.type_of(variable->name)));
        scope_.error(written.value.at,
                     "expected " + std::string(row(parameter.kind).words) + " as `" +
                         std::string(to_string(parameter.id)) + "`, found " + found,
                     prototype(signature_));
        return false;
    }

    // It fits no parameter that is left.
    bool does_not_belong(const Written& written) {
        const bool sends = signature_.call == model::Call::send || signature_.call == model::Call::sendto;
        if (sends && is_one_of<Integer>(written.value) && place_ >= signature_.parameters.size())
            return scope_.error(written.value.at, "no length is needed: it is that of the text",
                                prototype(signature_)),
                   false;
        scope_.error(written.value.at,
                     "found " + std::string(in_words(written.value)) + ", which " +
                         std::string(signature_.name) + "() does not take here",
                     prototype(signature_));
        return false;
    }

    // A MSG_ constant where SHUT_ is expected compiles in C and does something else. Say so.
    void warn_of_family(const Parameter& parameter, const Written& written) {
        if (!written.constant || parameter.family == model::Family::value) return;
        const model::Family family = written.constant->family;
        const bool protocol_as_level =
            parameter.family == model::Family::level && family == model::Family::protocol;
        const bool option = parameter.family == model::Family::socket_option &&
                            family >= model::Family::socket_option && family <= model::Family::raw_option;
        if (family == parameter.family || family == model::Family::value || protocol_as_level || option)
            return;
        scope_.warning(written.at,
                       "`" + std::string(written.constant->name) + "` is not meant for the `" +
                           std::string(to_string(parameter.id)) + "` of " + std::string(signature_.name) +
                           "()",
                       prototype(signature_));
    }

    Scope& scope_;
    const Signature& signature_;
    std::vector<std::optional<Expr>> values_;
    std::size_t place_{0};
};

std::optional<Written> parse_written(Cursor& cursor, Scope& scope) {
    Written written;
    written.at = cursor.position();
    if (cursor.peek().kind == Tok::word && cursor.at("=", 1)) {
        written.name = cursor.next().text;
        cursor.next();
    }
    const std::size_t begin = cursor.index();
    written.word = cursor.peek().text;
    auto value = parse_expression(cursor, scope);
    if (!value) return std::nullopt;
    written.value = std::move(*value);
    for (std::size_t i = begin; i < cursor.index() && !written.constant; ++i)
        if (cursor.token(i).kind == Tok::word)
            written.constant = model::find_constant_row(cursor.token(i).text);
    return written;
}

}  // namespace

bool parse_arguments(Cursor& cursor, Scope& scope, const Signature& signature, CallStatement& statement) {
    Binder binder(scope, signature);
    bool first = true;
    while (!cursor.at(")")) {
        if (!first && !cursor.skip(",")) {
            cursor.unexpected(scope, "`,` or `)`", prototype(signature));
            return false;
        }
        first = false;
        auto written = parse_written(cursor, scope);
        if (!written || !binder.bind(std::move(*written))) return false;
    }
    const Position end = cursor.position();
    cursor.next();
    return binder.finish(end, statement);
}

}  // namespace socketscope::script

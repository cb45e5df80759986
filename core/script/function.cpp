#include "core/script/function.hpp"

#include <array>
#include <charconv>
#include <span>

#include "core/script/expression.hpp"
#include "core/script/ip_text.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

enum class Takes : std::uint8_t { size, number8, number16, text, data, address };
struct Slot {
    std::string_view name;
    Takes takes;
};
struct Call {
    Cursor& cursor;
    Scope& scope;
    Position at;
    std::vector<Expr> args;

    const std::string& text(std::size_t i) const { return std::get<Text>(args[i].value).pattern; }
    std::int64_t number(std::size_t i) const { return std::get<Integer>(args[i].value).value; }
};
using Made = std::optional<Expr>;

Made make_bytes(Call& call) {
    return Expr{Text{"abcdefghijklmnopqrstuvwxyz", static_cast<std::uint64_t>(call.number(0))}, call.at};
}

Made make_hex(Call& call) {
    std::string bytes;
    int high = -1;
    for (const char c : call.text(0)) {
        if (c == ' ') continue;
        int digit = -1;
        const auto [end, error] = std::from_chars(&c, &c + 1, digit, 16);
        if (error != std::errc{})
            return call.scope.error(call.args[0].at,
                                    "expected hexadecimal digits, found `" + printable({&c, 1}) + "`");
        if (high >= 0) bytes += static_cast<char>(high * 16 + digit);
        high = high >= 0 ? -1 : digit;
    }
    if (high >= 0) return call.scope.error(call.args[0].at, "expected two hexadecimal digits for each byte");
    const std::size_t size = bytes.size();
    return Expr{Text{std::move(bytes), size}, call.at};
}

// Names stay in the lane's private folder: scripts can neither make nor unlink files elsewhere.
Made make_local(Call& call, AddressExpr::Form form) {
    // sun_path holds 108 bytes, most of them for the folder (unix(7)).
    constexpr std::size_t kLongestName = 48;
    const std::string& name = call.text(0);
    if (name.empty() || name.size() > kLongestName)
        return call.scope.error(call.args[0].at, "expected a name of 1 to 48 bytes");
    if (name.find_first_of(std::string_view("/\0", 2)) != std::string::npos || name[0] == '.')
        return call.scope.error(
            call.args[0].at,
            "expected a plain name without `/`, without a zero byte, and without `.` at its "
            "start",
            form == AddressExpr::Form::path ? "the file is made in the lane's own folder"
                                            : "the run puts a name of its own in front");
    AddressExpr address;
    address.form = form;
    address.name = name;
    return Expr{std::move(address), call.at};
}
Made make_unix(Call& call) {
    return make_local(call, AddressExpr::Form::path);
}
Made make_abstract(Call& call) {
    return make_local(call, AddressExpr::Form::abstract);
}

Made make_autobind(Call& call) {
    AddressExpr address;
    address.form = AddressExpr::Form::autobind;
    return Expr{std::move(address), call.at};
}

Made make_ip(Call& call, bool ipv6) {
    const std::string& host = call.text(0);
    if (!(ipv6 ? is_ipv6(host) : is_ipv4(host)))
        return call.scope.error(
            call.args[0].at,
            std::string("expected an ") +
                (ipv6 ? "IPv6 address such as \"2001:db8::2\"" : "IPv4 address such as \"192.0.2.2\"") +
                ", found \"" + printable(host) + "\"",
            !ipv6 && is_ipv6(host)  ? "did you mean `inet6`?"
            : ipv6 && is_ipv4(host) ? "did you mean `inet`?"
                                    : "");
    AddressExpr address;
    address.form = AddressExpr::Form::ip;
    address.name = host;
    address.ipv6 = ipv6;
    address.port = static_cast<int>(call.number(1));
    return Expr{std::move(address), call.at};
}
Made make_inet(Call& call) {
    return make_ip(call, false);
}
Made make_inet6(Call& call) {
    return make_ip(call, true);
}

template <Craft craft>
Made make_packet(Call& call) {
    return Expr{CraftExpr{craft, std::move(call.args)}, call.at};
}

constexpr Slot kSize[] = {{"size", Takes::size}};
constexpr Slot kText[] = {{"text", Takes::text}};
constexpr Slot kIp[] = {{"address", Takes::text}, {"port", Takes::number16}};
constexpr Slot kEcho[] = {{"id", Takes::number16}, {"seq", Takes::number16}, {"data", Takes::data}};
constexpr Slot kUdp[] = {{"from", Takes::number16}, {"to", Takes::number16}, {"data", Takes::data}};
constexpr Slot kIp4[] = {
    {"from", Takes::address}, {"to", Takes::address}, {"protocol", Takes::number8}, {"data", Takes::data}};

struct Function {
    std::string_view name;
    std::span<const Slot> slots;
    Made (*make)(Call&);
};
constexpr std::array kFunctions{
    Function{"bytes", kSize, make_bytes},
    Function{"hex", kText, make_hex},
    Function{"unix", kText, make_unix},
    Function{"abstract", kText, make_abstract},
    Function{"autobind", {}, make_autobind},
    Function{"inet", kIp, make_inet},
    Function{"inet6", kIp, make_inet6},
    Function{"icmp_echo", kEcho, make_packet<Craft::icmp_echo>},
    Function{"icmp6_echo", kEcho, make_packet<Craft::icmp6_echo>},
    Function{"udp", kUdp, make_packet<Craft::udp>},
    Function{"ip4", kIp4, make_packet<Craft::ip4>},
};

std::string prototype(const Function& function) {
    std::string text = std::string(function.name) + "(";
    for (const auto& slot : function.slots) {
        if (&slot != &function.slots.front()) text += ", ";
        text += slot.name;
    }
    return text + ")";
}

bool in_range(const Expr& value, std::int64_t highest) {
    const auto* number = std::get_if<Integer>(&value.value);
    return number && number->value >= 0 && number->value <= highest;
}

// What is expected in words if `value` does not fit, "" if it does.
std::string_view mismatch(Takes takes, const Expr& value, const Scope& scope) {
    const auto* text = std::get_if<Text>(&value.value);
    const auto* variable = std::get_if<Variable>(&value.value);
    const auto type = variable ? scope.type_of(variable->name) : std::nullopt;
    switch (takes) {
        case Takes::size:
            return in_range(value, kLongestText) ? "" : "a size of at most 128 MB";
        case Takes::number8:
            return in_range(value, 0xff) ? "" : "a number from 0 to 255";
        case Takes::number16:
            return in_range(value, 0xffff) ? "" : "a number from 0 to 65535";
        case Takes::text:
            return text && text->pattern.size() == text->size ? "" : "text between `\"`";
        case Takes::data:
            return text || std::holds_alternative<CraftExpr>(value.value) || type == VariableType::bytes
                       ? ""
                       : "text, bytes or a packet";
        case Takes::address:
            break;
    }
    return std::holds_alternative<AddressExpr>(value.value) || type == VariableType::address ? ""
                                                                                             : "an address";
}

// Behind `(`, up to and with `)`.
bool parse_slots(Call& call, const Function& function, int depth) {
    for (std::size_t i = 0; i < function.slots.size(); ++i) {
        const Slot& slot = function.slots[i];
        if (i > 0 && !call.cursor.skip(","))
            return call.cursor.unexpected(call.scope, "`, " + std::string(slot.name) + "`",
                                          prototype(function)),
                   false;
        if (call.cursor.at_word(slot.name) && call.cursor.at("=", 1)) {
            call.cursor.next();
            call.cursor.next();
        }
        auto value = parse_expression(call.cursor, call.scope, depth + 1);
        if (!value) return false;
        if (const auto expected = mismatch(slot.takes, *value, call.scope); !expected.empty())
            return call.scope.error(value->at,
                                    "expected " + std::string(expected) + " as `" + std::string(slot.name) +
                                        "`, found " + std::string(in_words(*value)),
                                    prototype(function)),
                   false;
        call.args.push_back(std::move(*value));
    }
    if (call.cursor.skip(")")) return true;
    call.cursor.unexpected(call.scope, "`)`", prototype(function));
    return false;
}

}  // namespace

std::optional<Expr> parse_function(Cursor& cursor, Scope& scope, int depth) {
    const Token name = cursor.peek();
    Call call{cursor, scope, cursor.position(), {}};
    for (const auto& function : kFunctions) {
        if (function.name != name.text) continue;
        if (depth >= kDeepestNesting) return scope.error(call.at, "too many values inside one another");
        cursor.next();
        cursor.next();
        if (!parse_slots(call, function, depth)) return std::nullopt;
        return function.make(call);
    }
    return scope.error(call.at,
                       "expected a value, found `" + printable(name.text) + "(`: values are made by " +
                           join(function_names()),
                       did_you_mean(name.text, function_names()));
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    names.reserve(kFunctions.size());
    for (const auto& function : kFunctions) names.emplace_back(function.name);
    return names;
}

}  // namespace socketscope::script

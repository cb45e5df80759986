#include "core/run/values.hpp"

#include <netinet/in.h>
#include <sys/time.h>

#include <cstring>
#include <limits>

#include "core/packet/packet.hpp"

namespace socketscope::run {

namespace {

using script::argument;
using script::CallStatement;
using script::Expr;
using script::Param;

template <class T>
std::string raw_bytes(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

int as_int(std::int64_t number) {
    if (number < std::numeric_limits<int>::min() || number > std::int64_t{UINT32_MAX})
        throw CannotRun{std::to_string(number) + " does not fit into an int"};
    return static_cast<int>(number);
}

// setsockopt(2) SO_RCVTIMEO and SO_SNDTIMEO, socket(7)
std::string as_timeval(model::TimeNs duration) {
    timeval time{};
    time.tv_sec = static_cast<decltype(time.tv_sec)>(duration / model::kSecond);
    time.tv_usec = static_cast<decltype(time.tv_usec)>(duration % model::kSecond / model::kMicrosecond);
    return raw_bytes(time);
}

packet::Address as_packet_address(const socket::Address& address) {
    packet::Address plain;
    if (address.family() == AF_INET) {
        sockaddr_in raw;
        std::memcpy(&raw, address.get(), sizeof raw);
        std::memcpy(plain.bytes, &raw.sin_addr, 4);
        plain.version = 4;
        plain.port = ntohs(raw.sin_port);
    } else if (address.family() == AF_INET6) {
        sockaddr_in6 raw;
        std::memcpy(&raw, address.get(), sizeof raw);
        std::memcpy(plain.bytes, &raw.sin6_addr, 16);
        plain.version = 6;
        plain.port = ntohs(raw.sin6_port);
    }
    return plain;
}

// IP_ADD_MEMBERSHIP (ip(7)) on the host's own device, IPV6_JOIN_GROUP (ipv6(7)) on whichever leads there.
std::string as_membership(const socket::Address& group, const std::string& own_ip) {
    if (group.family() == AF_INET6) {
        sockaddr_in6 raw;
        std::memcpy(&raw, group.get(), sizeof raw);
        return raw_bytes(ipv6_mreq{raw.sin6_addr, 0});
    }
    if (group.family() != AF_INET) throw CannotRun{"only an IP address can be joined"};
    sockaddr_in raw;
    std::memcpy(&raw, group.get(), sizeof raw);
    ip_mreq membership{raw.sin_addr, {INADDR_ANY}};
    if (const auto own = socket::inet_address(own_ip, 0)) {
        std::memcpy(&raw, own->get(), sizeof raw);
        membership.imr_interface = raw.sin_addr;
    }
    return raw_bytes(membership);
}

// IP_MULTICAST_IF takes the address of one's own device, struct in_addr (ip(7)).
std::string interface_address(const socket::Address& own) {
    if (own.family() != AF_INET) throw CannotRun{"IP_MULTICAST_IF takes an IPv4 address of this host"};
    sockaddr_in raw;
    std::memcpy(&raw, own.get(), sizeof raw);
    return raw_bytes(raw.sin_addr);
}

}  // namespace

const Value& Values::value(const script::Variable& variable) const {
    const auto& held = variables_[variable.slot];
    if (!held) throw CannotRun{"`" + variable.name + "` has no value: the line that sets it did not run"};
    return *held;
}

std::int64_t Values::number(const script::Variable& variable) const {
    const auto* held = std::get_if<std::int64_t>(&value(variable));
    if (held == nullptr) throw CannotRun{"`" + variable.name + "` is not a number"};
    return *held;
}

std::int64_t Values::number(const Expr& expr) const {
    if (const auto* integer = std::get_if<script::Integer>(&expr.value)) return integer->value;
    if (const auto* variable = std::get_if<script::Variable>(&expr.value)) return number(*variable);
    if (const auto* duration = std::get_if<script::Duration>(&expr.value))
        return duration->ns / model::kMillisecond;
    if (std::holds_alternative<script::Null>(expr.value)) return 0;
    throw CannotRun{"a number was expected"};
}

std::int64_t Values::number(const CallStatement& statement, Param parameter, std::int64_t missing) const {
    const Expr* expr = argument(statement, parameter);
    return expr == nullptr ? missing : number(*expr);
}

int Values::integer(const CallStatement& statement, Param parameter, int missing) const {
    return as_int(number(statement, parameter, missing));
}

std::string Values::crafted(const script::CraftExpr& craft) const {
    const auto& args = craft.args;
    const auto u16 = [&](std::size_t i) { return static_cast<std::uint16_t>(number(args.at(i))); };
    switch (craft.craft) {
        case script::Craft::icmp_echo:
            return packet::icmp_echo(u16(0), u16(1), bytes(args.at(2)));
        case script::Craft::icmp6_echo:
            return packet::icmp6_echo(u16(0), u16(1), bytes(args.at(2)));
        case script::Craft::udp:
            return packet::udp_header(u16(0), u16(1), bytes(args.at(2)));
        case script::Craft::ip4:
            return packet::ipv4(as_packet_address(address(args.at(0))),
                                as_packet_address(address(args.at(1))),
                                static_cast<std::uint8_t>(number(args.at(2))), bytes(args.at(3)));
    }
    throw CannotRun{"a packet of an unknown sort"};
}

std::string Values::bytes(const Expr& expr) const {
    if (const auto* text = std::get_if<script::Text>(&expr.value)) return text->bytes();
    if (const auto* craft = std::get_if<script::CraftExpr>(&expr.value)) return crafted(*craft);
    if (const auto* variable = std::get_if<script::Variable>(&expr.value))
        if (const auto* held = std::get_if<std::string>(&value(*variable))) return *held;
    throw CannotRun{"bytes were expected"};
}

std::string_view Values::data(const CallStatement& statement) {
    constexpr std::size_t kKept = 1 << 20;
    if (data_.capacity() > kKept) data_ = {};
    const Expr* expr = argument(statement, Param::data);
    if (expr == nullptr) return {};
    if (const auto* text = std::get_if<script::Text>(&expr->value))
        text->write_to(data_);
    else
        data_ = bytes(*expr);
    return data_;
}

socket::Address Values::address(const Expr& expr) const {
    if (const auto* written = std::get_if<script::AddressExpr>(&expr.value)) {
        if (const auto address = names_.address(*written, self_)) return *address;
        throw CannotRun{"the name `" + written->name +
                        "` is too long for a UNIX address (unix(7): 108 bytes)"};
    }
    if (const auto* variable = std::get_if<script::Variable>(&expr.value))
        if (const auto* held = std::get_if<socket::Address>(&value(*variable))) return *held;
    if (std::holds_alternative<script::Null>(expr.value)) return {};
    throw CannotRun{"an address was expected"};
}

socket::Address Values::address(const CallStatement& statement, Param parameter) const {
    const Expr* expr = argument(statement, parameter);
    return expr == nullptr ? socket::Address{} : address(*expr);
}

std::string Values::path(const CallStatement& statement, Param parameter) const {
    const Expr* expr = argument(statement, parameter);
    const auto* written = expr == nullptr ? nullptr : std::get_if<script::AddressExpr>(&expr->value);
    std::string path = written == nullptr ? "" : names_.path(*written, self_);
    if (path.empty()) throw CannotRun{"a socket file was expected"};
    return path;
}

std::string Values::option_value(const CallStatement& statement) const {
    const Expr* expr = argument(statement, Param::value);
    if (expr == nullptr) throw CannotRun{"setsockopt needs a value"};
    if (const auto* duration = std::get_if<script::Duration>(&expr->value)) return as_timeval(duration->ns);
    if (const auto* text = std::get_if<script::Text>(&expr->value)) return text->bytes();
    if (const auto* written = std::get_if<script::AddressExpr>(&expr->value)) {
        const bool device = number(statement, Param::level, 0) == IPPROTO_IP &&
                            number(statement, Param::option, 0) == IP_MULTICAST_IF;
        return device ? interface_address(address(*expr))
                      : as_membership(address(*expr), names_.ip(self_, written->ipv6));
    }
    if (const auto* list = std::get_if<script::ListExpr>(&expr->value)) {
        std::string ints;
        for (const Expr& item : list->items) ints += raw_bytes(as_int(number(item)));
        return ints;
    }
    if (const auto* variable = std::get_if<script::Variable>(&expr->value))
        if (const auto* held = std::get_if<std::string>(&value(*variable))) return *held;
    return raw_bytes(as_int(number(*expr)));
}

std::vector<int> Values::descriptors(const CallStatement& statement, Param parameter) const {
    std::vector<int> fds;
    const Expr* expr = argument(statement, parameter);
    const auto* list = expr == nullptr ? nullptr : std::get_if<script::ListExpr>(&expr->value);
    if (list != nullptr)
        for (const Expr& item : list->items) fds.push_back(as_int(number(item)));
    return fds;
}

const script::Variable* Values::output(const CallStatement& statement, Param parameter) {
    const Expr* expr = argument(statement, parameter);
    const auto* output = expr == nullptr ? nullptr : std::get_if<script::Output>(&expr->value);
    return output == nullptr ? nullptr : &output->variable;
}

bool Values::is_null(const CallStatement& statement, Param parameter) {
    const Expr* expr = argument(statement, parameter);
    return expr != nullptr && std::holds_alternative<script::Null>(expr->value);
}

}  // namespace socketscope::run

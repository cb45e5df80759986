#include "core/run/names.hpp"

namespace socketscope::run {

using Form = script::AddressExpr::Form;

Names::Names(const lesson::LanePlan& plan, host::Rung rung, std::uint16_t first_port)
    : kind_(plan.kind), rung_(rung), first_port_(first_port) {
    for (const auto& endpoint : plan.endpoints) places_.push_back({endpoint.name, endpoint.host});
    // A host has an address also where no program of that name runs.
    if (!endpoint("server")) places_.push_back({"server", model::Host::server});
    if (!endpoint("client")) places_.push_back({"client", model::Host::client});
}

std::optional<std::size_t> Names::endpoint(const std::string& name) const {
    for (std::size_t i = 0; i < places_.size(); ++i)
        if (places_[i].name == name) return i;
    return std::nullopt;
}

std::string Names::ip(std::size_t endpoint, bool ipv6) const {
    return host::address_of(rung_, places_[endpoint].host, ipv6);
}

std::uint16_t Names::port(const script::AddressExpr& expr, std::size_t endpoint) const {
    if (expr.port >= 0) return static_cast<std::uint16_t>(expr.port);
    // Raw sockets know no ports; IPv6 takes a number there for the protocol and refuses a wrong one (ipv6(7)).
    if (kind_.type == model::SocketType::raw) return 0;
    return static_cast<std::uint16_t>(first_port_ + 1000 * endpoint);
}

std::string Names::file_name(const script::AddressExpr& expr, std::size_t self) const {
    if (expr.form == Form::path || expr.form == Form::abstract) return expr.name;
    const std::string& name = expr.form == Form::endpoint ? expr.name : places_[self].name;
    return name + (expr.port >= 0 ? "." + std::to_string(expr.port) : "") + ".sock";
}

std::optional<socket::Address> Names::address(const script::AddressExpr& expr, std::size_t self) const {
    switch (expr.form) {
        case Form::path:
            return socket::unix_path(path(expr, self));
        case Form::abstract:
            return socket::unix_abstract(folder_.name() + "/" + expr.name);
        case Form::autobind:
            return socket::unix_autobind();
        case Form::unspec:
            return socket::unspecified();
        case Form::ip:
            return expr.ipv6 ? socket::inet6_address(expr.name, port(expr, self))
                             : socket::inet_address(expr.name, port(expr, self));
        case Form::endpoint:
        case Form::any:
            break;
    }
    if (kind_.domain == model::Domain::local) return socket::unix_path(path(expr, self));
    const bool ipv6 = kind_.domain == model::Domain::inet6;
    const std::size_t whose = expr.form == Form::endpoint ? endpoint(expr.name).value_or(self) : self;
    const std::string where = expr.form == Form::any ? (ipv6 ? "::" : "0.0.0.0") : ip(whose, ipv6);
    return ipv6 ? socket::inet6_address(where, port(expr, whose))
                : socket::inet_address(where, port(expr, whose));
}

std::string Names::path(const script::AddressExpr& expr, std::size_t self) const {
    const bool names_a_file =
        expr.form == Form::path || expr.form == Form::endpoint || expr.form == Form::any;
    return names_a_file ? folder_.path() + "/" + file_name(expr, self) : "";
}

}  // namespace socketscope::run

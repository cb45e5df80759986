#include "core/run/names.hpp"

#include <utility>
#include <variant>

namespace socketscope::run {

using Form = script::AddressExpr::Form;

namespace {

// The addresses that bind() lines of a program name, loops included.
void collect_bound(const std::vector<script::Statement>& statements,
                   std::vector<const script::AddressExpr*>& found) {
    for (const auto& statement : statements) {
        if (const auto* call = std::get_if<script::CallStatement>(&statement.what)) {
            const auto* expr =
                call->call == model::Call::bind ? script::argument(*call, script::Param::address) : nullptr;
            const auto* address = expr ? std::get_if<script::AddressExpr>(&expr->value) : nullptr;
            if (address) found.push_back(address);
        } else if (const auto* until = std::get_if<script::UntilEof>(&statement.what)) {
            collect_bound(until->body, found);
        } else if (const auto* repeat = std::get_if<script::Repeat>(&statement.what)) {
            collect_bound(repeat->body, found);
        }
    }
}

}  // namespace

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
    return static_cast<std::uint16_t>(first_port_ + kPortsApart * endpoint);
}

std::string Names::file_name(const script::AddressExpr& expr, std::size_t self) const {
    if (expr.form == Form::path || expr.form == Form::abstract) return expr.name;
    const std::string& name = expr.form == Form::endpoint ? expr.name : places_[self].name;
    return name + (expr.port >= 0 ? "." + std::to_string(expr.port) : "") + ".sock";
}

void Names::publish(const lesson::LanePlan& plan, const Publish& publish) {
    std::vector<Bound> bound;
    for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
        std::vector<const script::AddressExpr*> written;
        collect_bound(plan.endpoints[i].program.statements, written);
        for (const script::AddressExpr* one : written) {
            script::AddressExpr expr = *one;
            // Bound to every address of the host, it is reached at the one that the others know.
            if (expr.form == Form::any) {
                expr.form = Form::endpoint;
                expr.name = places_[i].name;
            }
            const auto real = real_address(expr, i);
            if (real) bound.push_back({i, *real, publish(places_[i].host, *real)});
        }
    }
    bound_ = std::move(bound);
}

std::optional<socket::Address> Names::address(const script::AddressExpr& expr, std::size_t self) const {
    auto address = real_address(expr, self);
    if (!address || bound_.empty()) return address;
    const Bound* others = nullptr;
    for (const Bound& bound : bound_) {
        if (bound.real.bytes() != address->bytes()) continue;
        if (bound.by == self) return address;
        others = &bound;
    }
    return others ? others->published : address;
}

std::optional<socket::Address> Names::real_address(const script::AddressExpr& expr, std::size_t self) const {
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

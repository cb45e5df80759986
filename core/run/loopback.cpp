#include "core/run/loopback.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "core/host/ladder.hpp"
#include "core/run/names.hpp"
#include "core/socket/address.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::run {

namespace {

using model::LinkRule;
using model::LinkSpec;
using model::PacketClass;
using model::RuleAction;

bool corrupts(const LinkRule& rule) {
    return rule.action == RuleAction::corrupt;
}
bool needs_ip_headers(const LinkRule& rule) {
    return rule.what == PacketClass::fragment || rule.what == PacketClass::icmp;
}

// What the link asks for beyond a delay: what a program would see, and miss. "" = nothing.
std::string impairment(const LinkSpec& link) {
    if (!link.rules.empty()) return "the rule “" + link.rules.front().text + "”";
    if (link.loss > 0) return "loss";
    if (link.reorder > 0) return "reordering";
    if (link.duplicate > 0) return "duplicates";
    if (link.corrupt > 0) return "corruption";
    if (link.rate_bps > 0) return "a limited rate";
    return "";
}

// What, why, what helps.
std::string refusal(const std::string& what, const std::string& why, const host::RungReport& no_hosts) {
    const std::string help =
        no_hosts.forced ? "it runs without SOCKETSCOPE_RUNG, where two hosts can be made"
                        : "it runs where two hosts can be made, and here they can't: " + no_hosts.missing;
    return "the link asks for " + what + "; " + why + "; " + help;
}

bool stays_here(const script::AddressExpr& address) {
    using Form = script::AddressExpr::Form;
    if (address.form == Form::any) return false;
    return address.form != Form::ip || address.name.starts_with("127.") || address.name == "::1" ||
           address.name.starts_with("::ffff:127.");
}

// Looks for what would leave the machine, through everything that a program is made of.
struct OutsideSearch {
    model::Kind lane;
    std::string found;
    bool bound{false}, listens{false}, internet_stream{false};

    // Whether this socket() may be one that others can connect to.
    bool makes_internet_stream(const script::CallStatement& call) const {
        if (call.call != model::Call::socket) return false;
        const auto number = [&](script::Param parameter, int missing, int unknown) {
            const auto* expr = script::argument(call, parameter);
            const auto* written = expr ? std::get_if<script::Integer>(&expr->value) : nullptr;
            return !expr ? missing : written ? static_cast<int>(written->value) : unknown;
        };
        const int domain = number(script::Param::domain, model::c_domain(lane.domain), AF_INET);
        const int type = number(script::Param::type, model::c_type(lane.type), SOCK_STREAM) & 0xf;
        return (domain == AF_INET || domain == AF_INET6) && (type == SOCK_STREAM || type == SOCK_SEQPACKET);
    }

    void look(const script::Expr& expr) {
        if (const auto* address = std::get_if<script::AddressExpr>(&expr.value)) {
            if (found.empty() && !stays_here(*address)) found = address->name.empty() ? "any" : address->name;
        } else if (const auto* craft = std::get_if<script::CraftExpr>(&expr.value)) {
            for (const auto& part : craft->args) look(part);
        } else if (const auto* list = std::get_if<script::ListExpr>(&expr.value)) {
            for (const auto& part : list->items) look(part);
        }
    }
    void look(const std::vector<script::Statement>& statements) {
        for (const auto& statement : statements) {
            if (const auto* call = std::get_if<script::CallStatement>(&statement.what)) {
                bound = bound || call->call == model::Call::bind;
                listens = listens || call->call == model::Call::listen;
                internet_stream = internet_stream || makes_internet_stream(*call);
                for (const auto& argument : call->args) look(argument.value);
            } else if (const auto* until = std::get_if<script::UntilEof>(&statement.what)) {
                look(until->body);
            } else if (const auto* repeat = std::get_if<script::Repeat>(&statement.what)) {
                look(repeat->body);
            }
        }
    }
};

LoopbackTerms terms_of_datagrams(const LinkSpec& link, const host::RungReport& no_hosts) {
    LoopbackTerms terms;
    terms.relay = true;
    if (link.corrupt > 0 || std::any_of(link.rules.begin(), link.rules.end(), corrupts))
        terms.refused =
            refusal("corruption",
                    "on loopback datagrams cross a relay, and what it sends on gets a new, valid checksum: "
                    "the receiver would not notice",
                    no_hosts);
    const auto header = std::find_if(link.rules.begin(), link.rules.end(), needs_ip_headers);
    if (header != link.rules.end())
        terms.refused =
            refusal("the rule “" + header->text + "”",
                    "on loopback datagrams cross a relay, which sees neither fragments nor ICMP", no_hosts);
    return terms;
}

}  // namespace

std::string outside_address(const lesson::LanePlan& plan) {
    for (const auto& endpoint : plan.endpoints) {
        OutsideSearch search{plan.kind, {}};
        search.look(endpoint.program.statements);
        if (!search.found.empty()) return search.found;
        // listen(2) without bind(2) chooses a port on every address of the machine (ip(7)).
        if (search.listens && !search.bound && search.internet_stream) return "listen() without bind()";
    }
    return "";
}

LoopbackTerms loopback_terms(const lesson::LanePlan& plan, const host::RungReport& no_hosts) {
    const LinkSpec& link = plan.link;
    if (const std::string outside = outside_address(plan); !outside.empty()) {
        LoopbackTerms terms;
        terms.refused =
            "a script names “" + outside +
            "”; on the loopback rung that would leave this machine or listen for others, and traffic stays "
            "here; `server`, `client` and inet(\"127.0.0.1\") work";
        return terms;
    }
    if (plan.kind.domain == model::Domain::local) return {};  // no link, on any rung
    if (const std::string problem = host::loopback_problem(plan.kind.domain == model::Domain::inet6);
        !problem.empty()) {
        LoopbackTerms terms;
        terms.refused =
            "on the loopback rung both programs stand at one address, which can't be used: " + problem;
        return terms;
    }
    if (plan.kind.type == model::SocketType::dgram) return terms_of_datagrams(link, no_hosts);
    LoopbackTerms terms;
    if (const std::string what = impairment(link); !what.empty())
        terms.refused =
            refusal(what,
                    "on loopback there is no wire between the two programs that could do it: their "
                    "packets never leave the kernel",
                    no_hosts);
    else if (link.delay_ns > 0 || link.jitter_ns > 0)
        terms.left_out = "the link's delay is left out: on loopback there is no wire for this kind of socket";
    return terms;
}

std::uint16_t free_first_port(const lesson::LanePlan& plan, std::uint16_t wanted, std::uint16_t end) {
    const bool ipv6 = plan.kind.domain == model::Domain::inet6;
    const std::string ip = host::address_of(host::Rung::loopback, model::Host::server, ipv6);
    const auto is_free = [&](unsigned port) {
        const auto number = static_cast<std::uint16_t>(port);
        const auto address = ipv6 ? socket::inet6_address(ip, number) : socket::inet_address(ip, number);
        const socket::Fd probe(::socket(model::c_domain(plan.kind.domain),
                                        model::c_type(plan.kind.type) | SOCK_CLOEXEC, plan.kind.protocol));
        return !probe || !address || ::bind(probe.get(), address->get(), address->size()) == 0;
    };
    for (unsigned first = wanted; first < end; ++first) {
        bool all = true;
        for (std::size_t i = 0; i < plan.endpoints.size() && all; ++i)
            all = is_free(first + Names::kPortsApart * static_cast<unsigned>(i));
        if (all) return static_cast<std::uint16_t>(first);
    }
    return wanted;
}

}  // namespace socketscope::run

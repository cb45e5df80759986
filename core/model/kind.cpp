#include "core/model/kind.hpp"

#include <charconv>

#include "core/model/constant_table.hpp"

namespace socketscope::model {

namespace {

consteval int number(std::string_view name) {
    return static_cast<int>(number_of(name));
}
constexpr int kIcmp = number("IPPROTO_ICMP"), kIcmpv6 = number("IPPROTO_ICMPV6");

// unix(7), tcp(7), udp(7), raw(7), ip(7), ipv6(7). A script's `socket()` on a raw lane asks for ICMP: protocol 0 of a
// raw socket is EPROTONOSUPPORT.
constexpr std::array<KindRow, kKindCount> kKinds{{
    {Domain::local, SocketType::stream, "unix/stream", "AF_UNIX", "SOCK_STREAM", "",
     "one ordered stream of bytes, in one machine", false, true, 0},
    {Domain::local, SocketType::dgram, "unix/dgram", "AF_UNIX", "SOCK_DGRAM", "",
     "separate messages, in order, none lost", true, false, 0},
    {Domain::local, SocketType::seqpacket, "unix/seqpacket", "AF_UNIX", "SOCK_SEQPACKET", "",
     "a connection that keeps messages apart", true, true, 0},
    {Domain::local, SocketType::raw, "unix/raw", "AF_UNIX", "SOCK_RAW", "",
     "the kernel makes it a datagram socket", true, false, 0},
    {Domain::inet, SocketType::stream, "inet/stream", "AF_INET", "SOCK_STREAM", "TCP",
     "one ordered stream of bytes", false, true, 0},
    {Domain::inet, SocketType::dgram, "inet/dgram", "AF_INET", "SOCK_DGRAM", "UDP",
     "separate messages, no promises", true, false, 0},
    {Domain::inet, SocketType::seqpacket, "inet/seqpacket", "AF_INET", "SOCK_SEQPACKET", "SCTP",
     "records over SCTP, if the kernel has it", true, true, 0},
    {Domain::inet, SocketType::raw, "inet/raw", "AF_INET", "SOCK_RAW", "ICMP",
     "IP packets as they are, header included", true, false, kIcmp},
    {Domain::inet6, SocketType::stream, "inet6/stream", "AF_INET6", "SOCK_STREAM", "TCP",
     "one ordered stream of bytes", false, true, 0},
    {Domain::inet6, SocketType::dgram, "inet6/dgram", "AF_INET6", "SOCK_DGRAM", "UDP",
     "separate messages, no promises", true, false, 0},
    {Domain::inet6, SocketType::seqpacket, "inet6/seqpacket", "AF_INET6", "SOCK_SEQPACKET", "SCTP",
     "records over SCTP, if the kernel has it", true, true, 0},
    {Domain::inet6, SocketType::raw, "inet6/raw", "AF_INET6", "SOCK_RAW", "ICMPv6",
     "ICMPv6 messages, without the IP header", true, false, kIcmpv6},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (static_cast<std::size_t>(kKinds[i].domain) * 4 + static_cast<std::size_t>(kKinds[i].type) != i)
            return false;
    return true;
}
static_assert(in_order(), "kKinds must be domain-major in the order of the enums");

struct ProtocolName {
    std::string_view name;
    int number;
};
constexpr ProtocolName kProtocols[] = {
    {"icmp", kIcmp},     {"tcp", number("IPPROTO_TCP")},   {"udp", number("IPPROTO_UDP")},
    {"icmpv6", kIcmpv6}, {"sctp", number("IPPROTO_SCTP")}, {"raw", number("IPPROTO_RAW")}};

// In the order of the enums.
constexpr int kDomainNumbers[] = {number("AF_UNIX"), number("AF_INET"), number("AF_INET6")};
constexpr int kTypeNumbers[] = {number("SOCK_STREAM"), number("SOCK_DGRAM"), number("SOCK_SEQPACKET"),
                                number("SOCK_RAW")};

std::optional<int> parse_protocol(std::string_view text) {
    for (const auto& protocol : kProtocols)
        if (protocol.name == text) return protocol.number;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0 || number > 255)
        return std::nullopt;
    return number;
}

}  // namespace

std::span<const KindRow, kKindCount> kinds() {
    return kKinds;
}

const KindRow& row(Kind kind) {
    return kKinds[static_cast<std::size_t>(kind.domain) * 4 + static_cast<std::size_t>(kind.type)];
}

std::string to_string(Kind kind) {
    std::string text(row(kind).name);
    if (kind.protocol == row(kind).default_protocol) return text;
    for (const auto& protocol : kProtocols)
        if (protocol.number == kind.protocol) return text + ":" + std::string(protocol.name);
    return text + ":" + std::to_string(kind.protocol);
}

std::optional<Kind> parse_kind(std::string_view name) {
    const auto colon = name.find(':');
    const std::string_view cell = name.substr(0, colon);
    for (const auto& candidate : kKinds) {
        if (candidate.name != cell) continue;
        if (colon == std::string_view::npos)
            return Kind{candidate.domain, candidate.type, candidate.default_protocol};
        const auto protocol = parse_protocol(name.substr(colon + 1));
        if (!protocol) return std::nullopt;
        return Kind{candidate.domain, candidate.type, *protocol};
    }
    return std::nullopt;
}

std::string kind_names() {
    std::string names;
    for (const auto& candidate : kKinds) {
        if (!names.empty()) names += ", ";
        names += candidate.name;
    }
    return names;
}

int c_domain(Domain domain) {
    return kDomainNumbers[static_cast<std::size_t>(domain)];
}
int c_type(SocketType type) {
    return kTypeNumbers[static_cast<std::size_t>(type)];
}

std::optional<Domain> domain_from_c(int af) {
    for (std::size_t i = 0; i < std::size(kDomainNumbers); ++i)
        if (kDomainNumbers[i] == af) return static_cast<Domain>(i);
    return std::nullopt;
}

std::optional<SocketType> type_from_c(int sock_type) {
    constexpr int kTypeMask = 0xf;  // without SOCK_NONBLOCK and SOCK_CLOEXEC
    for (std::size_t i = 0; i < std::size(kTypeNumbers); ++i)
        if (kTypeNumbers[i] == (sock_type & kTypeMask)) return static_cast<SocketType>(i);
    return std::nullopt;
}

}  // namespace socketscope::model

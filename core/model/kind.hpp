// A kind of socket: domain × type (× protocol), the three arguments of socket(2), and the names people use for it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace socketscope::model {

enum class Domain : std::uint8_t { local, inet, inet6 };                 // AF_UNIX, AF_INET, AF_INET6
enum class SocketType : std::uint8_t { stream, dgram, seqpacket, raw };  // SOCK_…

struct Kind {
    Domain domain{Domain::inet};
    SocketType type{SocketType::stream};
    int protocol{0};  // IPPROTO_…, 0 = the default of this domain and type

    bool operator==(const Kind&) const = default;
};

// One row a cell of the matrix (12 rows: domain-major, in the order of the enums).
struct KindRow {
    Domain domain;
    SocketType type;
    std::string_view name;      // "inet/stream"
    std::string_view c_domain;  // "AF_INET"
    std::string_view c_type;    // "SOCK_STREAM"
    std::string_view protocol;  // what protocol 0 means: "TCP", "UDP", "" where there is none of its own
    std::string_view in_words;  // "one ordered stream of bytes"
    bool message_boundaries;    // a receive call returns (at most) one message
    bool connection;            // listen/accept/connect make a connection
    int default_protocol;       // what `socket()` of a script asks for: 0, or IPPROTO_ICMP for inet/raw …
};
inline constexpr std::size_t kKindCount = 12;
std::span<const KindRow, kKindCount> kinds();
const KindRow& row(Kind kind);

// "inet/stream", "inet6/raw:icmpv6" (the protocol is named only where it is not the row's default).
std::string to_string(Kind kind);
// The reverse; nullopt for an unknown name. `unix` is the domain's name in text. No protocol: the row's default.
std::optional<Kind> parse_kind(std::string_view name);
// All twelve names, for the list in an error message.
std::string kind_names();

int c_domain(Domain domain);  // AF_…   of Linux, as plain numbers: replaying code includes no socket header
int c_type(SocketType type);  // SOCK_… of Linux
std::optional<Domain> domain_from_c(int af);
std::optional<SocketType> type_from_c(int sock_type);

}  // namespace socketscope::model

// Names of sockets as calls carry them: sockaddr_in, sockaddr_in6, sockaddr_un, read from their recorded bytes.
#pragma once

#include <string>
#include <string_view>

#include "core/packet/packet.hpp"

namespace socketscope::story {

// Empty: no name (an unnamed AF_UNIX socket, AF_UNSPEC, or no address at all).
struct Name {
    packet::Address ip;  // IPv4-mapped IPv6 addresses are kept as the IPv4 address that the wire shows
    std::string path;    // AF_UNIX: "/tmp/x", or "@name" for an abstract name

    bool operator==(const Name&) const = default;
    bool empty() const { return ip.version == 0 && path.empty(); }
    std::string text() const { return ip.version != 0 ? ip.to_string() : path; }
};
Name parse_name(std::string_view sockaddr_bytes);

bool any_host(const packet::Address& address);                       // 0.0.0.0 or ::
bool loopback(const packet::Address& address);                       // 127.0.0.0/8 or ::1
bool multicast(const packet::Address& address);                      // a group
bool to_many(const packet::Address& address);                        // the same, or a broadcast address
bool same_host(const packet::Address& a, const packet::Address& b);  // without the port

}  // namespace socketscope::story

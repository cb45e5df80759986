#include "core/story/name.hpp"

#include <algorithm>
#include <cstring>

#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

std::uint16_t port_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8 |
                                      static_cast<std::uint8_t>(bytes[at + 1]));
}

// unix(7): a path ends at its first 0; an abstract name begins with 0 and takes the whole rest.
std::string unix_path(std::string_view path) {
    if (path.empty()) return {};
    if (path[0] != '\0') return std::string(path.substr(0, path.find('\0')));
    std::string name = "@";
    for (const char c : path.substr(1)) name += c == '\0' ? '@' : c;  // as ss(8) shows it
    return name;
}

}  // namespace

Name parse_name(std::string_view sockaddr_bytes) {
    Name name;
    std::uint16_t family = 0;
    if (sockaddr_bytes.size() < sizeof family) return name;
    std::memcpy(&family, sockaddr_bytes.data(), sizeof family);
    if (family == kAfUnix) {
        name.path = unix_path(sockaddr_bytes.substr(2));
    } else if (family == kAfInet && sockaddr_bytes.size() >= 8) {
        name.ip.version = 4;
        name.ip.port = port_at(sockaddr_bytes, 2);
        std::memcpy(name.ip.bytes, sockaddr_bytes.data() + 4, 4);
    } else if (family == kAfInet6 && sockaddr_bytes.size() >= 24) {
        name.ip.version = 6;
        name.ip.port = port_at(sockaddr_bytes, 2);
        std::memcpy(name.ip.bytes, sockaddr_bytes.data() + 8, 16);
        static constexpr std::uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
        if (std::memcmp(name.ip.bytes, kMapped, sizeof kMapped) == 0) {
            packet::Address four;
            four.version = 4;
            four.port = name.ip.port;
            std::memcpy(four.bytes, name.ip.bytes + 12, 4);
            name.ip = four;
        }
    }
    return name;
}

bool any_host(const packet::Address& address) {
    return address.version != 0 && std::all_of(std::begin(address.bytes), std::end(address.bytes),
                                               [](std::uint8_t b) { return b == 0; });
}

bool loopback(const packet::Address& address) {
    if (address.version == 4) return address.bytes[0] == 127;
    if (address.version != 6 || address.bytes[15] != 1) return false;
    return std::all_of(std::begin(address.bytes), std::end(address.bytes) - 1,
                       [](std::uint8_t b) { return b == 0; });
}

bool multicast(const packet::Address& address) {
    return address.version == 6 ? address.bytes[0] == 0xff
                                : address.version == 4 && address.bytes[0] >> 4 == 0xe;
}

// Broadcast as on the wire between the hosts: its network has 24 bits.
bool to_many(const packet::Address& address) {
    return multicast(address) || (address.version == 4 && address.bytes[3] == 0xff);
}

bool same_host(const packet::Address& a, const packet::Address& b) {
    return a.version == b.version && std::memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

}  // namespace socketscope::story

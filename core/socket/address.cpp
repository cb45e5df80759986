#include "core/socket/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace socketscope::socket {

namespace {

constexpr std::size_t kPathOffset = offsetof(sockaddr_un, sun_path);

template <class T>
Address as_address(const T& raw, std::size_t size = sizeof(T)) {
    return Address(std::string_view(reinterpret_cast<const char*>(&raw), size));
}

template <class T>
std::optional<T> read_as(const Address& address) {
    if (address.size() < sizeof(T)) return std::nullopt;
    T raw;
    std::memcpy(&raw, address.get(), sizeof raw);
    return raw;
}

std::string inet_text(const sockaddr_in& raw) {
    char ip[INET_ADDRSTRLEN]{};
    ::inet_ntop(AF_INET, &raw.sin_addr, ip, sizeof ip);
    return std::string(ip) + ":" + std::to_string(ntohs(raw.sin_port));
}

std::string inet6_text(const sockaddr_in6& raw) {
    char ip[INET6_ADDRSTRLEN]{};
    ::inet_ntop(AF_INET6, &raw.sin6_addr, ip, sizeof ip);
    // A link-local address means nothing without its device; RFC 4007 §11.
    const std::string scope = raw.sin6_scope_id == 0 ? "" : "%" + std::to_string(raw.sin6_scope_id);
    return "[" + std::string(ip) + scope + "]:" + std::to_string(ntohs(raw.sin6_port));
}

// Names of a run are "FOLDER/name" (see run::Names): what people gave is behind the last slash.
std::string unix_text(std::string_view path) {
    if (path.empty()) return "(unnamed)";
    const auto behind_slash = [](std::string_view text) {
        const auto slash = text.rfind('/');
        return std::string(slash == std::string_view::npos ? text : text.substr(slash + 1));
    };
    if (path.front() == '\0') {
        std::string name = "@" + behind_slash(path.substr(1));
        std::replace(name.begin(), name.end(), '\0', '@');
        return name;
    }
    path = path.substr(0, path.find('\0'));
    return (path.find('/') == std::string_view::npos ? "" : "…/") + behind_slash(path);
}

}  // namespace

Address::Address(std::string_view bytes)
    : size_(static_cast<socklen_t>(std::min(bytes.size(), sizeof storage_))) {
    std::memcpy(&storage_, bytes.data(), size_);
}

int Address::family() const {
    return size_ >= sizeof(sa_family_t) ? storage_.ss_family : AF_UNSPEC;
}

std::string_view Address::bytes() const {
    return {reinterpret_cast<const char*>(&storage_), std::min<std::size_t>(size_, sizeof storage_)};
}

std::optional<Address> inet_address(const std::string& ip, std::uint16_t port) {
    sockaddr_in raw{};
    raw.sin_family = AF_INET;
    raw.sin_port = htons(port);
    if (::inet_pton(AF_INET, ip.c_str(), &raw.sin_addr) != 1) return std::nullopt;
    return as_address(raw);
}

std::optional<Address> inet6_address(const std::string& ip, std::uint16_t port) {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    raw.sin6_port = htons(port);
    if (::inet_pton(AF_INET6, ip.c_str(), &raw.sin6_addr) != 1) return std::nullopt;
    return as_address(raw);
}

std::optional<Address> unix_path(const std::string& path) {
    sockaddr_un raw{};
    raw.sun_family = AF_UNIX;
    if (path.size() + 1 > sizeof raw.sun_path) return std::nullopt;
    std::memcpy(raw.sun_path, path.data(), path.size());
    return as_address(raw, kPathOffset + path.size() + 1);
}

std::optional<Address> unix_abstract(const std::string& name) {
    sockaddr_un raw{};
    raw.sun_family = AF_UNIX;
    if (name.size() + 1 > sizeof raw.sun_path) return std::nullopt;
    std::memcpy(raw.sun_path + 1, name.data(), name.size());
    return as_address(raw, kPathOffset + 1 + name.size());
}

Address unix_autobind() {
    const sa_family_t family = AF_UNIX;
    return as_address(family);
}

Address unspecified() {
    sockaddr raw{};
    raw.sa_family = AF_UNSPEC;
    return as_address(raw);
}

std::string to_text(const Address& address) {
    if (address.empty()) return "";
    switch (address.family()) {
        case AF_INET:
            if (const auto raw = read_as<sockaddr_in>(address)) return inet_text(*raw);
            break;
        case AF_INET6:
            if (const auto raw = read_as<sockaddr_in6>(address)) return inet6_text(*raw);
            break;
        case AF_UNIX: {
            const auto bytes = address.bytes();
            return unix_text(bytes.size() > kPathOffset ? bytes.substr(kPathOffset) : std::string_view{});
        }
        case AF_UNSPEC:
            return "AF_UNSPEC";
        default:
            break;
    }
    return "family " + std::to_string(address.family());
}

}  // namespace socketscope::socket

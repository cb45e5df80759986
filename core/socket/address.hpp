// Socket addresses as the kernel wants them (sockaddr), and as people read them.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socketscope::socket {

// A sockaddr of any family with its length, which for AF_UNIX is part of the address (unix(7)).
class Address {
public:
    Address() = default;                       // no address: length 0
    explicit Address(std::string_view bytes);  // as recorded; cut at the size of sockaddr_storage

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage_); }
    socklen_t size() const { return size_; }
    void set_size(socklen_t size) { size_ = size; }
    static constexpr socklen_t capacity() { return sizeof(sockaddr_storage); }
    bool empty() const { return size_ == 0; }
    int family() const;              // AF_UNSPEC if there is none
    std::string_view bytes() const;  // for a record

private:
    sockaddr_storage storage_{};
    socklen_t size_{0};
};

// `ip` as text of the family, `port` in host order; nullopt if the text is no address of it. inet_pton(3)
std::optional<Address> inet_address(const std::string& ip, std::uint16_t port);
std::optional<Address> inet6_address(const std::string& ip, std::uint16_t port);
// A socket file; nullopt if the path is longer than sun_path (108 bytes with its end, unix(7)).
std::optional<Address> unix_path(const std::string& path);
std::optional<Address> unix_abstract(const std::string& name);  // without the leading NUL
Address unix_autobind();                                        // only the family: bind(2) chooses a name
Address unspecified();  // AF_UNSPEC: dissolves a datagram socket's connection

// "192.0.2.1:7000", "[2001:db8::1]:7000", "[fe80::1%2]:7000" (with its scope id), "…/server.sock" (the file's name;
// its folder is private and random), "@name", "(unnamed)", "AF_UNSPEC"; "" for none.
std::string to_text(const Address& address);
inline std::string to_text(std::string_view bytes) {
    return to_text(Address(bytes));
}

}  // namespace socketscope::socket

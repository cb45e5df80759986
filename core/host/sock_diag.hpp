// What the kernel says of a socket that nobody touches for it: sock_diag(7), as ss(8) asks.
#pragma once

#include <cstdint>
#include <optional>

#include "core/socket/fd.hpp"

namespace socketscope::host {

// SO_SNDBUF and SO_RCVBUF of a socket, bytes.
struct SocketBuffers {
    std::int64_t send{0}, receive{0};
};

class SockDiag {
public:
    // A socket of NETLINK_SOCK_DIAG: it sees the sockets of the namespace in which it was made. Empty: it answers
    // nothing.
    explicit SockDiag(socket::Fd netlink);

    // By the number of its inode, which /proc/…/fd names. nullopt: there is no such TCP or UNIX socket (any more), or
    // this kernel does not say (CONFIG_INET_DIAG, CONFIG_UNIX_DIAG).
    std::optional<SocketBuffers> buffers_of_tcp(std::uint64_t inode);
    std::optional<SocketBuffers> buffers_of_unix(std::uint64_t inode);

private:
    std::optional<SocketBuffers> dump_tcp(int family, std::uint64_t inode);

    socket::Fd netlink_;
};

}  // namespace socketscope::host

#include "core/model/errno_text.hpp"

#include <cstring>

namespace socketscope::model {

namespace {

// Numbers of Linux (asm-generic/errno*.h); meanings from errno(3), socket(2), connect(2), send(2), unix(7), tcp(7),
// udp(7).
constexpr ErrnoRow kErrnos[] = {
    {1, "EPERM", "this needs a privilege that the program does not have",
     "raw sockets need CAP_NET_RAW: run as root, or inside hosts of your own"},
    {2, "ENOENT", "there is no such file or socket name", "bind the server first"},
    {3, "ESRCH", "there is no such process", ""},
    {4, "EINTR", "a signal interrupted the call before it was done", "call it again"},
    {5, "EIO", "input or output failed", ""},
    {6, "ENXIO", "there is no such device or address", ""},
    {9, "EBADF", "this number is not an open descriptor", "use it before close()"},
    {11, "EAGAIN", "it would block: nothing to read, or no room to write, right now",
     "poll() tells when to try again"},
    {12, "ENOMEM", "the kernel has no memory for it", ""},
    {13, "EACCES", "permission denied", "ports below 1024 and broadcast need a privilege or an option"},
    {14, "EFAULT", "an address points outside the program's memory", ""},
    {16, "EBUSY", "it is in use", ""},
    {17, "EEXIST", "it exists already", ""},
    {19, "ENODEV", "there is no such device", ""},
    {20, "ENOTDIR", "a part of the path is not a folder", ""},
    {22, "EINVAL", "an argument makes no sense here", "see the call's man page"},
    {23, "ENFILE", "the whole system has too many open files", ""},
    {24, "EMFILE", "this process has too many open descriptors", "close some, or raise ulimit -n"},
    {25, "ENOTTY", "this descriptor does not know that request", ""},
    {27, "EFBIG", "the file is as long as this user's files may be", "`ulimit -f` shows the limit"},
    {28, "ENOSPC", "the disk is full", ""},
    {29, "ESPIPE", "a socket has no position to seek to", ""},
    {30, "EROFS", "the file system can only be read", ""},
    {32, "EPIPE", "nobody can read this any more: the connection is closed for writing",
     "a program that does not ignore SIGPIPE is killed here"},
    {36, "ENAMETOOLONG", "the name is too long", "a socket path has at most 107 bytes"},
    {38, "ENOSYS", "this kernel does not have that call", ""},
    {40, "ELOOP", "too many symbolic links", ""},
    {42, "ENOMSG", "there is no such message", ""},
    {61, "ENODATA", "there is no data", ""},
    {62, "ETIME", "the timer ran out", ""},
    {71, "EPROTO", "the protocol was broken", ""},
    {75, "EOVERFLOW", "the value is too large for its type", ""},
    {88, "ENOTSOCK", "this descriptor is not a socket", ""},
    {89, "EDESTADDRREQ", "no destination: the socket is not connected and no address was given",
     "use sendto(), or connect() first"},
    {90, "EMSGSIZE", "the message is larger than one datagram can be", "send less at a time"},
    {91, "EPROTOTYPE", "the socket at that name has another type", "use the same type on both sides"},
    {92, "ENOPROTOOPT", "this level does not know that option", ""},
    {93, "EPROTONOSUPPORT", "this domain and type do not have that protocol",
     "a raw socket needs a protocol by name"},
    {94, "ESOCKTNOSUPPORT", "this domain does not have that type of socket",
     "SOCK_SEQPACKET over IP needs SCTP in the kernel"},
    {95, "EOPNOTSUPP", "this type of socket can't do that", ""},
    {96, "EPFNOSUPPORT", "the protocol family is not supported", ""},
    {97, "EAFNOSUPPORT", "this kernel does not have that address family", "IPv6 may be switched off"},
    {98, "EADDRINUSE", "another socket has this address", "close it, or set SO_REUSEADDR before bind()"},
    {99, "EADDRNOTAVAIL", "this address does not belong to this host", ""},
    {100, "ENETDOWN", "the network is down", ""},
    {101, "ENETUNREACH", "there is no route to that network", ""},
    {102, "ENETRESET", "the network dropped the connection", ""},
    {103, "ECONNABORTED", "the connection was given up", ""},
    {104, "ECONNRESET", "the peer sent a reset (RST), or closed with unread bytes", ""},
    {105, "ENOBUFS", "there is no room left in a queue", ""},
    {106, "EISCONN", "the socket is connected already", ""},
    {107, "ENOTCONN", "the socket is not connected", "connect() or accept() first"},
    {108, "ESHUTDOWN", "the socket was shut down", ""},
    {110, "ETIMEDOUT", "no answer came in time", ""},
    {111, "ECONNREFUSED", "nobody listens at that address", "start the server first: listen() or bind()"},
    {112, "EHOSTDOWN", "the host is down", ""},
    {113, "EHOSTUNREACH", "there is no route to that host", ""},
    {114, "EALREADY", "it is under way already", ""},
    {115, "EINPROGRESS", "it has begun and will end later (non-blocking connect)",
     "poll() for POLLOUT, then ask SO_ERROR"},
    {125, "ECANCELED", "it was cancelled", ""},
};

}  // namespace

const ErrnoRow* find_errno(int number) {
    for (const auto& candidate : kErrnos)
        if (candidate.number == number) return &candidate;
    return nullptr;
}

std::string errno_name(int number) {
    if (const auto* found = find_errno(number)) return std::string(found->name);
    if (const char* name = ::strerrorname_np(number)) return name;  // one that no socket call returns
    return "errno " + std::to_string(number);
}

std::string errno_sentence(int number) {
    if (const auto* found = find_errno(number))
        return std::string(found->name) + ": " + std::string(found->means);
    return errno_name(number) + ": " + std::strerror(number);
}

std::optional<int> parse_errno(std::string_view name) {
    if (name == "EWOULDBLOCK") name = "EAGAIN";  // the same number on Linux, errno(3)
    if (name == "ENOTSUP") name = "EOPNOTSUPP";
    for (const auto& candidate : kErrnos)
        if (candidate.name == name) return candidate.number;
    return std::nullopt;
}

}  // namespace socketscope::model

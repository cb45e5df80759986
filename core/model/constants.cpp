#include "core/model/constants.hpp"

#include <cstdio>

namespace socketscope::model {

namespace {

using enum Family;

// Values of x86-64 and arm64 (asm-generic), as plain numbers: what replays includes no socket header.
// tests/script/constants_test.cpp compares each with the C library's headers.
constexpr Constant kConstants[] = {
    // socket(2), address_families(7)
    {"AF_UNSPEC", 0, domain},
    {"AF_UNIX", 1, domain},
    {"AF_LOCAL", 1, domain},
    {"AF_INET", 2, domain},
    {"AF_INET6", 10, domain},
    {"AF_NETLINK", 16, domain},
    {"AF_PACKET", 17, domain},
    {"AF_VSOCK", 40, domain},
    {"PF_UNIX", 1, domain},
    {"PF_LOCAL", 1, domain},
    {"PF_INET", 2, domain},
    {"PF_INET6", 10, domain},
    // socket(2)
    {"SOCK_STREAM", 1, type},
    {"SOCK_DGRAM", 2, type},
    {"SOCK_RAW", 3, type},
    {"SOCK_RDM", 4, type},
    {"SOCK_SEQPACKET", 5, type},
    {"SOCK_DCCP", 6, type},
    {"SOCK_PACKET", 10, type},
    {"SOCK_NONBLOCK", 0x800, type},
    {"SOCK_CLOEXEC", 0x80000, type},
    // IANA protocol numbers, <netinet/in.h>
    {"IPPROTO_IP", 0, protocol},
    {"IPPROTO_ICMP", 1, protocol},
    {"IPPROTO_IGMP", 2, protocol},
    {"IPPROTO_IPIP", 4, protocol},
    {"IPPROTO_TCP", 6, protocol},
    {"IPPROTO_UDP", 17, protocol},
    {"IPPROTO_DCCP", 33, protocol},
    {"IPPROTO_IPV6", 41, protocol},
    {"IPPROTO_GRE", 47, protocol},
    {"IPPROTO_ESP", 50, protocol},
    {"IPPROTO_ICMPV6", 58, protocol},
    {"IPPROTO_SCTP", 132, protocol},
    {"IPPROTO_UDPLITE", 136, protocol},
    {"IPPROTO_RAW", 255, protocol},
    {"IPPROTO_MPTCP", 262, protocol},
    // <sys/socket.h>
    {"SOL_SOCKET", 1, level},
    {"SOL_IP", 0, level},
    {"SOL_TCP", 6, level},
    {"SOL_UDP", 17, level},
    {"SOL_IPV6", 41, level},
    {"SOL_ICMPV6", 58, level},
    {"SOL_RAW", 255, level},
    // send(2), recv(2)
    {"MSG_OOB", 0x1, message},
    {"MSG_PEEK", 0x2, message},
    {"MSG_DONTROUTE", 0x4, message},
    {"MSG_CTRUNC", 0x8, message},
    {"MSG_TRUNC", 0x20, message},
    {"MSG_DONTWAIT", 0x40, message},
    {"MSG_EOR", 0x80, message},
    {"MSG_WAITALL", 0x100, message},
    {"MSG_CONFIRM", 0x800, message},
    {"MSG_ERRQUEUE", 0x2000, message},
    {"MSG_NOSIGNAL", 0x4000, message},
    {"MSG_MORE", 0x8000, message},
    {"MSG_FASTOPEN", 0x20000000, message},
    {"MSG_CMSG_CLOEXEC", 0x40000000, message},
    // shutdown(2)
    {"SHUT_RD", 0, how},
    {"SHUT_WR", 1, how},
    {"SHUT_RDWR", 2, how},
    // poll(2)
    {"POLLIN", 0x1, events},
    {"POLLPRI", 0x2, events},
    {"POLLOUT", 0x4, events},
    {"POLLERR", 0x8, events},
    {"POLLHUP", 0x10, events},
    {"POLLNVAL", 0x20, events},
    {"POLLRDNORM", 0x40, events},
    {"POLLRDBAND", 0x80, events},
    {"POLLWRNORM", 0x100, events},
    {"POLLWRBAND", 0x200, events},
    {"POLLRDHUP", 0x2000, events},
    // socket(7), <asm-generic/socket.h>
    {"SO_DEBUG", 1, socket_option},
    {"SO_REUSEADDR", 2, socket_option},
    {"SO_TYPE", 3, socket_option},
    {"SO_ERROR", 4, socket_option},
    {"SO_DONTROUTE", 5, socket_option},
    {"SO_BROADCAST", 6, socket_option},
    {"SO_SNDBUF", 7, socket_option},
    {"SO_RCVBUF", 8, socket_option},
    {"SO_KEEPALIVE", 9, socket_option},
    {"SO_OOBINLINE", 10, socket_option},
    {"SO_NO_CHECK", 11, socket_option},
    {"SO_PRIORITY", 12, socket_option},
    {"SO_LINGER", 13, socket_option},
    {"SO_REUSEPORT", 15, socket_option},
    {"SO_PASSCRED", 16, socket_option},
    {"SO_PEERCRED", 17, socket_option},
    {"SO_RCVLOWAT", 18, socket_option},
    {"SO_SNDLOWAT", 19, socket_option},
    {"SO_RCVTIMEO", 20, socket_option},
    {"SO_SNDTIMEO", 21, socket_option},
    {"SO_BINDTODEVICE", 25, socket_option},
    {"SO_TIMESTAMP", 29, socket_option},
    {"SO_ACCEPTCONN", 30, socket_option},
    {"SO_PEERSEC", 31, socket_option},
    {"SO_SNDBUFFORCE", 32, socket_option},
    {"SO_RCVBUFFORCE", 33, socket_option},
    {"SO_PASSSEC", 34, socket_option},
    {"SO_TIMESTAMPNS", 35, socket_option},
    {"SO_MARK", 36, socket_option},
    {"SO_TIMESTAMPING", 37, socket_option},
    {"SO_PROTOCOL", 38, socket_option},
    {"SO_DOMAIN", 39, socket_option},
    {"SO_RXQ_OVFL", 40, socket_option},
    {"SO_PEEK_OFF", 42, socket_option},
    {"SO_BUSY_POLL", 46, socket_option},
    {"SO_MAX_PACING_RATE", 47, socket_option},
    {"SO_INCOMING_CPU", 49, socket_option},
    {"SO_MEMINFO", 55, socket_option},
    {"SO_COOKIE", 57, socket_option},
    {"SO_ZEROCOPY", 60, socket_option},
    {"SO_BINDTOIFINDEX", 62, socket_option},
    // tcp(7), <linux/tcp.h>
    {"TCP_NODELAY", 1, tcp_option},
    {"TCP_MAXSEG", 2, tcp_option},
    {"TCP_CORK", 3, tcp_option},
    {"TCP_KEEPIDLE", 4, tcp_option},
    {"TCP_KEEPINTVL", 5, tcp_option},
    {"TCP_KEEPCNT", 6, tcp_option},
    {"TCP_SYNCNT", 7, tcp_option},
    {"TCP_LINGER2", 8, tcp_option},
    {"TCP_DEFER_ACCEPT", 9, tcp_option},
    {"TCP_WINDOW_CLAMP", 10, tcp_option},
    {"TCP_INFO", 11, tcp_option},
    {"TCP_QUICKACK", 12, tcp_option},
    {"TCP_CONGESTION", 13, tcp_option},
    {"TCP_THIN_LINEAR_TIMEOUTS", 16, tcp_option},
    {"TCP_USER_TIMEOUT", 18, tcp_option},
    {"TCP_FASTOPEN", 23, tcp_option},
    {"TCP_TIMESTAMP", 24, tcp_option},
    {"TCP_NOTSENT_LOWAT", 25, tcp_option},
    {"TCP_FASTOPEN_CONNECT", 30, tcp_option},
    {"TCP_FASTOPEN_NO_COOKIE", 34, tcp_option},
    {"TCP_INQ", 36, tcp_option},
    {"TCP_TX_DELAY", 37, tcp_option},
    // udp(7), <linux/udp.h>
    {"UDP_CORK", 1, udp_option},
    {"UDP_NO_CHECK6_TX", 101, udp_option},
    {"UDP_NO_CHECK6_RX", 102, udp_option},
    {"UDP_SEGMENT", 103, udp_option},
    {"UDP_GRO", 104, udp_option},
    // ip(7), <linux/in.h>
    {"IP_TOS", 1, ip_option},
    {"IP_TTL", 2, ip_option},
    {"IP_HDRINCL", 3, ip_option},
    {"IP_OPTIONS", 4, ip_option},
    {"IP_RECVOPTS", 6, ip_option},
    {"IP_RETOPTS", 7, ip_option},
    {"IP_PKTINFO", 8, ip_option},
    {"IP_MTU_DISCOVER", 10, ip_option},
    {"IP_RECVERR", 11, ip_option},
    {"IP_RECVTTL", 12, ip_option},
    {"IP_RECVTOS", 13, ip_option},
    {"IP_MTU", 14, ip_option},
    {"IP_FREEBIND", 15, ip_option},
    {"IP_TRANSPARENT", 19, ip_option},
    {"IP_RECVORIGDSTADDR", 20, ip_option},
    {"IP_MINTTL", 21, ip_option},
    {"IP_NODEFRAG", 22, ip_option},
    {"IP_BIND_ADDRESS_NO_PORT", 24, ip_option},
    {"IP_MULTICAST_IF", 32, ip_option},
    {"IP_MULTICAST_TTL", 33, ip_option},
    {"IP_MULTICAST_LOOP", 34, ip_option},
    {"IP_ADD_MEMBERSHIP", 35, ip_option},
    {"IP_DROP_MEMBERSHIP", 36, ip_option},
    {"IP_MULTICAST_ALL", 49, ip_option},
    // values of options
    {"IP_PMTUDISC_DONT", 0, value},
    {"IP_PMTUDISC_WANT", 1, value},
    {"IP_PMTUDISC_DO", 2, value},
    {"IP_PMTUDISC_PROBE", 3, value},
    {"IP_PMTUDISC_INTERFACE", 4, value},
    {"IP_PMTUDISC_OMIT", 5, value},
    // ipv6(7), <linux/in6.h>
    {"IPV6_ADDRFORM", 1, ipv6_option},
    {"IPV6_CHECKSUM", 7, ipv6_option},
    {"IPV6_UNICAST_HOPS", 16, ipv6_option},
    {"IPV6_MULTICAST_IF", 17, ipv6_option},
    {"IPV6_MULTICAST_HOPS", 18, ipv6_option},
    {"IPV6_MULTICAST_LOOP", 19, ipv6_option},
    {"IPV6_ADD_MEMBERSHIP", 20, ipv6_option},
    {"IPV6_DROP_MEMBERSHIP", 21, ipv6_option},
    {"IPV6_MTU_DISCOVER", 23, ipv6_option},
    {"IPV6_MTU", 24, ipv6_option},
    {"IPV6_RECVERR", 25, ipv6_option},
    {"IPV6_V6ONLY", 26, ipv6_option},
    {"IPV6_MULTICAST_ALL", 29, ipv6_option},
    {"IPV6_HDRINCL", 36, ipv6_option},
    {"IPV6_RECVPKTINFO", 49, ipv6_option},
    {"IPV6_PKTINFO", 50, ipv6_option},
    {"IPV6_RECVHOPLIMIT", 51, ipv6_option},
    {"IPV6_HOPLIMIT", 52, ipv6_option},
    {"IPV6_DONTFRAG", 62, ipv6_option},
    {"IPV6_RECVTCLASS", 66, ipv6_option},
    {"IPV6_TCLASS", 67, ipv6_option},
    // values of options
    {"IPV6_PMTUDISC_DONT", 0, value},
    {"IPV6_PMTUDISC_WANT", 1, value},
    {"IPV6_PMTUDISC_DO", 2, value},
    {"IPV6_PMTUDISC_PROBE", 3, value},
    // raw(7)
    {"ICMP_FILTER", 1, raw_option},
    // tcp(7), udp(7), <asm-generic/ioctls.h>, <linux/sockios.h>
    {"FIONREAD", 0x541B, request},
    {"SIOCINQ", 0x541B, request},
    {"TIOCOUTQ", 0x5411, request},
    {"SIOCOUTQ", 0x5411, request},
    {"FIONBIO", 0x5421, request},
    {"SIOCATMARK", 0x8905, request},
    {"SIOCOUTQNSD", 0x894B, request},
    // values of options
    {"TCP_ESTABLISHED", 1, value},
    {"TCP_SYN_SENT", 2, value},
    {"TCP_SYN_RECV", 3, value},
    {"TCP_FIN_WAIT1", 4, value},
    {"TCP_FIN_WAIT2", 5, value},
    {"TCP_TIME_WAIT", 6, value},
    {"TCP_CLOSE", 7, value},
    {"TCP_CLOSE_WAIT", 8, value},
    {"TCP_LAST_ACK", 9, value},
    {"TCP_LISTEN", 10, value},
    {"TCP_CLOSING", 11, value},
    {"SOMAXCONN", 4096, value},
    {"INADDR_ANY", 0, value},
    {"true", 1, value},
    {"false", 0, value},
};

}  // namespace

std::span<const Constant> constants() {
    return kConstants;
}

const Constant* find_constant_row(std::string_view name) {
    for (const auto& constant : kConstants)
        if (constant.name == name) return &constant;
    return nullptr;
}

bool takes_one_int(std::int64_t request) {
    for (const auto& constant : kConstants)
        if (constant.family == Family::request && constant.value == request) return true;
    return false;
}

namespace {

std::string number_text(std::int64_t value) {
    char text[32];
    std::snprintf(text, sizeof text, value > 9 ? "0x%llx" : "%lld", static_cast<long long>(value));
    return text;
}

}  // namespace

std::string constant_name(Family family, std::int64_t value) {
    for (const auto& constant : kConstants)
        if (constant.family == family && constant.value == value) return std::string(constant.name);
    return std::to_string(value);
}

std::string flags_text(Family family, std::int64_t value) {
    std::string text;
    for (const auto& constant : kConstants) {
        if (constant.family != family || constant.value == 0 || (value & constant.value) != constant.value)
            continue;
        value &= ~constant.value;
        text += (text.empty() ? "" : "|") + std::string(constant.name);
    }
    if (value != 0 || text.empty()) text += (text.empty() ? "" : "|") + number_text(value);
    return text;
}

std::string type_text(std::int64_t type) {
    constexpr std::int64_t kTypeMask = 0xf;  // socket(2): SOCK_NONBLOCK and SOCK_CLOEXEC are or-ed in
    std::string text = constant_name(Family::type, type & kTypeMask);
    std::int64_t left = type & ~kTypeMask;
    for (const char* name : {"SOCK_NONBLOCK", "SOCK_CLOEXEC"}) {
        const std::int64_t flag = find_constant_row(name)->value;
        if ((left & flag) == 0) continue;
        left &= ~flag;
        text += std::string("|") + name;
    }
    return left == 0 ? text : number_text(type);
}

}  // namespace socketscope::model

// Every constant of the scripts against the C library's and the kernel's headers of this machine.
#include "core/model/constants.hpp"

#include <doctest/doctest.h>
#include <linux/icmp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <set>

#include "core/script/program.hpp"

using namespace socketscope::model;

namespace {

struct Known {
    std::string_view name;
    std::int64_t value;
};
#define KNOWN(name)                              \
    Known {                                      \
#name, static_cast < std::int64_t>(name) \
    }
const Known kHeaders[] = {
    KNOWN(AF_UNSPEC),
    KNOWN(AF_UNIX),
    KNOWN(AF_LOCAL),
    KNOWN(AF_INET),
    KNOWN(AF_INET6),
    KNOWN(AF_NETLINK),
    KNOWN(AF_PACKET),
    KNOWN(AF_VSOCK),
    KNOWN(PF_UNIX),
    KNOWN(PF_LOCAL),
    KNOWN(PF_INET),
    KNOWN(PF_INET6),
    KNOWN(SOCK_STREAM),
    KNOWN(SOCK_DGRAM),
    KNOWN(SOCK_RAW),
    KNOWN(SOCK_RDM),
    KNOWN(SOCK_SEQPACKET),
    KNOWN(SOCK_DCCP),
    KNOWN(SOCK_PACKET),
    KNOWN(SOCK_NONBLOCK),
    KNOWN(SOCK_CLOEXEC),
    KNOWN(IPPROTO_IP),
    KNOWN(IPPROTO_ICMP),
    KNOWN(IPPROTO_IGMP),
    KNOWN(IPPROTO_IPIP),
    KNOWN(IPPROTO_TCP),
    KNOWN(IPPROTO_UDP),
    KNOWN(IPPROTO_DCCP),
    KNOWN(IPPROTO_IPV6),
    KNOWN(IPPROTO_GRE),
    KNOWN(IPPROTO_ESP),
    KNOWN(IPPROTO_ICMPV6),
    KNOWN(IPPROTO_SCTP),
    KNOWN(IPPROTO_UDPLITE),
    KNOWN(IPPROTO_RAW),
    KNOWN(IPPROTO_MPTCP),
    KNOWN(SOL_SOCKET),
    KNOWN(SOL_IP),
    KNOWN(SOL_TCP),
    KNOWN(SOL_UDP),
    KNOWN(SOL_IPV6),
    KNOWN(SOL_ICMPV6),
    KNOWN(SOL_RAW),
    KNOWN(MSG_OOB),
    KNOWN(MSG_PEEK),
    KNOWN(MSG_DONTROUTE),
    KNOWN(MSG_CTRUNC),
    KNOWN(MSG_TRUNC),
    KNOWN(MSG_DONTWAIT),
    KNOWN(MSG_EOR),
    KNOWN(MSG_WAITALL),
    KNOWN(MSG_CONFIRM),
    KNOWN(MSG_ERRQUEUE),
    KNOWN(MSG_NOSIGNAL),
    KNOWN(MSG_MORE),
    KNOWN(MSG_FASTOPEN),
    KNOWN(MSG_CMSG_CLOEXEC),
    KNOWN(SHUT_RD),
    KNOWN(SHUT_WR),
    KNOWN(SHUT_RDWR),
    KNOWN(POLLIN),
    KNOWN(POLLPRI),
    KNOWN(POLLOUT),
    KNOWN(POLLERR),
    KNOWN(POLLHUP),
    KNOWN(POLLNVAL),
    KNOWN(POLLRDNORM),
    KNOWN(POLLRDBAND),
    KNOWN(POLLWRNORM),
    KNOWN(POLLWRBAND),
    KNOWN(POLLRDHUP),
    KNOWN(SO_DEBUG),
    KNOWN(SO_REUSEADDR),
    KNOWN(SO_TYPE),
    KNOWN(SO_ERROR),
    KNOWN(SO_DONTROUTE),
    KNOWN(SO_BROADCAST),
    KNOWN(SO_SNDBUF),
    KNOWN(SO_RCVBUF),
    KNOWN(SO_KEEPALIVE),
    KNOWN(SO_OOBINLINE),
    KNOWN(SO_NO_CHECK),
    KNOWN(SO_PRIORITY),
    KNOWN(SO_LINGER),
    KNOWN(SO_REUSEPORT),
    KNOWN(SO_PASSCRED),
    KNOWN(SO_PEERCRED),
    KNOWN(SO_RCVLOWAT),
    KNOWN(SO_SNDLOWAT),
    KNOWN(SO_RCVTIMEO),
    KNOWN(SO_SNDTIMEO),
    KNOWN(SO_BINDTODEVICE),
    KNOWN(SO_TIMESTAMP),
    KNOWN(SO_ACCEPTCONN),
    KNOWN(SO_PEERSEC),
    KNOWN(SO_SNDBUFFORCE),
    KNOWN(SO_RCVBUFFORCE),
    KNOWN(SO_PASSSEC),
    KNOWN(SO_TIMESTAMPNS),
    KNOWN(SO_MARK),
    KNOWN(SO_TIMESTAMPING),
    KNOWN(SO_PROTOCOL),
    KNOWN(SO_DOMAIN),
    KNOWN(SO_RXQ_OVFL),
    KNOWN(SO_PEEK_OFF),
    KNOWN(SO_BUSY_POLL),
    KNOWN(SO_MAX_PACING_RATE),
    KNOWN(SO_INCOMING_CPU),
    KNOWN(SO_MEMINFO),
    KNOWN(SO_COOKIE),
    KNOWN(SO_ZEROCOPY),
    KNOWN(SO_BINDTOIFINDEX),
    KNOWN(TCP_NODELAY),
    KNOWN(TCP_MAXSEG),
    KNOWN(TCP_CORK),
    KNOWN(TCP_KEEPIDLE),
    KNOWN(TCP_KEEPINTVL),
    KNOWN(TCP_KEEPCNT),
    KNOWN(TCP_SYNCNT),
    KNOWN(TCP_LINGER2),
    KNOWN(TCP_DEFER_ACCEPT),
    KNOWN(TCP_WINDOW_CLAMP),
    KNOWN(TCP_INFO),
    KNOWN(TCP_QUICKACK),
    KNOWN(TCP_CONGESTION),
    KNOWN(TCP_THIN_LINEAR_TIMEOUTS),
    KNOWN(TCP_USER_TIMEOUT),
    KNOWN(TCP_FASTOPEN),
    KNOWN(TCP_TIMESTAMP),
    KNOWN(TCP_NOTSENT_LOWAT),
    KNOWN(TCP_FASTOPEN_CONNECT),
    KNOWN(TCP_FASTOPEN_NO_COOKIE),
    KNOWN(TCP_INQ),
    KNOWN(TCP_TX_DELAY),
    KNOWN(UDP_CORK),
    KNOWN(UDP_NO_CHECK6_TX),
    KNOWN(UDP_NO_CHECK6_RX),
    KNOWN(UDP_SEGMENT),
    KNOWN(UDP_GRO),
    KNOWN(IP_TOS),
    KNOWN(IP_TTL),
    KNOWN(IP_HDRINCL),
    KNOWN(IP_OPTIONS),
    KNOWN(IP_RECVOPTS),
    KNOWN(IP_RETOPTS),
    KNOWN(IP_PKTINFO),
    KNOWN(IP_MTU_DISCOVER),
    KNOWN(IP_RECVERR),
    KNOWN(IP_RECVTTL),
    KNOWN(IP_RECVTOS),
    KNOWN(IP_MTU),
    KNOWN(IP_FREEBIND),
    KNOWN(IP_TRANSPARENT),
    KNOWN(IP_ORIGDSTADDR),
    KNOWN(IP_RECVORIGDSTADDR),
    KNOWN(IP_MINTTL),
    KNOWN(IP_NODEFRAG),
    KNOWN(IP_BIND_ADDRESS_NO_PORT),
    KNOWN(IP_MULTICAST_IF),
    KNOWN(IP_MULTICAST_TTL),
    KNOWN(IP_MULTICAST_LOOP),
    KNOWN(IP_ADD_MEMBERSHIP),
    KNOWN(IP_DROP_MEMBERSHIP),
    KNOWN(IP_MULTICAST_ALL),
    KNOWN(IP_PMTUDISC_DONT),
    KNOWN(IP_PMTUDISC_WANT),
    KNOWN(IP_PMTUDISC_DO),
    KNOWN(IP_PMTUDISC_PROBE),
    KNOWN(IP_PMTUDISC_INTERFACE),
    KNOWN(IP_PMTUDISC_OMIT),
    KNOWN(IPV6_ADDRFORM),
    KNOWN(IPV6_CHECKSUM),
    KNOWN(IPV6_UNICAST_HOPS),
    KNOWN(IPV6_MULTICAST_IF),
    KNOWN(IPV6_MULTICAST_HOPS),
    KNOWN(IPV6_MULTICAST_LOOP),
    KNOWN(IPV6_ADD_MEMBERSHIP),
    KNOWN(IPV6_DROP_MEMBERSHIP),
    KNOWN(IPV6_MTU_DISCOVER),
    KNOWN(IPV6_MTU),
    KNOWN(IPV6_RECVERR),
    KNOWN(IPV6_V6ONLY),
    KNOWN(IPV6_MULTICAST_ALL),
    KNOWN(IPV6_HDRINCL),
    KNOWN(IPV6_RECVPKTINFO),
    KNOWN(IPV6_PKTINFO),
    KNOWN(IPV6_RECVHOPLIMIT),
    KNOWN(IPV6_HOPLIMIT),
    KNOWN(IPV6_DONTFRAG),
    KNOWN(IPV6_RECVTCLASS),
    KNOWN(IPV6_TCLASS),
    KNOWN(IPV6_PMTUDISC_DONT),
    KNOWN(IPV6_PMTUDISC_WANT),
    KNOWN(IPV6_PMTUDISC_DO),
    KNOWN(IPV6_PMTUDISC_PROBE),
    KNOWN(ICMP_FILTER),
    KNOWN(FIONREAD),
    KNOWN(SIOCINQ),
    KNOWN(TIOCOUTQ),
    KNOWN(SIOCOUTQ),
    KNOWN(FIONBIO),
    KNOWN(SIOCATMARK),
    KNOWN(SIOCOUTQNSD),
    KNOWN(TCP_ESTABLISHED),
    KNOWN(TCP_SYN_SENT),
    KNOWN(TCP_SYN_RECV),
    KNOWN(TCP_FIN_WAIT1),
    KNOWN(TCP_FIN_WAIT2),
    KNOWN(TCP_TIME_WAIT),
    KNOWN(TCP_CLOSE),
    KNOWN(TCP_CLOSE_WAIT),
    KNOWN(TCP_LAST_ACK),
    KNOWN(TCP_LISTEN),
    KNOWN(TCP_CLOSING),
    KNOWN(SOMAXCONN),
    KNOWN(INADDR_ANY),
};
#undef KNOWN

}  // namespace

TEST_CASE("every constant has the value of the headers") {
    for (const auto& known : kHeaders) {
        CAPTURE(std::string(known.name));
        const Constant* found = find_constant_row(known.name);
        REQUIRE(found != nullptr);
        CHECK(found->value == known.value);
    }
}

TEST_CASE("no constant is there twice, and none is unchecked") {
    constexpr std::size_t kOurOwnWords = 2;  // true, false
    std::set<std::string_view> names;
    for (const auto& constant : constants()) names.insert(constant.name);
    CHECK(names.size() == constants().size());
    CHECK(constants().size() == std::size(kHeaders) + kOurOwnWords);
}

TEST_CASE("an unknown constant is not found") {
    CHECK(find_constant_row("MSG_NOTHING") == nullptr);
}

TEST_CASE("values become the words of strace") {
    CHECK(constant_name(Family::domain, 2) == "AF_INET");
    CHECK(constant_name(Family::domain, 99) == "99");
    CHECK(constant_name(Family::ip_option, IP_RECVORIGDSTADDR) == "IP_ORIGDSTADDR");
    CHECK(flags_text(Family::message, 0) == "0");
    CHECK(flags_text(Family::message, MSG_PEEK | MSG_DONTWAIT) == "MSG_PEEK|MSG_DONTWAIT");
    CHECK(flags_text(Family::message, MSG_PEEK | 0x8000000) == "MSG_PEEK|0x8000000");
    CHECK(flags_text(Family::events, 0x2001) == "POLLIN|POLLRDHUP");
    CHECK(type_text(SOCK_DGRAM | SOCK_NONBLOCK) == "SOCK_DGRAM|SOCK_NONBLOCK");
    CHECK(type_text(9) == "9");
    CHECK(type_text(0x4d) == "0x4d");  // no type and two flags, but a number that nobody knows
}

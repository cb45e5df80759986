// The C constants that scripts know, with their values on Linux. A new one is one row in constants.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace socketscope::script {

// What a constant is for: says which ones to suggest, and lets the parser warn about one in the wrong place.
enum class Family : std::uint8_t {
    domain,         // AF_…         first argument of socket
    type,           // SOCK_…       second
    protocol,       // IPPROTO_…    third, and the level of setsockopt
    level,          // SOL_…        level of setsockopt
    message,        // MSG_…        flags of send and receive calls
    how,            // SHUT_…       shutdown
    events,         // POLL…        poll
    socket_option,  // SO_…         with SOL_SOCKET
    tcp_option,     // TCP_…        with IPPROTO_TCP
    udp_option,     // UDP_…        with IPPROTO_UDP
    ip_option,      // IP_…         with IPPROTO_IP
    ipv6_option,    // IPV6_…       with IPPROTO_IPV6
    raw_option,     // ICMP_FILTER  with SOL_RAW
    request,        // FION…        ioctl
    value,          // of an option, or what one answers: IP_PMTUDISC_DO, TCP_ESTABLISHED; fits everywhere
};
struct Constant {
    std::string_view name;
    std::int64_t value;
    Family family;
};
std::span<const Constant> constants();
const Constant* find_constant_row(std::string_view name);  // nullptr if there is none

}  // namespace socketscope::script

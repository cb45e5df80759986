// The C constants that scripts know, with their values on Linux. A new one is one row in constant_table.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace socketscope::model {

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
// Whether ioctl(2) with this request reads and writes one int. Others write a struct of their own size there.
bool takes_one_int(std::int64_t request);
const Constant* find_constant_row(std::string_view name);  // nullptr if there is none

// The reverse, as strace(1) prints it. A value without a name is its number.
std::string constant_name(Family family, std::int64_t value);  // "AF_INET"
std::string flags_text(Family family,
                       std::int64_t value);  // "MSG_PEEK|MSG_DONTWAIT", "0", "MSG_PEEK|0x8000000"
std::string type_text(std::int64_t type);    // of socket(2): "SOCK_STREAM|SOCK_NONBLOCK"

}  // namespace socketscope::model

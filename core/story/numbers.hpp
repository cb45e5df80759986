// Linux's numbers that the story looks for in recorded calls, by their names in C.
#pragma once

#include "core/model/constant_table.hpp"

namespace socketscope::story {

using model::number_of;

inline constexpr std::int64_t kAfUnix = number_of("AF_UNIX"), kAfInet = number_of("AF_INET"),
                              kAfInet6 = number_of("AF_INET6");

inline constexpr std::int64_t kMsgOob = number_of("MSG_OOB"), kMsgPeek = number_of("MSG_PEEK"),
                              kMsgCtrunc = number_of("MSG_CTRUNC"), kMsgTrunc = number_of("MSG_TRUNC"),
                              kMsgErrQueue = number_of("MSG_ERRQUEUE"), kMsgMore = number_of("MSG_MORE"),
                              kMsgFastOpen = number_of("MSG_FASTOPEN");

inline constexpr std::int64_t kShutRead = number_of("SHUT_RD"), kShutWrite = number_of("SHUT_WR"),
                              kShutBoth = number_of("SHUT_RDWR");

inline constexpr std::int64_t kSolSocket = number_of("SOL_SOCKET"), kSolIp = number_of("SOL_IP"),
                              kSolIpv6 = number_of("SOL_IPV6"), kSolTcp = number_of("SOL_TCP"),
                              kSolUdp = number_of("SOL_UDP"), kSolRaw = number_of("SOL_RAW");

inline constexpr std::int64_t kSoError = number_of("SO_ERROR"), kSoOobInline = number_of("SO_OOBINLINE"),
                              kSoLinger = number_of("SO_LINGER"), kSoPeekOff = number_of("SO_PEEK_OFF"),
                              kSoRxqOvfl = number_of("SO_RXQ_OVFL");

inline constexpr std::int64_t kIpHdrIncl = number_of("IP_HDRINCL"), kIpv6HdrIncl = number_of("IPV6_HDRINCL"),
                              kIpv6Checksum = number_of("IPV6_CHECKSUM"),
                              kIpAddMembership = number_of("IP_ADD_MEMBERSHIP"),
                              kIpDropMembership = number_of("IP_DROP_MEMBERSHIP"),
                              kIpv6AddMembership = number_of("IPV6_ADD_MEMBERSHIP"),
                              kIpv6DropMembership = number_of("IPV6_DROP_MEMBERSHIP"),
                              kIpMulticastLoop = number_of("IP_MULTICAST_LOOP"),
                              kIpv6MulticastLoop = number_of("IPV6_MULTICAST_LOOP");

inline constexpr std::int64_t kTcpLinger2 = number_of("TCP_LINGER2"), kUdpCork = number_of("UDP_CORK"),
                              kUdpSegment = number_of("UDP_SEGMENT"), kUdpGro = number_of("UDP_GRO");

inline constexpr std::int64_t kProtocolUdp = number_of("IPPROTO_UDP"),
                              kProtocolIcmp6 = number_of("IPPROTO_ICMPV6"),
                              kProtocolRaw = number_of("IPPROTO_RAW");

// errno(3)
inline constexpr int kEIntr = 4, kEAgain = 11, kEFault = 14, kEInval = 22, kEMsgSize = 90, kEOpNotSupp = 95,
                     kEAfNoSupport = 97, kENetUnreach = 101, kEConnReset = 104, kEIsConn = 106,
                     kETimedOut = 110, kEConnRefused = 111, kEHostUnreach = 113, kEAlready = 114,
                     kEInProgress = 115;

}  // namespace socketscope::story

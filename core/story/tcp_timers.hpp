// How long the kernel keeps what is left of a connection (tcp(7)).
#pragma once

#include <cstdint>

#include "core/story/facts.hpp"

namespace socketscope::story {

// TIME_WAIT: TCP_TIMEWAIT_LEN of Linux (include/net/tcp.h). Each FIN that comes again starts it anew.
inline constexpr TimeNs kTimeWaitNs = 60 * model::kSecond;
// FIN_WAIT_2 behind close(): TCP_LINGER2 of the socket, else net.ipv4.tcp_fin_timeout. A program that has not closed its
// socket waits without a limit.
TimeNs fin_timeout_ns(const Facts& facts, std::uint32_t socket);

}  // namespace socketscope::story

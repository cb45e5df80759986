// How long the kernel keeps what is left of a connection (tcp(7)).
#pragma once

#include <cstdint>

#include "core/story/facts.hpp"
#include "core/story/tcp_state.hpp"

namespace socketscope::story {

// When the kernel forgets the end of a connection by itself; INT64_MAX: not in this state. since_ns: it came into the
// state then; fin_came_ns: the other end's FIN came then for the last time.
TimeNs forgotten_ns(const Facts& facts, std::uint32_t socket, TcpState state, TimeNs since_ns,
                    TimeNs fin_came_ns);

}  // namespace socketscope::story

// socket(2) with stamps directly around it, and what the new socket was given: for the helper, and for the rungs on
// which this process makes its sockets itself.
#pragma once

#include "core/model/time.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::host {

struct MadeSocket {
    socket::Fd fd;                          // empty if refused
    int error{0};                           // errno of socket(2)
    model::TimeNs enter_ns{0}, exit_ns{0};  // stamps of the real call, taken in the process that made it
    int send_buffer{0}, receive_buffer{0};  // SO_SNDBUF, SO_RCVBUF right after it was made; 0 = not known
};

// In the network namespace that this thread is in.
MadeSocket make_socket_here(int domain, int type, int protocol);

}  // namespace socketscope::host

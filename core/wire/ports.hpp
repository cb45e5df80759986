// The way in and out of the wire: what it reads packets from and writes them to (TUN, packet sockets, relay sockets).
#pragma once

#include <poll.h>

#include <functional>
#include <string>
#include <vector>

#include "core/wire/carrier.hpp"

namespace socketscope::wire {

// The wire can't go on: a device is gone.
struct PortsFailed {
    std::string sentence;
};

// Used by the wire's thread only.
class Ports {
public:
    using Arrived = std::function<void(const Arrival&)>;

    virtual ~Ports() = default;
    // The descriptors to wait for, in place of what is in the list.
    virtual void list(std::vector<pollfd>& descriptors) const = 0;
    // Reads what is there, a bounded number of packets. Throws PortsFailed.
    virtual void read(const pollfd& ready, const Arrived& arrived) = 0;
    // Hands a packet to the host that it goes to; errno or 0.
    virtual int write(const Arrival& packet) = 0;
};

}  // namespace socketscope::wire

// The wire of the loopback rung, for datagrams: a socket between the programs that forwards, with the same impairments.
//
// There are no two hosts and no devices there, so packets can't be seen: TCP and raw sockets run without a wire. A
// datagram crosses if its receiver is reached by the address that publish() gives instead of the real one:
//
//     bind(s, real)                          // the endpoint itself: 127.0.0.1:7000
//     sendto(c, "x", relay.publish(host, real))   // all others
//
// The receiver sees the sender by its published address too, and answers there: replies cross the relay as well, and a
// connected socket accepts them. A sender that bound no address is published when its first datagram comes.
// What a relay can't show: ICMP errors (nobody at the real address: silence) and fragments. Records are kPayloadOnly.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/model/event.hpp"
#include "core/model/link.hpp"
#include "core/socket/address.hpp"
#include "core/trace/log.hpp"
#include "core/wire/command.hpp"

namespace socketscope::wire {

class Relay {
public:
    Relay();  // starts the thread
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // Where others send what is meant for `real`, an address of AF_INET or AF_INET6 with a port, used by an
    // endpoint on `host`. The same answer for the same address until the run ends. Thread-safe, but not for a
    // thread with a descriptor table of its own (unshare(2) CLONE_FILES): it could not wake the relay. Throws
    // model::Failure if no socket could be made for it.
    socket::Address publish(model::Host host, const socket::Address& real);

    // As Wire's. Published addresses are forgotten by end_run().
    void begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log);
    bool wait_quiet(model::TimeNs quiet_ns, model::TimeNs limit_ns);
    void end_run();
    void command(Command command);
    std::string failure() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace socketscope::wire

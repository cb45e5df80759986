// The sockets of a relay: a mailbox for each program's address, which is also the face that this program shows others.
#pragma once

#include <cstdint>
#include <vector>

#include "core/socket/address.hpp"
#include "core/socket/fd.hpp"
#include "core/wire/ports.hpp"

namespace socketscope::wire {

class RelayPorts : public Ports {
public:
    RelayPorts();

    // Where to reach `real`; empty and errno set if no socket could be made.
    socket::Address publish(model::Host host, const socket::Address& real);
    void forget_all();

    void list(std::vector<pollfd>& descriptors) const override;
    void read(const pollfd& ready, const Arrived& arrived) override;
    int write(const Arrival& packet) override;

private:
    struct Mailbox {
        socket::Fd fd;
        model::Host host{model::Host::client};  // of the program behind it
        socket::Address real;                   // that program's own address
        socket::Address published;              // the mailbox's
    };
    // The mailbox of a program's address, made if need be; kNone if it can't be.
    std::size_t mailbox_of(model::Host host, const socket::Address& real);
    static constexpr std::size_t kNone = UINT32_MAX;

    std::vector<Mailbox> mailboxes_;
    std::vector<char> buffer_;
};

}  // namespace socketscope::wire

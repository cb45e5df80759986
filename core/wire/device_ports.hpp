// The wire's ends at the devices of the two hosts: TUN descriptors or packet sockets (tuntap.rst, packet(7)).
#pragma once

#include <vector>

#include "core/host/hosts.hpp"
#include "core/wire/ports.hpp"

namespace socketscope::wire {

class DevicePorts : public Ports {
public:
    DevicePorts(host::LinkEnd client, host::LinkEnd server);

    void list(std::vector<pollfd>& descriptors) const override;
    void read(const pollfd& ready, const Arrived& arrived) override;
    int write(const Arrival& packet) override;

private:
    host::LinkEnd ends_[2];  // by Host
    std::vector<char> buffer_;
};

}  // namespace socketscope::wire

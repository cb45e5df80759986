// The device `wire0` of each host, and the end by which the wire reaches it: a TUN descriptor or a packet socket.
#pragma once

#include <cstdint>

#include "core/host/helper/namespaces.hpp"
#include "core/model/event.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::host::helper {

struct DeviceEnd {
    socket::Fd fd;
    int ifindex{0};  // of the device behind a packet socket; 0 for TUN
    bool has_ipv6{false};
};
struct DeviceEnds {
    DeviceEnd client, server;
};

// Both throw StepFailed. The hosts are up, addressed and silent afterwards.
DeviceEnds make_tun_devices(Namespaces& namespaces);
DeviceEnds make_veth_devices(Namespaces& namespaces);

// Packets that wire0 of the present namespace dropped on their way out, since it was made. proc(5) /proc/net/dev
std::uint64_t dropped_by_device();

}  // namespace socketscope::host::helper

// The network namespaces of the two hosts, and how this process steps into them (unshare(2), setns(2)).
#pragma once

#include "core/model/event.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::host::helper {

class Namespaces {
public:
    // Makes the namespaces: directly when this process may, else within a user namespace of its own in which it is root
    // (user_namespaces(7)). Throws StepFailed.
    Namespaces();

    void enter(model::Host host);
    int descriptor(model::Host host) const;  // for IFLA_NET_NS_FD
    // A namespace between the hosts, where the far ends of the veth pairs lie. The process is in it afterwards.
    void enter_between();

private:
    socket::Fd hosts_[2];
    int current_{-1};
};

// Writes a file of /proc; errno or 0.
int write_file(const char* path, const char* text);

}  // namespace socketscope::host::helper

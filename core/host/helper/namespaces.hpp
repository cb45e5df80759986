// The network namespaces of the two hosts, and how this process steps into them (unshare(2), setns(2)).
#pragma once

#include "core/model/event.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::host::helper {

class Namespaces {
public:
    // Makes the namespaces: directly when this process may, else within a user namespace of its own, in which it has
    // every capability (user_namespaces(7)). Throws StepFailed.
    Namespaces();

    void enter(model::Host host);
    int descriptor(model::Host host) const;  // for IFLA_NET_NS_FD
    // A namespace between the hosts, where the far ends of the veth pairs lie; made at the first call.
    void enter_between();

private:
    void enter(const socket::Fd& wanted);

    socket::Fd hosts_[2];
    socket::Fd between_;
    int current_{-1};  // descriptor of the one that the process is in
};

// Writes a file of /proc; errno or 0.
int write_file(const char* path, const char* text);

}  // namespace socketscope::host::helper

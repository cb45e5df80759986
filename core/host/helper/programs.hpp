// Programs that run inside a host beside the scripts (tcpdump, ss): each in a process tree that ends as a whole.
#pragma once

#include <map>
#include <string>

#include "core/socket/fd.hpp"

namespace socketscope::host::helper {

// Between us and each program stands a keeper: a child that is the init of a pid namespace (pid_namespaces(7)), so
// that the kernel ends whatever the program started, also what left its process group, as soon as the keeper ends.
// The keeper ends when the program does, or when its lifeline (a pipe held by us alone) breaks: also by our kill -9.
class Programs {
public:
    ~Programs();  // ends all of them
    // `/bin/sh -c command` in the present namespace; output becomes its stdout and stderr. The keeper's pid, or −errno.
    int start(const std::string& command, const socket::Fd& output);
    // SIGINT to the program's process group; SIGKILL to all that is left after a second. Returns when it is gone.
    void end(int pid);
    void reap();  // forgets those that ended by themselves

private:
    std::map<int, socket::Fd> lifelines_;  // by the keeper's pid
};

}  // namespace socketscope::host::helper

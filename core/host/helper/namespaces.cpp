#include "core/host/helper/namespaces.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/host/helper/step.hpp"

namespace socketscope::host::helper {
namespace {

socket::Fd own_namespace() {
    return socket::Fd(check(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "open /proc/self/ns/net"));
}

// Everybody keeps the number they have: programs beside the scripts see the person's own name, write the person's own
// files, and tcpdump, which would give up root for a user that has no number here, need not.
void enter_a_user_namespace() {
    const std::string uid = std::to_string(::geteuid()), gid = std::to_string(::getegid());
    const std::string uid_map = uid + " " + uid + " 1", gid_map = gid + " " + gid + " 1";
    check(::unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare(CLONE_NEWUSER|CLONE_NEWNET)");
    // Without "deny" an unprivileged process may not write gid_map (user_namespaces(7), since Linux 3.19).
    if (const int error = write_file("/proc/self/setgroups", "deny"); error && error != ENOENT) {
        throw StepFailed{"write /proc/self/setgroups", error};
    }
    if (const int error = write_file("/proc/self/uid_map", uid_map.c_str())) {
        throw StepFailed{"write /proc/self/uid_map", error};
    }
    if (const int error = write_file("/proc/self/gid_map", gid_map.c_str())) {
        throw StepFailed{"write /proc/self/gid_map", error};
    }
}

}  // namespace

int write_file(const char* path, const char* text) {
    const socket::Fd file(::open(path, O_WRONLY | O_CLOEXEC));
    if (!file) return errno;
    return ::write(file.get(), text, std::strlen(text)) < 0 ? errno : 0;
}

Namespaces::Namespaces() {
    if (::unshare(CLONE_NEWNET) < 0) enter_a_user_namespace();
    hosts_[0] = own_namespace();
    check(::unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)");
    hosts_[1] = own_namespace();
    current_ = hosts_[1].get();
}

void Namespaces::enter(const socket::Fd& wanted) {
    if (current_ == wanted.get()) return;
    check(::setns(wanted.get(), CLONE_NEWNET), "setns(CLONE_NEWNET)");
    current_ = wanted.get();
}

void Namespaces::enter(model::Host host) {
    enter(hosts_[static_cast<int>(host)]);
}

int Namespaces::descriptor(model::Host host) const {
    return hosts_[static_cast<int>(host)].get();
}

void Namespaces::enter_between() {
    if (between_) return enter(between_);
    check(::unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)");
    between_ = own_namespace();
    current_ = between_.get();
}

}  // namespace socketscope::host::helper

#include "core/run/sampler.hpp"

#include <linux/netlink.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <string_view>

#include "core/model/problem.hpp"
#include "core/socket/calls.hpp"

namespace socketscope::run {
namespace {

// The kernel's number of a thread, without a call of that thread: a thread's processor clock holds it (clock_getres(2),
// pthread_getcpuclockid(3)). 0: it has ended.
pid_t number_of(std::thread& thread) {
    clockid_t clock{};
    if (!thread.joinable() || ::pthread_getcpuclockid(thread.native_handle(), &clock) != 0) return 0;
    return ~(clock >> 3);
}

// "socket:[4711]": what stands behind a descriptor of that thread, proc(5). 0: no socket, or closed.
std::uint64_t inode_of(pid_t thread, int fd) {
    const std::string path = "/proc/self/task/" + std::to_string(thread) + "/fd/" + std::to_string(fd);
    char text[64];
    const ssize_t size = ::readlink(path.c_str(), text, sizeof text);
    constexpr std::string_view kBegin = "socket:[";
    std::string_view target(text, size < 0 ? 0 : static_cast<std::size_t>(size));
    if (!target.starts_with(kBegin)) return 0;
    target.remove_prefix(kBegin.size());
    std::uint64_t inode = 0;
    std::from_chars(target.data(), target.data() + target.size(), inode);
    return inode;
}

constexpr int kNetlinkType = SOCK_RAW | SOCK_CLOEXEC;

}  // namespace

std::vector<model::SampleRecord> Sampler::look(std::uint8_t endpoint, model::Host host, std::thread& thread,
                                               NewSockets& sockets) {
    std::vector<model::SampleRecord> samples;
    while (const auto fd = sockets.pop()) {
        const pid_t number = number_of(thread);
        const std::uint64_t inode = number > 0 ? inode_of(number, *fd) : 0;
        if (inode == 0) continue;
        const auto buffers = ask(host, inode);
        const model::TimeNs at = socket::now();
        // The descriptor may have been closed, and its number given to another socket, meanwhile.
        if (!buffers || inode_of(number, *fd) != inode) continue;
        samples.push_back({at, buffers->send, *fd, model::Sample::send_buffer, endpoint});
        samples.push_back({at, buffers->receive, *fd, model::Sample::receive_buffer, endpoint});
    }
    return samples;
}

std::optional<host::SocketBuffers> Sampler::ask(model::Host host, std::uint64_t inode) {
    if (const auto buffers = of_this_process().buffers_of_unix(inode)) return buffers;
    return of_host(host).buffers_of_tcp(inode);
}

host::SockDiag& Sampler::of_this_process() {
    if (!here_) here_.emplace(socket::Fd(::socket(AF_NETLINK, kNetlinkType, NETLINK_SOCK_DIAG)));
    return *here_;
}

// UNIX sockets stand in this process's namespace, and so do the others where there are no hosts.
host::SockDiag& Sampler::of_host(model::Host host) {
    if (hosts_.helper_pid() == 0) return of_this_process();
    auto& diag = in_host_[static_cast<std::size_t>(host)];
    if (diag) return *diag;
    try {
        diag.emplace(hosts_.make_socket(host, AF_NETLINK, kNetlinkType, NETLINK_SOCK_DIAG).fd);
    } catch (const model::Failure&) {  // the helper is gone: the lane's end says so
        diag.emplace(socket::Fd());
    }
    return *diag;
}

}  // namespace socketscope::run

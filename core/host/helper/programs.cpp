#include "core/host/helper/programs.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace socketscope::host::helper {
namespace {

constexpr int kPatienceMs = 1000;
constexpr int kOutput = 1, kLifeline = 3;  // the keeper's descriptors; 0 is /dev/null already

// In a user namespace we have every capability without being root, and would lose them all at execve(2), unless they
// are in the ambient set (capabilities(7)): tcpdump needs CAP_NET_RAW.
void keep_capabilities() {
    if (::geteuid() == 0) return;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
    if (::syscall(SYS_capget, &header, sets) < 0) return;
    for (auto& set : sets) set.inheritable = set.permitted;
    if (::syscall(SYS_capset, &header, sets) < 0) return;
    for (unsigned long capability = 0; capability <= CAP_LAST_CAP; ++capability) {
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);  // EPERM for one that we have not
    }
}

[[noreturn]] void become_program(const char* command, const sigset_t& signals) {
    ::setpgid(0, 0);
    keep_capabilities();
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    ::execl("/bin/sh", "sh", "-c", command, nullptr);
    ::_exit(127);
}

// The keeper: starts the program and waits for its end, a SIGINT to pass on, or the end of the lifeline.
[[noreturn]] void keep(const char* command, int output, int lifeline) {
    if (::dup2(output, kOutput) < 0 || ::dup2(output, 2) < 0) ::_exit(126);
    // By way of a number above both, since either may be the other's place.
    const int line = ::fcntl(lifeline, F_DUPFD_CLOEXEC, 16);
    if (line < 0 || ::dup3(line, kLifeline, O_CLOEXEC) < 0) ::_exit(126);
    ::syscall(SYS_close_range, kLifeline + 1, ~0U, 0);  // above all the ends of other lifelines
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGCHLD);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const int signal_fd = ::signalfd(-1, &signals, SFD_CLOEXEC);
    const pid_t program = ::fork();
    if (program == 0) become_program(command, signals);
    if (program < 0 || signal_fd < 0) ::_exit(126);
    ::setpgid(program, program);  // here too: a SIGINT may come before the child has done it
    for (;;) {
        pollfd wait_for[2] = {{signal_fd, POLLIN, 0}, {kLifeline, POLLIN, 0}};
        if (::poll(wait_for, 2, -1) < 0) continue;
        if (wait_for[1].revents) break;
        signalfd_siginfo signal{};
        if (::read(signal_fd, &signal, sizeof signal) != sizeof signal) continue;
        if (signal.ssi_signo == SIGINT) ::kill(-program, SIGINT);
        bool ended = false;
        for (pid_t pid; (pid = ::waitpid(-1, nullptr, WNOHANG)) > 0;) ended = ended || pid == program;
        if (ended) break;
    }
    ::kill(-program, SIGKILL);  // the pid namespace takes the rest, where there is one
    ::_exit(0);
}

// fork(2) into a new pid namespace, or without one where the kernel has none left (user.max_pid_namespaces).
pid_t fork_as_init() {
    const long pid = ::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    return pid >= 0 ? static_cast<pid_t>(pid) : ::fork();
}

// Whether the child ended within the time; if so it is reaped.
bool ends_within(pid_t pid, int timeout_ms) {
    const socket::Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (handle) {
        pollfd wait_for{handle.get(), POLLIN, 0};
        while (::poll(&wait_for, 1, timeout_ms) < 0 && errno == EINTR) {}
    }
    return ::waitpid(pid, nullptr, WNOHANG) == pid;
}

}  // namespace

Programs::~Programs() {
    while (!lifelines_.empty()) {
        const int pid = lifelines_.begin()->first;
        lifelines_.begin()->second.reset();
        if (!ends_within(pid, kPatienceMs)) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
        lifelines_.erase(pid);
    }
}

int Programs::start(const std::string& command, const socket::Fd& output) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) return -errno;
    socket::Fd keepers_end(ends[0]);
    socket::Fd our_end(ends[1]);
    const pid_t pid = fork_as_init();
    if (pid == 0) keep(command.c_str(), output.get(), keepers_end.get());
    if (pid < 0) return -errno;
    lifelines_.emplace(pid, std::move(our_end));
    return pid;
}

void Programs::end(int pid) {
    const auto found = lifelines_.find(pid);
    if (found == lifelines_.end()) return;
    ::kill(pid, SIGINT);
    if (!ends_within(pid, kPatienceMs)) {
        found->second.reset();
        if (!ends_within(pid, kPatienceMs)) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
    }
    lifelines_.erase(found);
}

void Programs::reap() {
    for (auto program = lifelines_.begin(); program != lifelines_.end();) {
        const bool ended = ::waitpid(program->first, nullptr, WNOHANG) == program->first;
        program = ended ? lifelines_.erase(program) : std::next(program);
    }
}

}  // namespace socketscope::host::helper

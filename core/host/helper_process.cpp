#include "core/host/helper_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "core/model/problem.hpp"

namespace socketscope::host {
namespace {

constexpr const char* kProgram = "socketscope-hosts";
constexpr int kOutOfTheWay = 200;  // far below any usual RLIMIT_NOFILE
// It ends within a few ms of the pair's end of file; a stopped one never would.
constexpr int kPatienceMs = 3000;
constexpr model::TimeNs kPatienceAtStart = 10 * model::kSecond;
constexpr model::TimeNs kPatience = 5 * model::kSecond;  // programs beside get two seconds to end
constexpr model::TimeNs kPatienceWhenStopping = 50 * model::kMillisecond;
constexpr timeval kSlice{0, 20'000};  // how often a request that waits looks whether it still should

// The helper's path: SOCKETSCOPE_HELPER, beside this program, or where an installed one keeps it. Whether it can be
// started shows when that is tried.
Refusal find_program(std::string& path) {
    if (const char* named = std::getenv("SOCKETSCOPE_HELPER"); named && *named) {
        path = named;
        return {};
    }
    char link[PATH_MAX];
    const ssize_t size = ::readlink("/proc/self/exe", link, sizeof link);
    if (size < 0) return {"find the folder of this program: readlink /proc/self/exe", errno};
    const std::string whole(link, static_cast<std::size_t>(size));
    const std::string folder = whole.substr(0, whole.rfind('/'));
    for (const std::string& place : {folder + "/", folder + "/../libexec/socketscope/"}) {
        path = place + kProgram;
        if (::access(path.c_str(), F_OK) == 0) return {};
    }
    return {"find the helper program socketscope-hosts", ENOENT};
}

}  // namespace

HelperProcess::~HelperProcess() {
    pair_.reset();  // its end of file
    if (pid_ == 0 || !ended_.empty()) return;
    const socket::Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    pollfd wait_for{handle.get(), POLLIN, 0};
    int ended = 1;
    if (handle) {
        do ended = ::poll(&wait_for, 1, kPatienceMs);
        while (ended < 0 && errno == EINTR);
    }
    if (ended == 0) ::kill(pid_, SIGKILL);
    how_it_ended();
}

Refusal HelperProcess::spawn(const std::string& program, Rung rung) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return {"socketpair", errno};
    pair_ = socket::Fd(ends[0]);
    // Out of the way of the low numbers, which an endpoint's own descriptor table then has for its sockets.
    if (const int high = ::fcntl(ends[0], F_DUPFD_CLOEXEC, kOutOfTheWay); high >= 0) pair_ = socket::Fd(high);
    ::setsockopt(pair_.get(), SOL_SOCKET, SO_RCVTIMEO, &kSlice, sizeof kSlice);
    // dup2() of a descriptor onto itself would leave close-on-exec set, so ours must not be the wanted number.
    const socket::Fd low(ends[1]);
    const socket::Fd theirs(::fcntl(ends[1], F_DUPFD_CLOEXEC, kHelperSocket + 1));
    if (!theirs) return {"fcntl(F_DUPFD_CLOEXEC)", errno};

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), kHelperSocket);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    // A process group of its own: Ctrl-C in the terminal is for us, the helper ends when we do.
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    char name[] = "socketscope-hosts", tun[] = "tun", veth[] = "veth";
    char* arguments[] = {name, rung == Rung::tun ? tun : veth, nullptr};
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments, environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error) return {"start " + program, error};
    pid_ = pid;
    return {};
}

Refusal HelperProcess::start(Rung rung) {
    std::string program;
    if (Refusal refusal = find_program(program); !refusal.step.empty()) return refusal;
    if (Refusal refusal = spawn(program, rung); !refusal.step.empty()) return refusal;
    Message ready;
    if (const int error = receive(ready, kPatienceAtStart, kPatienceAtStart)) {
        if (error != EPIPE) ::kill(pid_, SIGKILL);  // it lives, and would be waited for
        return {"the helper program " + program + " (" + how_it_ended() + ")", error};
    }
    if (ready.error) return {ready.text, ready.error};
    if (ready.descriptors.size() != 2) return {"receive the devices from the helper program", EMFILE};
    for (std::size_t i = 0; i < 2; ++i) {
        ends_[i] = {std::move(ready.descriptors[i]), rung == Rung::veth, static_cast<int>(ready.numbers[i])};
        has_ipv6_[i] = ready.numbers[i + 2] != 0;
    }
    return {};
}

Message HelperProcess::ask(const Message& request) {
    const std::lock_guard lock(mutex_);
    if (!ended_.empty()) fail("before this request");
    if (const int error = send_message(pair_.get(), request)) {
        if (error == EPIPE || error == ECONNRESET) fail("while it was asked");
        throw model::Failure({"the helper program could not be asked", "", std::strerror(error), ""});
    }
    Message reply;
    const bool ends_program = request.op == Op::end_program;  // which may take its time, and says so
    int error = 0;
    try {
        error = receive(reply, kPatience, ends_program ? kPatience : kPatienceWhenStopping);
    } catch (const std::bad_alloc&) {  // its answer would be taken for that to the next request
        ::kill(pid_, SIGKILL);
        ended_ = model::kNoMemory;
        throw;
    }
    if (error != 0 && error != EPIPE) {
        // Stopped (SIGSTOP), in a call that does not end, or not to be understood: no later request would fare better.
        ::kill(pid_, SIGKILL);
        how_it_ended();
        ended_ = error == ETIMEDOUT ? "it gave no answer, and was ended"
                                    : std::string("its answer could not be read (") + std::strerror(error) +
                                          "), and it was ended";
    }
    if (error) fail("while it answered");
    return reply;
}

int HelperProcess::receive(Message& reply, model::TimeNs patience_ns, model::TimeNs when_stopping_ns) {
    const auto begin = std::chrono::steady_clock::now();
    return receive_message(pair_.get(), reply, [&] {
        const bool hurry = stop_ != nullptr && stop_->load(std::memory_order_relaxed);
        const std::chrono::nanoseconds waited = std::chrono::steady_clock::now() - begin;
        return waited.count() < (hurry ? when_stopping_ns : patience_ns);
    });
}

LinkEnd HelperProcess::take_link_end(model::Host host) {
    const std::lock_guard lock(mutex_);
    return std::move(ends_[static_cast<int>(host)]);
}

void HelperProcess::fail(const std::string& during) {
    // The descriptor is closed by the destructor: this thread may have a descriptor table of its own (run::Endpoint).
    if (ended_.empty()) ended_ = how_it_ended();
    throw model::Failure({"the helper program that keeps the two hosts is gone (" + during + ")", "", ended_,
                          "run again: new hosts are made for the next run"});
}

std::string HelperProcess::how_it_ended() {
    int status = 0;
    pid_t reaped;
    do reaped = ::waitpid(pid_, &status, 0);
    while (reaped < 0 && errno == EINTR);
    if (reaped != pid_) return ended_ = "it ended";
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        return ended_ = "ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
    }
    return ended_ = "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace socketscope::host

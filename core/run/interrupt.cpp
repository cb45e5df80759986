#include "core/run/interrupt.hpp"

#include <sys/syscall.h>
#include <unistd.h>
#include <csignal>

#include <cerrno>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"

namespace socketscope::run {

namespace {

constexpr long kRepeatNs = 5 * model::kMillisecond;

timespec as_timespec(model::TimeNs time) {
    return {static_cast<time_t>(time / model::kSecond), static_cast<long>(time % model::kSecond)};
}

}  // namespace

int interrupt_signal() {
    static const int number = [] {
        const int free_signal = SIGRTMIN + 7;
        struct sigaction action {};
        action.sa_handler = [](int) {};
        ::sigemptyset(&action.sa_mask);
        action.sa_flags = 0;  // no SA_RESTART
        ::sigaction(free_signal, &action, nullptr);
        return free_signal;
    }();
    return number;
}

void block_other_signals() {
    sigset_t set;
    ::sigfillset(&set);
    ::sigdelset(&set, interrupt_signal());
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) ::sigdelset(&set, fault);
    ::pthread_sigmask(SIG_SETMASK, &set, nullptr);
}

void interrupt(pthread_t thread) {
    ::pthread_kill(thread, interrupt_signal());
}

Alarm::~Alarm() {
    if (made_) ::timer_delete(timer_);
}

void Alarm::arm(model::TimeNs at_ns) {
    if (!made_) {
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = interrupt_signal();
        // glibc 2.36 has no public name for the field.
        event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
        if (::timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0)
            throw model::Failure({"no timer for `-> blocks`", "", model::errno_name(errno),
                                  "`ulimit -i` shows how many signals, and with them timers, may wait"});
        made_ = true;
    }
    const itimerspec when{as_timespec(kRepeatNs), as_timespec(at_ns)};
    ::timer_settime(timer_, TIMER_ABSTIME, &when, nullptr);
}

void Alarm::disarm() {
    const itimerspec never{};
    ::timer_settime(timer_, 0, &never, nullptr);
}

}  // namespace socketscope::run

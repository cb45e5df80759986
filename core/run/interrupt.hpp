// Interrupts a blocking system call of another thread: a real-time signal without SA_RESTART (signal(7)).
#pragma once

#include <ctime>

#include <pthread.h>

#include "core/model/time.hpp"

namespace socketscope::run {

// The signal, its handler installed on first use. The handler does nothing: that the call returns EINTR is all we want.
int interrupt_signal();
// In an endpoint's thread: only that signal gets through. SIGPIPE is blocked, so that EPIPE can be shown (signal(7)).
void block_other_signals();
void interrupt(pthread_t thread);

// Interrupts its own thread from a given time on, again and again until it is disarmed: a signal that arrives just
// before the call began would be lost otherwise. timer_create(2), SIGEV_THREAD_ID
class Alarm {
public:
    Alarm() = default;
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    void arm(model::TimeNs at_ns);  // CLOCK_MONOTONIC
    void disarm();

private:
    timer_t timer_{};
    bool made_{false};
};

}  // namespace socketscope::run

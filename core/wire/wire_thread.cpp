#include "core/wire/wire_thread.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <new>
#include <utility>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"
#include "core/model/thread.hpp"

namespace socketscope::wire {
namespace {

model::TimeNs now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * model::kSecond + now.tv_nsec;
}

timespec as_timespec(model::TimeNs time) {
    return {static_cast<time_t>(time / model::kSecond), static_cast<long>(time % model::kSecond)};
}

// Without it nobody could ask the thread for anything, and whoever did would wait for ever.
socket::Fd make_wake() {
    socket::Fd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!wake)
        throw model::Failure({"the wire could not be made (eventfd)", "", model::errno_sentence(errno), ""});
    return wake;
}

}  // namespace

WireThread::WireThread(Carrier::Form form, std::unique_ptr<Ports> ports)
    : ports_(std::move(ports)),
      carrier_(form, now_ns, [this](const Arrival& packet) { return ports_->write(packet); }),
      arrived_([this](const Arrival& arrival) {
          last_arrival_ns_.store(now_ns(), std::memory_order_release);
          carrier_.arrived(arrival);
      }),
      wake_(make_wake()),
      thread_(model::start_thread("the wire", [this] { run(); })) {}

WireThread::~WireThread() {
    stop_.store(true);
    wake();
    thread_.join();
}

void WireThread::wake() {
    const std::uint64_t one = 1;
    // EAGAIN: it is awake already.
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void WireThread::run() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the endpoints' threads
    ::pthread_setname_np(::pthread_self(), "wire");
    ::prctl(PR_SET_TIMERSLACK, 1UL);  // else each delay would be up to 50 µs longer (prctl(2))
    while (!stop_.load()) {
        do_tasks();
        try {
            if (!halted_) carrier_.deliver_due();
            in_flight_.store(carrier_.in_flight(), std::memory_order_release);
            wait_for_work();
            read_ready();
        } catch (const std::bad_alloc&) {
            halt();
        }
    }
    while (do_tasks()) {}
}

// Without memory packets can be neither kept nor recorded: nothing moves any more. Takes none itself.
void WireThread::halt() {
    halted_ = true;
    fail(model::kNoMemory);
}

void WireThread::fail(std::string why) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(why);
    broken_ = true;
}

void WireThread::wait_for_work() {
    descriptors_.clear();
    if (!broken_) ports_->list(descriptors_);
    descriptors_.push_back({wake_.get(), POLLIN, 0});
    const model::TimeNs due = halted_ ? model::kNever : carrier_.next_due();
    if (comes_soon(due)) return;
    const timespec time = as_timespec(std::max<model::TimeNs>(0, due - now_ns()));
    ::ppoll(descriptors_.data(), descriptors_.size(), due == model::kNever ? nullptr : &time, nullptr);
}

// A packet is mostly answered at once, and to wake a thread that sleeps on an idle processor takes longer than all
// that the wire does: some 30 µs in a virtual machine, against 8. So it stays awake a little behind each packet;
// whoever else wants the processor gets it.
bool WireThread::comes_soon(model::TimeNs due_ns) {
    constexpr model::TimeNs kAwake = 50 * model::kMicrosecond;
    model::TimeNs until = last_arrival_ns_.load(std::memory_order_relaxed) + kAwake;
    if (due_ns != model::kNever) until = std::min(until, due_ns);
    const timespec at_once{};
    while (now_ns() < until) {
        if (::ppoll(descriptors_.data(), descriptors_.size(), &at_once, nullptr) != 0) return true;
        ::sched_yield();
    }
    return false;
}

void WireThread::read_ready() {
    if (descriptors_.back().revents) {
        std::uint64_t count;
        [[maybe_unused]] const ssize_t size = ::read(wake_.get(), &count, sizeof count);
    }
    descriptors_.pop_back();
    try {
        for (const pollfd& ready : descriptors_) {
            if (ready.revents) ports_->read(ready, arrived_);
        }
    } catch (const PortsFailed& failed) {
        fail(failed.sentence);
    }
}

bool WireThread::do_tasks() {
    for (std::size_t i = 0; i < kTasksPerTurn; ++i) {
        std::function<void()> task;
        {
            const std::lock_guard lock(mutex_);
            if (tasks_.empty()) return false;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
        in_flight_.store(carrier_.in_flight(), std::memory_order_release);
        const std::lock_guard lock(mutex_);
        ++tasks_done_;
        done_.notify_all();
    }
    wake();  // the wait for packets is then only a look
    return true;
}

void WireThread::in_thread(std::function<void()> task) {
    std::exception_ptr thrown;
    std::unique_lock lock(mutex_);
    tasks_.push_back([&] {
        try {
            task();
        } catch (...) {
            thrown = std::current_exception();
        }
    });
    const std::uint64_t mine = ++tasks_given_;
    wake();
    done_.wait(lock, [&] { return tasks_done_ >= mine; });
    if (thrown) std::rethrow_exception(thrown);
}

void WireThread::begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log) {
    in_thread([&] { carrier_.begin_lane(link, seed, log); });
}

void WireThread::end_run() {
    in_thread([&] { carrier_.end_run(); });
}

void WireThread::command(Command command) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back([this, command] {
        try {
            carrier_.carry_out(command);
        } catch (const std::bad_alloc&) {
            halt();
        }
    });
    ++tasks_given_;
    wake();
}

bool WireThread::wait_quiet(model::TimeNs quiet_ns, model::TimeNs limit_ns) const {
    // Counted from now at the earliest: what was sent just now may not have been read yet.
    const model::TimeNs begin = now_ns();
    const model::TimeNs limit = begin + limit_ns;
    for (;;) {
        // In this order: a packet on its way from the device to the flight has set the later of the two already.
        const bool none_in_flight = in_flight_.load(std::memory_order_acquire) == 0;
        const model::TimeNs quiet_at =
            std::max(begin, last_arrival_ns_.load(std::memory_order_acquire)) + quiet_ns;
        const model::TimeNs now = now_ns();
        if (none_in_flight && quiet_at <= now) return true;
        if (now >= limit) return false;
        const model::TimeNs until_quiet = none_in_flight ? quiet_at - now : model::kMillisecond;
        const timespec pause = as_timespec(std::min({until_quiet, model::kMillisecond, limit - now}));
        ::nanosleep(&pause, nullptr);
    }
}

std::string WireThread::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

}  // namespace socketscope::wire

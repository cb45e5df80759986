// The wire's one thread: waits for packets, for their time, and for what others want of it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/socket/fd.hpp"
#include "core/wire/carrier.hpp"
#include "core/wire/ports.hpp"

namespace socketscope::wire {

class WireThread {
public:
    WireThread(Carrier::Form form, std::unique_ptr<Ports> ports);
    ~WireThread();  // stops and joins
    WireThread(const WireThread&) = delete;
    WireThread& operator=(const WireThread&) = delete;

    // As Wire's; from any thread.
    void begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log);
    bool wait_quiet(model::TimeNs quiet_ns, model::TimeNs limit_ns) const;
    void end_run();
    void command(Command command);
    std::string failure() const;

    // Packets don't wait behind more commands than these.
    static constexpr std::size_t kTasksPerTurn = 64;
    // Runs `task` in the wire's thread and returns when it is done; what it throws comes here.
    void in_thread(std::function<void()> task);

private:
    void run();
    void wait_for_work();
    bool comes_soon(model::TimeNs due_ns);  // descriptors_ hold what poll(2) said
    void read_ready();
    bool do_tasks();  // at most kTasksPerTurn; returns whether more may be waiting
    void halt();
    void fail(std::string why);
    void wake();

    std::unique_ptr<Ports> ports_;
    Carrier carrier_;
    const Ports::Arrived arrived_;
    std::vector<pollfd> descriptors_;  // the first is wake_
    socket::Fd wake_;

    mutable std::mutex mutex_;
    std::condition_variable done_;
    std::deque<std::function<void()>> tasks_;  // they throw nothing
    std::uint64_t tasks_given_{0}, tasks_done_{0};
    std::string failure_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> broken_{false};  // nothing is read any more
    bool halted_{false};               // of the wire's thread: nor is anything delivered
    std::atomic<std::size_t> in_flight_{0};
    std::atomic<model::TimeNs> last_arrival_ns_{0};

    std::thread thread_;  // last: it uses all of the above
};

}  // namespace socketscope::wire

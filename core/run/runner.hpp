// Runs a scenario: for each lane in turn its endpoints on threads of their own, over the wire, everything recorded.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/host/hosts.hpp"
#include "core/lesson/lesson.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::run {

struct Options {
    std::string beside;  // shell command started in each host for the whole run; "" = none
    model::TimeNs settle_ns{500 * model::kMillisecond};  // how long it gets before the first lane starts
};

// Owns the hosts and the wire; they are kept from run to run. One run at a time.
class Runner {
public:
    Runner();   // opens the hosts (ladder)
    ~Runner();  // stops what runs, joins, ends the helper
    const host::RungReport& rung() const;
    host::Hosts& hosts();

    // Runs to the end in the calling thread and returns the whole trace. A lane that this machine can't run has
    // LaneTrace::refused. A helper that died is started anew for the next run; this run's lanes say what happened.
    trace::Trace run(const lesson::Scenario& scenario, const Options& options = {});

    // The same on a thread of the runner, for the window. Events so far: poll(), from any one thread.
    void start(const lesson::Scenario& scenario, const Options& options = {});
    bool running() const;
    // Whether anything is new since the last call; `trace` is then all that was recorded so far.
    bool poll(trace::Trace& trace);
    // All of it, after the run: running() was false. poll() has nothing to say any more.
    trace::Trace take();
    // Ends every blocking call within 0.2 s; run() or running() return soon after. Before run() it ends that run as it
    // begins, so that a Ctrl-C in the first milliseconds is not lost. From any thread and from a signal handler's flag;
    // async-signal-safe.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace socketscope::run

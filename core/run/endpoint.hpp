// Runs one endpoint's program: the script, line by line, with real system calls in this thread.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/host/hosts.hpp"
#include "core/lesson/lesson.hpp"
#include "core/run/board.hpp"
#include "core/run/expectations.hpp"
#include "core/run/interrupt.hpp"
#include "core/run/names.hpp"
#include "core/run/sampler.hpp"
#include "core/run/values.hpp"
#include "core/script/program.hpp"
#include "core/socket/calls.hpp"
#include "core/trace/log.hpp"

namespace socketscope::run {

// SO_SNDBUF and SO_RCVBUF that a new socket gets; 0 = not known.
struct BufferSizes {
    int send{0}, receive{0};
};

// What all endpoints of a lane share. Must outlive them.
struct LaneContext {
    const lesson::LanePlan& plan;
    const Names& names;
    Board& board;
    host::Hosts& hosts;
    BufferSizes made_here;  // of the lane's kind where the socket is made in this process
    std::atomic<bool> stop{false};
    std::atomic<bool> timed_out{false};  // why `stop`: the lane's time is over
};

class Endpoint {
public:
    // `accepted`: what accept() returns is put there, for others to look at.
    Endpoint(LaneContext& lane, std::size_t index, trace::CallLog& log, NewSockets& accepted);

    // The thread's body. Never throws; what goes wrong is noted in the log.
    void run();
    // --- after run() has returned
    std::vector<trace::ExpectationResult> take_expectations() { return expectations_.take(); }
    const std::string& failure() const { return failure_; }  // not empty: the hosts were lost, or the memory

private:
    // One call of the script as its row in call_table.cpp made it.
    struct Did {
        socket::Result result;
        script::Outcome outcome;
    };
    class Patience;
    struct Rows;  // call_table.cpp: one row for each model::Call

    std::string run_program();
    void end(const std::string& why);

    enum class Flow : std::uint8_t { next, leave_loop, stop };
    Flow run(const std::vector<script::Statement>& statements);
    Flow run(const script::Statement& statement);
    Flow run(const script::CallStatement& statement);
    Flow run(const script::UntilEof& loop);
    Flow run(const script::Repeat& loop);
    Flow run(const script::Wait& wait);
    Flow run(const script::Sleep& sleep);
    Flow after(const script::CallStatement& statement, const script::Expectation* expectation,
               const Did& did);

    // For as long as `-> blocks` gives it.
    Did carry_out_patiently(const script::CallStatement& statement, const script::Expectation* expectation);
    // Makes the call, again after an interruption that nobody here asked for (signal(7), EINTR).
    Did carry_out(const script::CallStatement& statement, model::TimeNs begin_ns);
    // The row of that call in call_table.cpp. `begin_ns`: when the line began, for what is left of a timeout.
    Did make_call(const script::CallStatement& statement, model::TimeNs begin_ns);
    Did finish_connect(int fd);
    void close_what_is_left();

    // --- for the rows of the table
    socket::Result make_socket(int domain, int type, int protocol);
    int descriptor(const script::CallStatement& statement) const;
    void owns(int fd) {
        if (fd >= 0) open_.insert(fd);
    }
    void sample_buffers(int fd, BufferSizes sizes);
    std::span<char> buffer(const script::CallStatement& statement);
    void set_output(const script::CallStatement& statement, script::Param parameter, Value value);
    std::string line_in_words() const;
    void note(model::Note what, std::int64_t value, std::string_view text);
    bool stopped() const { return lane_.stop.load(std::memory_order_relaxed); }

    LaneContext& lane_;
    const std::size_t index_;
    const lesson::EndpointPlan& plan_;
    trace::CallLog& log_;
    NewSockets& accepted_;
    socket::Interruption interruption_;
    socket::Calls calls_;
    Values values_;
    Expectations expectations_;
    Alarm alarm_;
    std::set<int> open_;  // descriptors of this program
    // Of receive calls; memory that the kernel never filled is never touched.
    std::unique_ptr<char[]> buffer_;
    std::size_t buffer_size_{0};  // as large as the largest
    std::string scratch_;         // holds what Outcome::data points to
    bool settled_{false};
    bool in_until_eof_{false};
    std::string failure_;
    std::string stopped_in_;  // which line was blocked when the program was stopped
};

}  // namespace socketscope::run

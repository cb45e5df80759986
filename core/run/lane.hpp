// One lane of a run: its endpoints on threads of their own, their logs, and what came of it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/host/hosts.hpp"
#include "core/lesson/lesson.hpp"
#include "core/trace/log.hpp"
#include "core/trace/trace.hpp"
#include "core/wire/relay.hpp"

namespace socketscope::run {

class Board;
class Sampler;

class Lane {
public:
    explicit Lane(const lesson::LanePlan& plan);
    ~Lane();

    struct Remark {  // model::Note::remark
        std::string text;
        std::int64_t setting{0};
    };
    struct Setup {
        host::Hosts& hosts;
        std::uint16_t first_port;
        model::TimeNs timeout_ns;
        const std::atomic<bool>& stop;  // the person's
        std::vector<Remark> remarks;    // noted at the lane's begin
        std::function<void()> tick;     // called now and then while it runs
        wire::Relay* relay;             // that its datagrams cross; nullptr: none
    };
    // --- the runner's thread
    // Runs all programs to their end, or until their time is over or `stop`. Returns when every thread is joined.
    void run(const Setup& setup);
    void refuse(const std::string& why);  // it did not run, unless it has already
    void skip();                          // the run was stopped before it began
    // Its programs have ended and the wire is quiet. `wire_failure`: why it carries nothing any more; "" = it does.
    void finish(host::Hosts& hosts, const std::string& wire_failure);
    const lesson::LanePlan& plan() const { return plan_; }
    trace::PacketLog& packets() { return packets_; }

    // --- one reader: appends what is new
    trace::LaneTrace empty_trace() const;
    bool collect(trace::LaneTrace& lane);
    // So much is waiting that memory is worth more than the time that collecting takes from the programs.
    bool much_to_collect() const;
    // Gives the logs of busy programs memory ahead of their calls.
    void provide_memory();

private:
    void start_programs(model::Host host, Board& board);
    void end_programs(Board& board, std::atomic<bool>& stop);
    void take_results(bool complete);
    void look_at_sockets(Sampler& sampler);
    bool collect_looked_up(trace::LaneTrace& lane);

    struct Program;  // an endpoint, its log, its thread

    struct Ending {
        model::TimeNs start_ns{0}, end_ns{0};
        bool complete{false};
        std::string refused;
        std::vector<trace::ExpectationResult> expectations;
    };

    const lesson::LanePlan& plan_;
    std::vector<std::unique_ptr<Program>> programs_;
    std::string no_thread_;     // why a program could not be started; "": all could
    std::size_t collected_{0};  // calls and packets
    const trace::LogBounds bounds_;
    trace::PacketLog packets_;
    trace::PacketLog::CursorPtr packet_cursor_;

    mutable std::mutex mutex_;  // of what follows
    Ending ending_;
    bool ending_is_new_{false};
    std::vector<model::SampleRecord> looked_up_;  // not collected yet
};

}  // namespace socketscope::run

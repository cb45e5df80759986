#include "core/run/lane.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "core/model/problem.hpp"
#include "core/model/thread.hpp"
#include "core/run/board.hpp"
#include "core/run/endpoint.hpp"
#include "core/run/interrupt.hpp"
#include "core/run/names.hpp"
#include "core/run/sampler.hpp"

namespace socketscope::run {

using namespace std::chrono_literals;

namespace {

// A lane's clients begin when each server is about to wait for something, or after this time.
constexpr auto kServersFirst = 1000ms;
constexpr auto kTick = 5ms;
constexpr auto kBetweenSignals = 5ms;
constexpr std::size_t kBusy = 1'000;   // calls of one program between two looks: it works as fast as it can
constexpr std::size_t kMuch = 16'000;  // calls and packets: some 3 MB

// What a new socket of this kind gets, asked of one of our own: the endpoints' threads then make no call of ours.
BufferSizes buffers_of(model::Kind kind) {
    const socket::Fd fd(
        ::socket(model::c_domain(kind.domain), model::c_type(kind.type) | SOCK_CLOEXEC, kind.protocol));
    BufferSizes sizes;
    socklen_t size = sizeof sizes.send;
    if (fd) {
        ::getsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &sizes.send, &size);
        ::getsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &sizes.receive, &size);
    }
    return sizes;
}

}  // namespace

struct Lane::Program {
    Program(std::uint8_t index, trace::LogBounds bounds) : log(index, bounds), cursor(log.make_cursor()) {}

    trace::CallLog log;
    trace::CallLog::CursorPtr cursor;
    NewSockets accepted;
    std::size_t seen{0};                 // calls recorded when memory was last provided
    std::unique_ptr<Endpoint> endpoint;  // while the lane runs
    std::thread thread;
};

Lane::Lane(const lesson::LanePlan& plan)
    : plan_(plan),
      bounds_(trace::LogBounds::shared_by(plan.endpoints.size() + 1)),
      packets_(bounds_),
      packet_cursor_(packets_.make_cursor()) {
    for (std::size_t i = 0; i < plan.endpoints.size(); ++i)
        programs_.push_back(std::make_unique<Program>(static_cast<std::uint8_t>(i), bounds_));
}
Lane::~Lane() = default;

void Lane::run(const Setup& setup) {
    {
        const std::lock_guard lock(mutex_);
        ending_.start_ns = socket::now();
        ending_is_new_ = true;
    }
    for (const Remark& remark : setup.remarks)
        programs_.front()->log.note({socket::now(), remark.setting, 0, model::Note::remark, 0, {}},
                                    remark.text);

    Names names(plan_, setup.hosts.report().rung, setup.first_port);
    if (setup.relay)
        names.publish(plan_, [&](model::Host host, const socket::Address& real) {
            return setup.relay->publish(host, real);
        });
    Board board(plan_);
    LaneContext context{plan_, names, board, setup.hosts, buffers_of(plan_.kind)};
    const model::TimeNs deadline = socket::now() + setup.timeout_ns;
    const auto must_stop = [&] {
        if (socket::now() >= deadline) context.timed_out = true;
        return setup.stop.load(std::memory_order_relaxed) || context.timed_out || !no_thread_.empty();
    };

    for (std::size_t i = 0; i < programs_.size(); ++i)
        programs_[i]->endpoint =
            std::make_unique<Endpoint>(context, i, programs_[i]->log, programs_[i]->accepted);
    try {
        start_programs(model::Host::server, board);
        for (std::size_t i = 0; i < programs_.size(); ++i)
            if (plan_.endpoints[i].host == model::Host::server)
                for (auto waited = 0ms; waited < kServersFirst && !must_stop(); waited += kTick)
                    if (board.wait_settled(i, kTick)) break;
        start_programs(model::Host::client, board);

        Sampler sampler(setup.hosts);
        while (!board.wait_all_done(kTick)) {
            if (must_stop()) break;
            look_at_sockets(sampler);
            if (setup.tick) setup.tick();
        }
    } catch (...) {  // no memory: the threads must not outlive what they refer to
        end_programs(board, context.stop);
        throw;
    }
    if (!no_thread_.empty()) context.stop = true;
    end_programs(board, context.stop);
    take_results(!context.stop);
}

void Lane::start_programs(model::Host host, Board& board) {
    for (std::size_t i = 0; i < programs_.size(); ++i) {
        if (plan_.endpoints[i].host != host) continue;
        try {
            programs_[i]->thread =
                model::start_thread("the program `" + plan_.endpoints[i].name + "`",
                                    [endpoint = programs_[i]->endpoint.get()] { endpoint->run(); });
        } catch (const model::NotPossible& no_thread) {
            no_thread_ = no_thread.what();
            board.done(i);
        }
    }
}

void Lane::take_results(bool complete) {
    const std::lock_guard lock(mutex_);
    ending_.complete = complete;
    for (auto& program : programs_) {
        for (auto& result : program->endpoint->take_expectations())
            ending_.expectations.push_back(std::move(result));
        if (ending_.refused.empty()) ending_.refused = program->endpoint->failure();
        if (ending_.refused.empty()) ending_.refused = no_thread_;
        program->endpoint.reset();
    }
}

// Those that still run are stopped. Signals again and again: one that arrives just before a call begins to block would
// be lost.
void Lane::end_programs(Board& board, std::atomic<bool>& stop) {
    for (std::size_t i = 0; i < programs_.size(); ++i)
        if (!programs_[i]->thread.joinable()) board.done(i);
    if (!board.wait_all_done(0ms)) {
        stop = true;
        do {
            board.wake();
            for (std::size_t i = 0; i < programs_.size(); ++i)
                if (!board.is_done(i)) interrupt(programs_[i]->thread.native_handle());
        } while (!board.wait_all_done(kBetweenSignals));
    }
    for (auto& program : programs_)
        if (program->thread.joinable()) program->thread.join();
}

void Lane::look_at_sockets(Sampler& sampler) {
    for (std::size_t i = 0; i < programs_.size(); ++i) {
        const auto samples = sampler.look(static_cast<std::uint8_t>(i), plan_.endpoints[i].host,
                                          programs_[i]->thread, programs_[i]->accepted);
        const std::lock_guard lock(mutex_);
        looked_up_.insert(looked_up_.end(), samples.begin(), samples.end());
    }
}

void Lane::refuse(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (ending_.end_ns != 0) return;
    ending_.refused = why;
    ending_.start_ns = ending_.end_ns = socket::now();
    ending_is_new_ = true;
}

void Lane::skip() {
    const std::lock_guard lock(mutex_);
    ending_.start_ns = ending_.end_ns = socket::now();
    ending_is_new_ = true;
}

void Lane::finish(host::Hosts& hosts, const std::string& wire_failure) {
    std::string lost = wire_failure.empty() ? "" : "the wire stood still: " + wire_failure;
    try {
        for (const auto host : {model::Host::client, model::Host::server})
            if (const auto drops = hosts.device_drops(host); drops > 0 && !programs_.empty())
                programs_.front()->log.sample({socket::now(), static_cast<std::int64_t>(drops), -1,
                                               model::Sample::device_drops, static_cast<std::uint8_t>(host)});
    } catch (const model::Failure& failure) {
        lost = failure.what();  // the helper died while the lane ran
    }
    const std::lock_guard lock(mutex_);
    if (ending_.refused.empty() && plan_.kind.domain != model::Domain::local) ending_.refused = lost;
    if (!ending_.refused.empty()) ending_.complete = false;
    ending_.end_ns = socket::now();
    ending_is_new_ = true;
}

trace::LaneTrace Lane::empty_trace() const {
    trace::LaneTrace lane;
    lane.kind = plan_.kind;
    lane.link = plan_.link;
    for (const auto& endpoint : plan_.endpoints)
        lane.endpoints.push_back({endpoint.name, endpoint.host, endpoint.script,
                                  static_cast<std::uint32_t>(std::max(endpoint.file_line, 1))});
    return lane;
}

bool Lane::collect(trace::LaneTrace& lane) {
    bool changed = false;
    {
        // First: what it says of the lane's end must not be older than the events that follow.
        const std::lock_guard lock(mutex_);
        if (std::exchange(ending_is_new_, false)) {
            changed = true;
            lane.start_ns = ending_.start_ns;
            lane.end_ns = ending_.end_ns;
            lane.refused = ending_.refused;
            if (lane.end_ns != 0) {
                lane.complete = ending_.complete;
                lane.expectations = ending_.expectations;
            }
        }
    }
    lane.dropped_events = packets_.dropped();
    for (auto& program : programs_) {
        changed |= program->log.collect(lane, *program->cursor);
        program->log.release(*program->cursor);
        if (lane.end_ns != 0) program->log.writer_has_ended();
        lane.dropped_events += program->log.dropped();
    }
    changed |= packets_.collect(lane, *packet_cursor_);
    packets_.release(*packet_cursor_);
    changed |= collect_looked_up(lane);
    collected_ = lane.calls.size() + lane.packets.size();
    return changed;
}

bool Lane::collect_looked_up(trace::LaneTrace& lane) {
    const std::lock_guard lock(mutex_);
    if (looked_up_.empty()) return false;
    lane.samples.insert(lane.samples.end(), looked_up_.begin(), looked_up_.end());
    looked_up_.clear();
    std::stable_sort(
        lane.samples.begin(), lane.samples.end(),
        [](const model::SampleRecord& a, const model::SampleRecord& b) { return a.at_ns < b.at_ns; });
    return true;
}

void Lane::provide_memory() {
    for (auto& program : programs_) {
        const std::size_t recorded = program->log.recorded();
        if (recorded > program->seen + kBusy) program->log.provide();
        program->seen = recorded;
    }
}

bool Lane::much_to_collect() const {
    std::size_t recorded = packets_.recorded();
    for (const auto& program : programs_) recorded += program->log.recorded();
    return recorded > collected_ + kMuch;
}

}  // namespace socketscope::run

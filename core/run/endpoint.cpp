#include "core/run/endpoint.hpp"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <new>
#include <utility>

#include "core/model/call.hpp"
#include "core/model/problem.hpp"
#include "core/run/descriptor_table.hpp"

namespace socketscope::run {

using model::Call;
using model::Note;

namespace {

// Calls that only set things up. Before any other one the endpoint counts as settled.
bool sets_up(Call call) {
    switch (model::row(call).effect) {
        case model::CallClass::makes_socket:
            return call != Call::accept;
        case model::CallClass::names:
        case model::CallClass::asks:
            return true;
        default:
            return call == Call::listen || call == Call::close;
    }
}

}  // namespace

Endpoint::Endpoint(LaneContext& lane, std::size_t index, trace::CallLog& log, NewSockets& accepted)
    : lane_(lane),
      index_(index),
      plan_(lane.plan.endpoints[index]),
      log_(log),
      accepted_(accepted),
      interruption_{&lane.stop},
      calls_(log, interruption_),
      values_(lane.names, index, plan_.program.variables),
      expectations_(plan_.program, model::to_string(lane.plan.kind), static_cast<std::uint8_t>(index)) {}

void Endpoint::run() {
    block_other_signals();
    take_own_descriptor_table(lane_.hosts.helper_socket());
    try {
        end(run_program());
    } catch (const std::bad_alloc&) {  // not even for the record of how it ended
        failure_ = model::kNoMemory;
    }
    lane_.board.done(index_);
}

// Why it ended before its end; "": it did not.
std::string Endpoint::run_program() {
    std::string why;
    note(Note::program_start, 0, {});
    try {
        if (run(plan_.program.statements) == Flow::stop) why = "stopped";
    } catch (const model::Failure& failure) {
        failure_ = why = failure.what();
        note(Note::script_error, 0, why);
    } catch (const std::bad_alloc&) {
        why = "no memory left for what this line asks for";
        note(Note::script_error, 0, why);
    } catch (const std::exception& failure) {
        why = failure.what();
        note(Note::script_error, 0, why);
    }
    if (why == "stopped") {
        if (lane_.timed_out) why += ": the lane's time was over";
        if (!stopped_in_.empty()) why += "; " + stopped_in_;
    }
    return why;
}

void Endpoint::end(const std::string& why) {
    const std::uint16_t line = calls_.line;
    close_what_is_left();
    expectations_.finish(why.empty());
    calls_.line = why.empty() ? std::uint16_t{0} : line;
    note(Note::program_end, why.empty() ? 0 : 1, why);
}

// As at the end of a process, in the order of the numbers.
void Endpoint::close_what_is_left() {
    calls_.line = 0;
    calls_.flags = model::kOurOwnCall;
    for (const int fd : open_) calls_.close(fd);
    open_.clear();
}

void Endpoint::note(Note what, std::int64_t value, std::string_view text) {
    log_.note({socket::now(), value, calls_.line, what, 0, {}}, text);
}

// As an editor counts: of the file.
std::string Endpoint::line_in_words() const {
    return "line " + std::to_string(static_cast<int>(calls_.line) + std::max(plan_.file_line, 1) - 1);
}

// --- control lines

Endpoint::Flow Endpoint::run(const std::vector<script::Statement>& statements) {
    for (const auto& statement : statements)
        if (const Flow flow = run(statement); flow != Flow::next) return flow;
    return Flow::next;
}

Endpoint::Flow Endpoint::run(const script::Statement& statement) {
    if (stopped()) return Flow::stop;
    calls_.line = static_cast<std::uint16_t>(statement.at.line);
    return std::visit([this](const auto& what) { return run(what); }, statement.what);
}

Endpoint::Flow Endpoint::run(const script::UntilEof& loop) {
    const bool outer = std::exchange(in_until_eof_, true);
    Flow flow = Flow::next;
    while (flow == Flow::next && !loop.body.empty()) flow = run(loop.body);
    in_until_eof_ = outer;
    return flow == Flow::leave_loop ? Flow::next : flow;
}

Endpoint::Flow Endpoint::run(const script::Repeat& loop) {
    for (std::uint64_t i = 0; i < loop.times; ++i)
        if (const Flow flow = run(loop.body); flow != Flow::next) return flow;
    return Flow::next;
}

Endpoint::Flow Endpoint::run(const script::Wait& wait) {
    if (!std::exchange(settled_, true)) lane_.board.settled(index_);
    note(Note::wait_begin, 0, wait.written);
    if (const auto endpoint = lane_.names.endpoint(wait.endpoint))
        lane_.board.wait(wait, *endpoint, lane_.stop);
    note(Note::wait_end, 0, wait.written);
    if (stopped()) stopped_in_ = "wait(" + wait.written + ") in " + line_in_words() + " was not over";
    return stopped() ? Flow::stop : Flow::next;
}

Endpoint::Flow Endpoint::run(const script::Sleep& sleep) {
    if (!std::exchange(settled_, true)) lane_.board.settled(index_);
    note(Note::sleep_begin, sleep.ns, {});
    const model::TimeNs until = socket::now() + sleep.ns;
    const timespec when{static_cast<time_t>(until / model::kSecond),
                        static_cast<long>(until % model::kSecond)};
    while (!stopped() && ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr) == EINTR) {}
    note(Note::sleep_end, sleep.ns, {});
    return stopped() ? Flow::stop : Flow::next;
}

// --- calls

// `-> blocks`: as long as it lives the endpoint's calls are interrupted after that time.
class Endpoint::Patience {
public:
    Patience(Endpoint& endpoint, model::TimeNs ns) : endpoint_(ns != model::kNever ? &endpoint : nullptr) {
        if (endpoint_ == nullptr) return;
        endpoint_->interruption_.due_ns = socket::now() + ns;
        endpoint_->alarm_.arm(endpoint_->interruption_.due_ns);
    }
    ~Patience() {
        if (endpoint_ == nullptr) return;
        endpoint_->alarm_.disarm();
        endpoint_->interruption_.due_ns = model::kNever;
    }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;

private:
    Endpoint* endpoint_;
};

Endpoint::Flow Endpoint::run(const script::CallStatement& statement) {
    if (!settled_ && !sets_up(statement.call)) {
        settled_ = true;
        lane_.board.settled(index_);
    }
    const auto* expectation = expectations_.of(statement);
    lane_.board.entered(index_, statement.call);
    try {
        const Did did = carry_out_patiently(statement, expectation);
        lane_.board.returned(index_, statement.call, did.result.ok());
        if (!did.result.interrupted || !stopped()) return after(statement, expectation, did);
    } catch (const CannotRun& reason) {
        note(Note::script_error, 0, reason.why);
        return Flow::next;
    }
    stopped_in_ = std::string(model::row(statement.call).name) + " was blocked in " + line_in_words() +
                  " for " + model::format_duration(socket::now() - calls_.entered_ns());
    return Flow::stop;
}

Endpoint::Flow Endpoint::after(const script::CallStatement& statement, const script::Expectation* expectation,
                               const Did& did) {
    // A failed socket() leaves −1 in its variable, as in C: the lines that use it then fail with EBADF.
    if (statement.targets.size() == 1) values_.set(statement.targets[0], did.outcome.answer);
    if (expectation != nullptr) {
        const auto check = expectations_.check(*expectation, did.outcome);
        if (check.worth_a_note) note(Note::expectation, check.held ? 1 : 0, check.text);
    }
    const bool ended = did.result.value <= 0 && model::receives(statement.call);
    return ended && in_until_eof_ ? Flow::leave_loop : Flow::next;
}

// The answer is built where the caller keeps it, all the way down: to copy it costs as much as a stamp.
Endpoint::Did Endpoint::carry_out_patiently(const script::CallStatement& statement,
                                            const script::Expectation* expectation) {
    const Patience patience(*this, script::blocks_after(expectation));
    // Only poll(2) asks when its line began; to read the clock costs a third of what recording a call does.
    return carry_out(statement, statement.call == Call::poll ? socket::now() : 0);
}

Endpoint::Did Endpoint::carry_out(const script::CallStatement& statement, model::TimeNs begin) {
    Did did = make_call(statement, begin);
    // close(2): after EINTR the descriptor is gone already. connect(2): the connection goes on being made.
    while (did.result.error == EINTR && !did.result.interrupted && statement.call != Call::close)
        did = statement.call == Call::connect ? finish_connect(descriptor(statement))
                                              : make_call(statement, begin);
    return did;
}

// connect(2), EINTR: poll(2) for writability, then SO_ERROR has the result.
Endpoint::Did Endpoint::finish_connect(int fd) {
    calls_.flags = model::kOurOwnCall;
    pollfd item{fd, POLLOUT, 0};
    Did did;
    do did.result = calls_.poll({&item, 1}, -1);
    while (did.result.error == EINTR && !did.result.interrupted);
    std::string error(sizeof(int), '\0');
    if (did.result.ok() && calls_.getsockopt(fd, SOL_SOCKET, SO_ERROR, error).ok()) {
        int number = 0;
        error.copy(reinterpret_cast<char*>(&number), sizeof number);
        did.result = {number == 0 ? 0 : -1, number, false};
    }
    calls_.flags = 0;
    did.outcome.answer = did.result.value;
    did.outcome.error = did.result.error;
    did.outcome.interrupted = did.result.interrupted;
    return did;
}

}  // namespace socketscope::run

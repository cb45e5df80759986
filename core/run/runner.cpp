#include "core/run/runner.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "core/model/problem.hpp"
#include "core/model/thread.hpp"
#include "core/run/beside.hpp"
#include "core/run/lane.hpp"
#include "core/run/loopback.hpp"
#include "core/run/private_folder.hpp"
#include "core/socket/calls.hpp"
#include "core/wire/relay.hpp"
#include "core/wire/wire.hpp"

namespace socketscope::run {

using namespace std::chrono_literals;

namespace {

// Nothing on the wire for so long: the lane is over.
constexpr model::TimeNs kQuiet = 30 * model::kMillisecond;
constexpr model::TimeNs kQuietLimit = 1500 * model::kMillisecond;
constexpr model::TimeNs kSlice = 50 * model::kMillisecond;  // how often a wait looks at the stop flag
constexpr std::uint16_t kFirstPort = 7000, kPorts = 1000, kLanesApart = 37;

std::string kernel_text() {
    utsname name{};
    ::uname(&name);
    return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace

struct Runner::Impl {
    std::atomic<bool> stop{false};  // outlives the hosts, which look at it
    std::unique_ptr<host::Hosts> hosts;
    std::unique_ptr<wire::Wire> wire;    // on the rungs with two hosts
    std::unique_ptr<wire::Relay> relay;  // on the loopback rung
    std::atomic<bool> running{false};
    std::thread worker;
    unsigned lanes_run{0};  // over all runs: no port twice within TIME_WAIT (tcp(7))

    std::mutex mutex;           // of what follows
    lesson::Scenario scenario;  // lanes refer to it
    trace::Trace header;
    std::vector<trace::HostAddress> addresses;  // the same in every lane
    std::vector<std::unique_ptr<Lane>> lanes;
    trace::Trace growing;  // what start() has recorded so far
    bool collected_since_poll{false};
    std::vector<LoopbackTerms> terms;  // one a lane; all empty where there are two hosts

    Impl() {
        remove_stale_folders();
        open_hosts();
        // On loopback the ports are the machine's: two of us that begin at once must not choose the same.
        if (relay) lanes_run = static_cast<unsigned>(::getpid()) * kLanesApart % kPorts;
    }

    void open_hosts() {
        wire.reset();
        relay.reset();
        hosts.reset();
        hosts = host::Hosts::open();
        hosts->hurry_when(stop);
        if (hosts->report().rung == host::Rung::loopback) relay = std::make_unique<wire::Relay>();
        auto client = hosts->take_link_end(model::Host::client);
        auto server = hosts->take_link_end(model::Host::server);
        if (client.fd && server.fd) wire = std::make_unique<wire::Wire>(std::move(client), std::move(server));
    }

    // A helper that died in the last run, or between two, is started anew.
    void check_hosts() {
        bool lost = wire != nullptr && !wire->failure().empty();
        try {
            hosts->device_drops(model::Host::client);
        } catch (const model::Failure&) {
            lost = true;
        }
        if (lost) open_hosts();
    }

    void prepare(const lesson::Scenario& wanted) {
        check_hosts();
        const std::lock_guard lock(mutex);
        lanes.clear();
        growing = {};
        collected_since_poll = false;
        scenario = wanted;
        agree_on_terms();
        header = {};
        header.title = scenario.title;
        header.source = scenario.source;
        header.source_name = scenario.source_name;
        header.seed = scenario.seed;
        header.rung = hosts->report().name;
        header.kernel = kernel_text();
        header.recorded_at = utc_now();
        addresses.clear();
        for (const model::Host host : {model::Host::client, model::Host::server})
            for (std::string& ip : hosts->addresses(host)) addresses.push_back({host, std::move(ip)});
        for (const auto& plan : scenario.lanes) lanes.push_back(std::make_unique<Lane>(plan));
    }

    void agree_on_terms() {
        terms.assign(scenario.lanes.size(), {});
        if (hosts->report().rung != host::Rung::loopback) return;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            terms[i] = loopback_terms(scenario.lanes[i], hosts->report());
            if (!terms[i].left_out.empty())
                scenario.lanes[i].link = {};  // the trace says what was, not what was wished
        }
    }

    void sleep(model::TimeNs duration) const {
        for (model::TimeNs done = 0; done < duration && !stop; done += kSlice)
            std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(kSlice, duration - done)));
    }

    std::vector<Lane::Remark> set_sysctls() {
        std::vector<Lane::Remark> remarks;
        std::int64_t number = 0;
        for (const auto& [name, value] : scenario.sysctl) {
            ++number;
            const std::string failed = hosts->set_sysctl(name, value);
            if (!failed.empty()) remarks.push_back({failed, number});
        }
        return remarks;
    }

    void run_lanes(const Options& options, const std::function<void()>& tick) {
        const auto remarks = set_sysctls();
        std::optional<Beside> beside;
        if (!options.beside.empty()) {
            beside.emplace(*hosts, options.beside);
            sleep(options.settle_ns);
        }
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            if (stop) {
                lanes[i]->skip();
                continue;
            }
            run_lane(*lanes[i], terms[i], remarks, tick);
        }
        end_run();
        beside.reset();
        hosts->restore_sysctls();
    }

    void run_lane(Lane& lane, const LoopbackTerms& term, std::vector<Lane::Remark> remarks,
                  const std::function<void()>& tick) {
        const auto& plan = lane.plan();
        if (hosts->report().rung == host::Rung::replay) {
            const auto& report = hosts->report();
            lane.refuse(report.forced
                            ? "SOCKETSCOPE_RUNG asks for replay only: nothing runs until it is unset"
                            : "this machine can only replay recordings: " + report.missing);
            return;
        }
        if (!term.refused.empty()) {
            lane.refuse(term.refused);
            return;
        }
        if (!term.left_out.empty()) remarks.push_back({term.left_out});
        if (wire) wire->begin_lane(plan.link, scenario.seed, lane.packets());
        wire::Relay* const relayed = term.relay ? relay.get() : nullptr;
        if (relayed) relayed->begin_lane(plan.link, scenario.seed, lane.packets());
        try {
            lane.run({*hosts, next_port(plan), scenario.timeout_ns, stop, std::move(remarks), tick, relayed});
        } catch (
            const model::Failure& no_relay) {  // no ::1 on this machine, for example: the other lanes can run
            lane.refuse(no_relay.what());
            return;
        }
        if (wire && plan.kind.domain != model::Domain::local) wait_until_quiet(*wire, plan.link);
        if (relayed) wait_until_quiet(*relayed, plan.link);
        lane.finish(*hosts, relayed ? relayed->failure() : wire ? wire->failure() : "");
    }

    std::uint16_t next_port(const lesson::LanePlan& plan) {
        const auto port = static_cast<std::uint16_t>(kFirstPort + lanes_run++ % kPorts);
        if (!relay || plan.kind.domain == model::Domain::local) return port;
        const std::uint16_t free = free_first_port(plan, port, kFirstPort + kPorts);
        lanes_run += static_cast<unsigned>(free - port);
        return free;
    }

    void end_run() {
        if (wire) wire->end_run();
        if (relay) relay->end_run();
    }

    template <class Carrier>  // the wire or the relay
    void wait_until_quiet(Carrier& carrier, const model::LinkSpec& link) {
        // What the programs left behind, above all FIN and its answers, belongs to the lane.
        const model::TimeNs until = socket::now() + kQuietLimit + 2 * link.delay_ns;
        const model::TimeNs wanted = kQuiet + link.delay_ns + link.jitter_ns;
        // In slices, so that a stop is heeded.
        for (model::TimeNs quiet = 0; quiet < wanted && socket::now() < until && !stop;) {
            const model::TimeNs slice = std::min(kSlice, wanted - quiet);
            quiet = carrier.wait_quiet(slice, slice) ? quiet + slice : 0;
        }
    }

    // The whole run; what goes wrong is said in the lanes.
    void run_all(const Options& options, const std::function<void()>& tick) {
        try {
            run_lanes(options, tick);
        } catch (const std::bad_alloc&) {
            give_up(model::kNoMemory);
        } catch (const std::exception& failure) {
            give_up(failure.what());
        }
    }

    void give_up(const std::string& why) {
        end_run();
        for (const auto& lane : lanes) lane->refuse(why);
    }

    // With the mutex locked.
    bool collect(trace::Trace& trace) {
        bool changed = false;
        if (trace.lanes.size() != lanes.size()) {
            trace = header;
            for (const auto& lane : lanes) {
                trace.lanes.push_back(lane->empty_trace());
                trace.lanes.back().addresses = addresses;
                for (const auto& [name, value] : scenario.sysctl)
                    trace.lanes.back().settings.push_back({name, value});
            }
            changed = true;
        }
        for (std::size_t i = 0; i < lanes.size(); ++i) changed |= lanes[i]->collect(trace.lanes[i]);
        return changed;
    }

    void collect_if_much(trace::Trace& trace) {
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            if (lanes[i]->much_to_collect()) collected_since_poll |= lanes[i]->collect(trace.lanes[i]);
            lanes[i]->provide_memory();
        }
    }

    // What start() recorded, or run() when it has ended: nothing more will be written. Frees the logs.
    void finish(trace::Trace& trace) {
        const std::lock_guard lock(mutex);
        collect(trace);
        lanes.clear();
        header = {};
        collected_since_poll = false;
    }

    void join() {
        if (worker.joinable()) worker.join();
    }
};

Runner::Runner() : impl_(std::make_unique<Impl>()) {}

Runner::~Runner() {
    stop();
    impl_->join();
}

const host::RungReport& Runner::rung() const {
    return impl_->hosts->report();
}
host::Hosts& Runner::hosts() {
    return *impl_->hosts;
}

trace::Trace Runner::run(const lesson::Scenario& scenario, const Options& options) {
    impl_->join();
    impl_->prepare(scenario);
    trace::Trace trace;
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->collect(trace);
    }
    impl_->run_all(options, [&] { impl_->collect_if_much(trace); });
    impl_->finish(trace);
    impl_->stop = false;
    return trace;
}

void Runner::start(const lesson::Scenario& scenario, const Options& options) {
    impl_->join();
    impl_->stop = false;  // it was meant for the run before
    impl_->prepare(scenario);
    impl_->running = true;
    const auto whole_run = [this, options] {
        try {
            impl_->run_all(options, [this] {
                const std::lock_guard lock(impl_->mutex);
                if (impl_->growing.lanes.size() == impl_->lanes.size())
                    impl_->collect_if_much(impl_->growing);
            });
        } catch (const std::bad_alloc&) {
            // Not even for the sentence that there is none: the lanes stay as far as they came.
        }
        impl_->stop = false;
        impl_->running = false;
    };
    try {
        impl_->worker = model::start_thread("the run", whole_run);
    } catch (...) {
        impl_->running = false;
        throw;
    }
}

bool Runner::running() const {
    return impl_->running;
}
bool Runner::poll(trace::Trace& trace) {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->collect(impl_->growing) && !impl_->collected_since_poll) return false;
    impl_->collected_since_poll = false;
    trace = impl_->growing;
    return true;
}
trace::Trace Runner::take() {
    impl_->finish(impl_->growing);
    return std::move(impl_->growing);
}
void Runner::stop() {
    impl_->stop = true;
}

}  // namespace socketscope::run

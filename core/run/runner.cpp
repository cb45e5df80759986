#include "core/run/runner.hpp"

#include <sys/utsname.h>

#include <chrono>
#include <ctime>
#include <mutex>
#include <optional>
#include <thread>

#include "core/model/problem.hpp"
#include "core/run/beside.hpp"
#include "core/run/lane.hpp"
#include "core/socket/calls.hpp"
#include "core/wire/wire.hpp"

namespace socketscope::run {

using namespace std::chrono_literals;

namespace {

constexpr model::TimeNs kQuiet =
    30 * model::kMillisecond;  // nothing on the wire for so long: the lane is over
constexpr model::TimeNs kQuietLimit = 1500 * model::kMillisecond;
constexpr model::TimeNs kSlice = 50 * model::kMillisecond;  // how often a wait looks at the stop flag
constexpr std::uint16_t kFirstPort = 7000, kPorts = 1000;

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
    std::unique_ptr<host::Hosts> hosts;
    std::unique_ptr<wire::Wire> wire;  // on the rungs with two hosts
    std::atomic<bool> stop{false};
    std::atomic<bool> running{false};
    std::thread worker;
    unsigned lanes_run{0};  // over all runs: no port twice within TIME_WAIT (tcp(7))

    std::mutex mutex;           // of what follows
    lesson::Scenario scenario;  // lanes refer to it
    trace::Trace header;
    std::vector<std::unique_ptr<Lane>> lanes;

    Impl() { open_hosts(); }

    void open_hosts() {
        wire.reset();
        hosts.reset();
        hosts = host::Hosts::open();
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
        stop = false;
        check_hosts();
        const std::lock_guard lock(mutex);
        lanes.clear();
        scenario = wanted;
        header = {};
        header.title = scenario.title;
        header.source = scenario.source;
        header.source_name = scenario.source_name;
        header.seed = scenario.seed;
        header.rung = hosts->report().name;
        header.kernel = kernel_text();
        header.recorded_at = utc_now();
        for (const auto& plan : scenario.lanes) lanes.push_back(std::make_unique<Lane>(plan));
    }

    void sleep(model::TimeNs duration) const {
        for (model::TimeNs done = 0; done < duration && !stop; done += kSlice)
            std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(kSlice, duration - done)));
    }

    std::vector<std::string> set_sysctls() {
        std::vector<std::string> warnings;
        for (const auto& [name, value] : scenario.sysctl) {
            const std::string failed = hosts->set_sysctl(name, value);
            if (!failed.empty()) warnings.push_back(failed);
        }
        return warnings;
    }

    void run_lanes(const Options& options, const std::function<void()>& tick) {
        const auto warnings = set_sysctls();
        std::optional<Beside> beside;
        if (!options.beside.empty()) {
            beside.emplace(*hosts, options.beside);
            sleep(options.settle_ns);
        }
        for (const auto& lane : lanes) {
            if (stop) {
                lane->refuse("stopped before this lane began");
                continue;
            }
            run_lane(*lane, warnings, tick);
        }
        if (wire) wire->end_run();
        beside.reset();
        hosts->restore_sysctls();
    }

    void run_lane(Lane& lane, const std::vector<std::string>& warnings, const std::function<void()>& tick) {
        const auto& plan = lane.plan();
        if (hosts->report().rung == host::Rung::replay) {
            lane.refuse("this machine can only replay recordings: " + hosts->report().missing);
            return;
        }
        if (wire) wire->begin_lane(plan.link, scenario.seed, lane.packets());
        const auto port = static_cast<std::uint16_t>(kFirstPort + lanes_run++ % kPorts);
        lane.run({*hosts, port, scenario.timeout_ns, stop, warnings, tick});
        if (wire && plan.kind.domain != model::Domain::local) wait_until_quiet(plan.link);
        lane.finish(*hosts);
    }

    void wait_until_quiet(const model::LinkSpec& link) {
        // What the programs left behind, above all FIN and its answers, belongs to the lane.
        const model::TimeNs until = socket::now() + kQuietLimit + 2 * link.delay_ns;
        const model::TimeNs quiet = kQuiet + link.delay_ns + link.jitter_ns;
        while (!stop && socket::now() < until && !wire->wait_quiet(quiet, quiet + kSlice)) {}
    }

    // The whole run; what goes wrong is said in the lanes.
    void run_all(const Options& options, const std::function<void()>& tick) {
        try {
            run_lanes(options, tick);
        } catch (const std::exception& failure) {
            if (wire) wire->end_run();
            for (const auto& lane : lanes) lane->refuse(failure.what());
        }
    }

    bool collect(trace::Trace& trace) {
        const std::lock_guard lock(mutex);
        bool changed = false;
        if (trace.lanes.size() != lanes.size()) {
            trace = header;
            for (const auto& lane : lanes) trace.lanes.push_back(lane->empty_trace());
            changed = true;
        }
        for (std::size_t i = 0; i < lanes.size(); ++i) changed |= lanes[i]->collect(trace.lanes[i]);
        return changed;
    }

    void collect_if_much(trace::Trace& trace) {
        for (std::size_t i = 0; i < lanes.size(); ++i)
            if (lanes[i]->much_to_collect()) lanes[i]->collect(trace.lanes[i]);
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
    impl_->collect(trace);
    impl_->run_all(options, [&] { impl_->collect_if_much(trace); });
    impl_->collect(trace);
    return trace;
}

void Runner::start(const lesson::Scenario& scenario, const Options& options) {
    impl_->join();
    impl_->prepare(scenario);
    impl_->running = true;
    impl_->worker = std::thread([this, options] {
        impl_->run_all(options, nullptr);
        impl_->running = false;
    });
}

bool Runner::running() const {
    return impl_->running;
}
bool Runner::poll(trace::Trace& trace) {
    return impl_->collect(trace);
}
void Runner::stop() {
    impl_->stop = true;
}

}  // namespace socketscope::run

// What recording costs: a call and an AF_UNIX ping-pong, bare and recorded, the same ping-pong as two socket scripts
// run by the product, and under strace(1).
//
// Goals: at most 100 ns on top of a bare call; at most 1.15 times the wall time of a bare ping-pong. Bare
// and recorded blocks take turns and each block is compared with its neighbour; the figures are medians,
// so that a busy machine disturbs little. Beside the wall's time stands that of the processors (cpu):
// what other programs take is no part of it. On a machine with few of them `taskset -c 1` keeps the
// scheduler's choice of processor out of the ratios.
#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/run/runner.hpp"
#include "core/socket/calls.hpp"
#include "core/socket/fd.hpp"
#include "tests/run/scene.hpp"

using namespace socketscope;
using socket::Fd;

namespace {

constexpr std::size_t kSize = 64;
// A log's first chunks are memory that was touched beforehand; a long run needs more, and a reader that gives it back.
constexpr int kShort = 5'000, kLong = 50'000, kMillion = 1'000'000;
constexpr const char* kOnlyPingPong = "--only-bare-ping-pong";

struct Pair {
    Fd a, b;
    explicit Pair(int type) {
        int fds[2];
        if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0) {
            std::perror("socketpair");
            std::exit(1);
        }
        a = Fd(fds[0]);
        b = Fd(fds[1]);
    }
};

// Reads a log while it is written, as the runner's thread does in a run (core/run/lane.cpp).
class Reader {
public:
    explicit Reader(trace::CallLog& log)
        : log_(log), cursor_(log.make_cursor()), thread_([this] { run(); }) {}
    ~Reader() {
        over_ = true;
        thread_.join();
    }

private:
    void run() {
        std::size_t seen = 0;
        while (!over_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            const std::size_t recorded = log_.recorded();
            if (recorded > lane_.calls.size() + 16'000) {
                log_.collect(lane_, *cursor_);
                log_.release(*cursor_);
            }
            if (recorded > seen + 1'000) log_.provide();
            seen = recorded;
        }
    }

    trace::CallLog& log_;
    trace::LaneTrace lane_;
    trace::CallLog::CursorPtr cursor_;
    std::atomic<bool> over_{false};
    std::thread thread_;
};

// A program of one thread makes calls that are cheaper: the kernel takes no reference to a descriptor
// that nobody else can close (fdget), and the C library no care of cancellation. A recorded program is
// never alone, so neither is the bare one.
class Bystander {
public:
    Bystander() : thread_([this] { over_.wait(false); }) {}
    ~Bystander() {
        over_ = true;
        over_.notify_all();
        thread_.join();
    }

private:
    std::atomic<bool> over_{false};
    std::thread thread_;
};

// The two ways to make a call, under the same names.
struct Bare {
    Bystander bystander;
    void send(int fd, std::string_view data) { ::send(fd, data.data(), data.size(), 0); }
    void recv(int fd, std::span<char> into) { ::recv(fd, into.data(), into.size(), 0); }
};
struct Recorded {
    trace::CallLog log{0};
    Reader reader{log};
    socket::Interruption interruption;
    socket::Calls calls{log, interruption};
    void send(int fd, std::string_view data) { calls.send(fd, data, 0); }
    void recv(int fd, std::span<char> into) { calls.recv(fd, into, 0); }
};

double ns_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

double cpu_ns(clockid_t whose) {
    timespec time{};
    ::clock_gettime(whose, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

struct Cost {
    double wall_ns{0}, cpu_ns{0};
};

// One thread sends to itself: the time of one call, a block's mean.
template <class Way>
Cost one_call(const Pair& pair, int calls) {
    Way way;
    const std::string data(kSize, 'x');
    char into[kSize];
    const auto begin = std::chrono::steady_clock::now();
    const double cpu_begin = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < calls; i += 2) {
        way.send(pair.a.get(), data);
        way.recv(pair.b.get(), into);
    }
    return {ns_since(begin) / calls, (cpu_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_begin) / calls};
}

// Two threads, each with a log of its own as in a run: the time of one round trip, and that of all threads' processors.
template <class Way>
Cost one_round(const Pair& pair, int rounds) {
    const std::string data(kSize, 'x');
    const double cpu_begin = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    Way here, there;
    std::thread echo([&] {
        char into[kSize];
        for (int i = 0; i < rounds; ++i) {
            there.recv(pair.b.get(), into);
            there.send(pair.b.get(), data);
        }
    });
    char into[kSize];
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
        here.send(pair.a.get(), data);
        here.recv(pair.a.get(), into);
    }
    const double time = ns_since(begin);
    echo.join();
    return {time / rounds, (cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin) / rounds};
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void call(benchmark::State& state) {
    const int calls = static_cast<int>(state.range(0));
    const Pair pair(SOCK_DGRAM);
    std::vector<double> bare, recorded, on_top, on_top_cpu;
    for (auto _ : state) {
        const Cost without = one_call<Bare>(pair, calls), with = one_call<Recorded>(pair, calls);
        bare.push_back(without.wall_ns);
        recorded.push_back(with.wall_ns);
        on_top.push_back(with.wall_ns - without.wall_ns);
        on_top_cpu.push_back(with.cpu_ns - without.cpu_ns);
    }
    state.counters["bare_ns"] = median(bare);
    state.counters["recorded_ns"] = median(recorded);
    state.counters["on_top_ns"] = median(on_top);
    state.counters["on_top_cpu_ns"] = median(on_top_cpu);
}
BENCHMARK(call)->Arg(kShort)->Arg(kLong)->ArgName("calls")->Iterations(101)->Unit(benchmark::kMillisecond);
BENCHMARK(call)->Arg(kMillion)->ArgName("calls")->Iterations(7)->Unit(benchmark::kMillisecond);

// Blocks of the bare way and of another, side by side.
struct Beside {
    std::vector<double> bare, other, ratio, cpu_ratio;
    void add(const Cost& without, const Cost& with) {
        bare.push_back(without.wall_ns);
        other.push_back(with.wall_ns);
        ratio.push_back(with.wall_ns / without.wall_ns);
        if (with.cpu_ns > 0) cpu_ratio.push_back(with.cpu_ns / without.cpu_ns);
    }
    void tell(benchmark::State& state, const char* what) const {
        state.counters["bare_us"] = median(bare) / 1000;
        state.counters[what] = median(other) / 1000;
        state.counters["ratio"] = median(ratio);
        if (!cpu_ratio.empty()) state.counters["cpu_ratio"] = median(cpu_ratio);
    }
};

void ping_pong(benchmark::State& state) {
    const int rounds = static_cast<int>(state.range(0)) / 2;  // two calls a round in each thread
    const Pair pair(SOCK_STREAM);
    Beside beside;
    for (auto _ : state) {
        const Cost bare = one_round<Bare>(pair, rounds);
        beside.add(bare, one_round<Recorded>(pair, rounds));
    }
    beside.tell(state, "recorded_us");
}
BENCHMARK(ping_pong)->Arg(kShort)->Arg(kLong)->ArgName("calls")->Iterations(31)->UseRealTime()->Unit(
    benchmark::kMillisecond);
BENCHMARK(ping_pong)->Arg(kMillion)->ArgName("calls")->Iterations(3)->UseRealTime()->Unit(
    benchmark::kMillisecond);

// The whole product: the same loop as two socket scripts, from the loop's first call to its last.
Cost one_round_of_scripts(run::Runner& runner, int rounds) {
    const std::string loop = "repeat " + std::to_string(rounds) + ":\n";
    const std::string server = "s = socket()\nbind(s, server)\nlisten(s, 1)\na = accept(s)\n" + loop +
                               "    recv(a, 64)\n    send(a, \"x\" * 64)\n";
    const std::string client = "c = socket()\nwait(server.listening)\nconnect(c, server)\n" + loop +
                               "    send(c, \"x\" * 64)\n    recv(c, 64)\n";
    lesson::Scenario scenario = tests::scene({"unix/stream"}, {{"server", server}, {"client", client}});
    scenario.timeout_ns = 600 * model::kSecond;
    const double cpu_begin = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    const trace::Trace trace = runner.run(scenario);
    const double cpu = cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin;
    model::TimeNs begin = model::kNever, end = 0;
    for (const model::CallRecord& call : trace.lanes.at(0).calls) {
        if (call.call == model::Call::send && begin == model::kNever) begin = call.enter_ns;
        if (call.call == model::Call::recv) end = std::max(end, call.exit_ns);
    }
    return {static_cast<double>(end - begin) / rounds, cpu / rounds};
}

void ping_pong_scripts(benchmark::State& state) {
    const int rounds = static_cast<int>(state.range(0)) / 2;
    const Pair pair(SOCK_STREAM);
    run::Runner runner;
    Beside beside;
    for (auto _ : state) {
        const Cost bare = one_round<Bare>(pair, rounds);
        beside.add(bare, one_round_of_scripts(runner, rounds));
    }
    beside.tell(state, "scripts_us");
}
BENCHMARK(ping_pong_scripts)
    ->Arg(kLong)
    ->ArgName("calls")
    ->Iterations(15)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(ping_pong_scripts)
    ->Arg(kMillion)
    ->ArgName("calls")
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The yardstick: this program's bare ping-pong again, watched by strace. Its output goes nowhere, which flatters it.
double one_round_under_strace() {
    char self[4096]{};
    if (::readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 0;
    const std::string command = std::string("strace -f -o /dev/null '") + self + "' " + kOnlyPingPong;
    FILE* output = ::popen(command.c_str(), "r");
    if (output == nullptr) return 0;
    double time = 0;
    const bool told = std::fscanf(output, "%lf", &time) == 1;
    return ::pclose(output) == 0 && told ? time : 0;
}

void ping_pong_strace(benchmark::State& state) {
    const Pair pair(SOCK_STREAM);
    Beside beside;
    for (auto _ : state) {
        const Cost bare = one_round<Bare>(pair, kShort / 2);
        beside.add(bare, {one_round_under_strace(), 0});
    }
    beside.tell(state, "strace_us");
}

}  // namespace

int main(int count, char** words) {
    if (count == 2 && words[1] == std::string(kOnlyPingPong)) {
        std::printf("%f\n", one_round<Bare>(Pair(SOCK_STREAM), kShort / 2).wall_ns);
        return 0;
    }
    if (one_round_under_strace() > 0)
        benchmark::RegisterBenchmark("ping_pong_strace", ping_pong_strace)
            ->Iterations(7)
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    else
        std::puts("SKIPPED: ping_pong_strace: strace is not installed or may not trace here");
    benchmark::Initialize(&count, words);
    benchmark::RunSpecifiedBenchmarks();
}

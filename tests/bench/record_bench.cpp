// What recording costs: a call and an AF_UNIX ping-pong, bare and recorded, and the same ping-pong under strace(1).
//
// Goals: at most 100 ns on top of a bare call; at most 1.15 times the wall time of a bare ping-pong. Bare and recorded blocks
// take turns and each block is compared with its neighbour; the figures are medians, so that a busy machine disturbs little.
#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/socket/calls.hpp"
#include "core/socket/fd.hpp"

using namespace socketscope;
using socket::Fd;

namespace {

constexpr std::size_t kSize = 64;
// A log's first chunks are memory that was touched beforehand; a long run's memory is fresh, and its page faults count.
constexpr int kShort = 5'000, kLong = 50'000;
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

// The two ways to make a call, under the same names.
struct Bare {
    void send(int fd, std::string_view data) { ::send(fd, data.data(), data.size(), 0); }
    void recv(int fd, std::span<char> into) { ::recv(fd, into.data(), into.size(), 0); }
};
struct Recorded {
    trace::CallLog log{0};
    socket::Interruption interruption;
    socket::Calls calls{log, interruption};
    void send(int fd, std::string_view data) { calls.send(fd, data, 0); }
    void recv(int fd, std::span<char> into) { calls.recv(fd, into, 0); }
};

double ns_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

// One thread sends to itself: the time of one call, a block's mean.
template <class Way>
double one_call(const Pair& pair, int calls) {
    Way way;
    const std::string data(kSize, 'x');
    char into[kSize];
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; i += 2) {
        way.send(pair.a.get(), data);
        way.recv(pair.b.get(), into);
    }
    return ns_since(begin) / calls;
}

// Two threads, each with a log of its own as in a run: the time of one round trip.
template <class Way>
double one_round(const Pair& pair, int rounds) {
    const std::string data(kSize, 'x');
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
    return time / rounds;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void call(benchmark::State& state) {
    const int calls = static_cast<int>(state.range(0));
    const Pair pair(SOCK_DGRAM);
    std::vector<double> bare, recorded, on_top;
    for (auto _ : state) {
        bare.push_back(one_call<Bare>(pair, calls));
        recorded.push_back(one_call<Recorded>(pair, calls));
        on_top.push_back(recorded.back() - bare.back());
    }
    state.counters["bare_ns"] = median(bare);
    state.counters["recorded_ns"] = median(recorded);
    state.counters["on_top_ns"] = median(on_top);
}
BENCHMARK(call)->Arg(kShort)->Arg(kLong)->ArgName("calls")->Iterations(101)->Unit(benchmark::kMillisecond);

void ping_pong(benchmark::State& state) {
    const int rounds = static_cast<int>(state.range(0)) / 2;  // two calls a round in each thread
    const Pair pair(SOCK_STREAM);
    std::vector<double> bare, recorded, ratio;
    for (auto _ : state) {
        bare.push_back(one_round<Bare>(pair, rounds));
        recorded.push_back(one_round<Recorded>(pair, rounds));
        ratio.push_back(recorded.back() / bare.back());
    }
    state.counters["bare_us"] = median(bare) / 1000;
    state.counters["recorded_us"] = median(recorded) / 1000;
    state.counters["ratio"] = median(ratio);
}
BENCHMARK(ping_pong)->Arg(kShort)->Arg(kLong)->ArgName("calls")->Iterations(31)->UseRealTime()->Unit(
    benchmark::kMillisecond);

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
    std::vector<double> bare, traced, ratio;
    for (auto _ : state) {
        bare.push_back(one_round<Bare>(pair, kShort / 2));
        traced.push_back(one_round_under_strace());
        ratio.push_back(traced.back() / bare.back());
    }
    state.counters["bare_us"] = median(bare) / 1000;
    state.counters["strace_us"] = median(traced) / 1000;
    state.counters["ratio"] = median(ratio);
}

}  // namespace

int main(int count, char** words) {
    if (count == 2 && words[1] == std::string(kOnlyPingPong)) {
        std::printf("%f\n", one_round<Bare>(Pair(SOCK_STREAM), kShort / 2));
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

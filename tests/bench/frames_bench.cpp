// CPU time of a frame (all of it but the GL driver) with a recording of a million
// events, screen by screen and act by act.
//
// Goal: at most 4 ms. The recording is made now, by two socket scripts in an AF_UNIX ping-pong of a million calls, or
// read from the trace file that SOCKETSCOPE_BENCH_TRACE names. The time is that of the thread, so that a busy machine
// disturbs little; `slowest_ms` is the slowest single frame.
#include <benchmark/benchmark.h>
#include <imgui.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/panels/stage_panel.hpp"
#include "app/player/event_filter.hpp"
#include "app/player/state.hpp"
#include "core/run/runner.hpp"
#include "core/trace/file.hpp"
#include "tests/panels/shown.hpp"
#include "tests/run/scene.hpp"

using namespace socketscope;

namespace {

constexpr int kWidth = 1280, kHeight = 720;
constexpr int kFrames = 60;

double cpu_ms() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

trace::Trace record() {
    const std::string loop = "repeat 250000:\n";
    lesson::Scenario scenario = tests::scene(
        {"unix/stream"}, {{"server", "s = socket()\nbind(s, server)\nlisten(s, 1)\na = accept(s)\n" + loop +
                                         "    recv(a, 64)\n    send(a, \"x\" * 64)\n"},
                          {"client", "c = socket()\nwait(server.listening)\nconnect(c, server)\n" + loop +
                                         "    send(c, \"x\" * 64)\n    recv(c, 64)\n"}});
    scenario.timeout_ns = 600 * model::kSecond;
    run::Runner runner;
    return runner.run(scenario);
}

trace::Trace recording() {
    const char* file = std::getenv("SOCKETSCOPE_BENCH_TRACE");
    return file != nullptr ? trace::load(file).trace : record();
}

test::Screen& screen() {
    static test::Screen made(style::ThemeName::dark, 1);
    return made;
}

// Resident, proc(5): what is reserved and was never touched takes no memory (core/trace/growth.hpp).
double megabytes() {
    std::ifstream statm("/proc/self/statm");
    double all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

player::Recording read(std::shared_ptr<const trace::Trace> trace) {
    player::Recording told = player::read_recording(std::move(trace), nullptr);
    panels::plan_stage(told);
    return told;
}

player::State& shown() {
    static player::State state = [] {
        player::State made;
        screen().draw(made, kWidth, kHeight);
        const double before = megabytes();
        auto trace = std::make_shared<trace::Trace>(recording());
        const double trace_mb = megabytes() - before;
        const double begin = cpu_ms();
        player::Recording told = read(std::move(trace));
        const double told_ms = cpu_ms() - begin;
        player::show(made, std::move(told));
        screen().draw_once(made, kWidth, kHeight);
        const double first_ms = cpu_ms() - begin - told_ms;
        std::size_t calls = 0, packets = 0;
        for (const auto& lane : made.trace->lanes) {
            calls += lane.calls.size();
            packets += lane.packets.size();
        }
        std::printf(
            "%zu calls, %zu packets, %zu rows of the event list: trace %.0f MB, with its story %.0f MB\n"
            "told in %.0f ms (beside the thread that draws), first frame %.1f ms\n",
            calls, packets, made.events.size(), trace_mb, megabytes() - before, told_ms, first_ms);
        return made;
    }();
    return state;
}

// Between two frames, in the thread that draws, as the window does: here it counts as part of the frame.
void work_on_filter(player::State& state) {
    const double end = cpu_ms() + std::chrono::duration<double, std::milli>(player::kFilterBudget).count();
    player::continue_filter(state, [end] { return cpu_ms() < end; });
}

// Draws frames as the window does; before each one `act` changes the state as a person, or playing, would.
void frames(benchmark::State& bench, const std::function<void(player::State&, int)>& act) {
    player::State& state = shown();
    state.t = state.end / 3;
    screen().draw(state, kWidth, kHeight);
    double all = 0, slowest = 0;
    int drawn = 0;
    for (auto _ : bench)
        for (int i = 0; i < kFrames; ++i, ++drawn) {
            const double begin = cpu_ms();
            act(state, i);
            work_on_filter(state);
            screen().draw_once(state, kWidth, kHeight);
            const double took = cpu_ms() - begin;
            all += took;
            slowest = std::max(slowest, took);
        }
    bench.counters["frame_ms"] = all / drawn;
    bench.counters["slowest_ms"] = slowest;
    for (const player::Command& command : std::initializer_list<player::Command>{
             player::ZoomTimeline{}, player::SetFilter{}, player::Select{}, player::Hover{}})
        player::apply(state, command);
    state.playing = state.presenter = false;
}

// A run that goes on brings new stories: all that the panels keep of the old ones is void.
void growing(benchmark::State& bench) {
    static player::Recording other = read(shown().trace);
    frames(bench, [](player::State& state, int) { other = player::grow(state, std::move(other)); });
}
void growing_while_filtered(benchmark::State& bench) {
    player::apply(shown(), player::SetFilter{"64"});
    growing(bench);
}
void still(benchmark::State& bench) {
    frames(bench, [](player::State&, int) {});
}
void playing(benchmark::State& bench) {
    frames(bench, [](player::State& state, int) {
        state.playing = true;
        player::advance(state, 1.0 / 60);
    });
}
void scrubbing(benchmark::State& bench) {
    frames(bench, [](player::State& state, int i) {
        player::apply(state, player::Seek{state.end / kFrames * ((i * 7) % kFrames)});
    });
}
void zoomed_in(benchmark::State& bench) {
    frames(bench, [](player::State& state, int i) {
        const model::TimeNs from = state.end / 3 + i * model::kMicrosecond;
        player::apply(state, player::ZoomTimeline{from, from + 500 * model::kMicrosecond});
        player::apply(state, player::Seek{from + 100 * model::kMicrosecond});
    });
}
void zooming(benchmark::State& bench) {
    frames(bench, [](player::State& state, int i) {
        const model::TimeNs half = std::max<model::TimeNs>(state.end >> (i / 3 + 1), model::kMicrosecond);
        player::apply(state, player::ZoomTimeline{state.end / 2 - half, state.end / 2 + half});
    });
}
void stepping(benchmark::State& bench) {
    frames(bench, [](player::State& state, int) { player::apply(state, player::StepEvent{1}); });
}
void selecting(benchmark::State& bench) {
    frames(bench, [](player::State& state, int i) {
        const std::size_t row = state.events.size() / kFrames * static_cast<std::size_t>(i);
        const player::EventPlace place = state.events[row];
        const story::Story& story = *state.lanes[place.lane].story;
        model::Ref ref = story.ref(story.events()[place.index]);
        ref.lane = place.lane;
        player::apply(state, player::Select{ref, true});
    });
}
void filter_typed(benchmark::State& bench) {  // one letter more in every tenth frame
    frames(bench, [](player::State& state, int i) {
        if (i % 10 == 0)
            player::apply(state, player::SetFilter{
                                     std::string("client").substr(0, static_cast<std::size_t>(i) / 10 + 1)});
    });
}
void filter_on_playing(benchmark::State& bench) {
    player::apply(shown(), player::SetFilter{"client recv"});
    frames(bench, [](player::State& state, int) {
        state.playing = true;
        player::advance(state, 1.0 / 60);
    });
}
void presenter(benchmark::State& bench) {
    frames(bench, [](player::State& state, int) {
        state.presenter = state.playing = true;
        player::advance(state, 1.0 / 60);
    });
}

}  // namespace

BENCHMARK(still)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(growing)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(growing_while_filtered)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(playing)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(scrubbing)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(zoomed_in)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(zooming)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(stepping)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(selecting)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(filter_typed)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(filter_on_playing)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(presenter)->Iterations(1)->Unit(benchmark::kMillisecond);

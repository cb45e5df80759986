#include "app/window/session.hpp"

#include <sys/utsname.h>

#include <algorithm>

#include "app/panels/steps.hpp"
#include "core/lesson/lesson.hpp"
#include "core/trace/file.hpp"

namespace socketscope::window {
namespace {

using namespace std::chrono_literals;

std::string kernel_name() {
    utsname name{};
    if (uname(&name) != 0) return {};
    return std::string(name.sysname) + " " + name.release;
}

panels::MatrixCell cell_of(const host::Cell& cell) {
    using Result = panels::MatrixCell::Result;
    const Result result = cell.result == host::CellResult::works     ? Result::works
                          : cell.result == host::CellResult::refused ? Result::refused
                                                                     : Result::becomes;
    return {cell.kind, result, cell.error, cell.becomes, cell.why};
}

std::string first_error(const std::vector<model::Diagnostic>& diagnostics, const std::string& file) {
    std::string out;
    std::size_t more = 0;
    for (const model::Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.warning) continue;
        if (out.empty()) {
            out = diagnostic.format(file);
        } else {
            ++more;
        }
    }
    if (more > 0) out += "  (and " + std::to_string(more) + " more: socketscope check " + file + ")";
    return out;
}

std::vector<panels::LessonCard> cards_of(const std::vector<std::string>& files) {
    std::vector<panels::LessonCard> out;
    for (const std::string& file : files) {
        const lesson::LoadResult loaded = lesson::load_lesson(file);
        panels::LessonCard card;
        card.file = file;
        card.title = file;
        if (loaded.lesson) {
            card.title = loaded.lesson->title;
            card.summary = loaded.lesson->summary;
            card.part = loaded.lesson->part;
            card.lanes = loaded.lesson->lanes;
        }
        if (!loaded.ok()) card.trouble = first_error(loaded.diagnostics, file);
        out.push_back(std::move(card));
    }
    return out;
}

template <class T>
bool ready(const std::future<T>& future) {
    return future.valid() && future.wait_for(0s) == std::future_status::ready;
}

// From the beginning to the first beat after it; there playing rests.
void play_opening(player::State& state) {
    player::apply(state, player::GoToEdge{});
    const auto steps = panels::steps_of(state);
    for (const panels::Step& step : steps) {
        if (step.beat == SIZE_MAX || state.beats[step.beat].at <= 0) continue;
        player::apply(state, player::PlayTo{state.beats[step.beat].at});
        return;
    }
    player::apply(state, player::TogglePlay{});
}

}  // namespace

Session::Session(const WindowOptions& options) : options_(options) {
    home_.lessons = cards_of(options.lessons);
    home_.kernel = kernel_name();
    opening_ = std::async(std::launch::async, [] {
        Opened out;
        try {
            out.runner = std::make_unique<run::Runner>();
            for (const host::Cell& cell : host::probe_matrix(out.runner->hosts()))
                out.matrix.push_back(cell_of(cell));
        } catch (const std::exception& error) {
            out.trouble = error.what();
        }
        return out;
    });
}

Session::~Session() {
    stop();
    if (opening_.valid()) opening_.wait();
}

void Session::stop() {
    run_asked_ = false;
    if (runner_) runner_->stop();
}

void Session::open_lesson(player::State& state, const std::string& file) {
    lesson::LoadResult loaded = lesson::load_lesson(file);
    if (!loaded.lesson || !loaded.ok()) {
        state.message = first_error(loaded.diagnostics, file);
        return;
    }
    lesson::ScenarioResult made = lesson::make_scenario(*loaded.lesson, options_.lanes);
    if (!made.ok()) {
        state.message = first_error(made.diagnostics, file);
        return;
    }
    if (options_.seed) made.scenario.seed = *options_.seed;
    stop();
    state.lesson = std::move(loaded.lesson);
    state.answers.assign(state.lesson->predictions.size(), -1);
    scenario_ = std::move(made.scenario);
    begin_run(state);
}

void Session::run_again(player::State& state) {
    if (!scenario_ || state.running) return;
    begin_run(state);
}

void Session::begin_run(player::State& state) {
    auto empty = std::make_unique<trace::Trace>();
    empty->title = scenario_->title;
    player::show(state, std::move(empty));
    state.t = 0;
    state.playing = false;
    state.running = true;
    state.message.clear();
    running_ = false;  // what an earlier run still brings is not asked for any more
    run_asked_ = true;
}

void Session::open_trace(player::State& state, const std::string& file) {
    stop();
    scenario_.reset();
    running_ = false;
    state.lesson.reset();
    player::show(state, std::make_unique<trace::Trace>());
    state.trace->title = file;
    state.t = 0;
    state.running = false;
    loading_ = std::async(std::launch::async, [file] {
        LoadedTrace out;
        try {
            trace::Loaded loaded = trace::load(file);
            out.trace = std::make_unique<trace::Trace>(std::move(loaded.trace));
            out.damage = std::move(loaded.damage);
        } catch (const std::exception& error) {
            out.trouble = error.what();
        }
        return out;
    });
}

void Session::save_trace(player::State& state, const std::string& file) {
    if (!state.trace || state.running) return;
    try {
        trace::save(*state.trace, file);
    } catch (const model::Failure& failure) {
        state.message = failure.problem().sentence();
    }
}

bool Session::busy() const {
    return opening_.valid() || loading_.valid() || run_asked_ || running_;
}

bool Session::poll(player::State& state) {
    const bool runner = take_runner(state), trace = take_trace(state), events = take_events(state);
    return runner || trace || events;
}

bool Session::take_runner(player::State& state) {
    if (!ready(opening_)) return false;
    Opened opened = opening_.get();
    runner_ = std::move(opened.runner);
    home_.matrix = std::move(opened.matrix);
    home_.trouble = opened.trouble;
    if (runner_) {
        home_.rung = runner_->rung().name;
        home_.missing = runner_->rung().missing;
    } else if (run_asked_) {
        run_asked_ = false;
        state.running = false;
        state.message = "nothing can be run on this machine: " + opened.trouble;
    }
    return true;
}

bool Session::take_trace(player::State& state) {
    if (!ready(loading_)) return false;
    LoadedTrace loaded = loading_.get();
    if (!loaded.trace) {
        state.message = loaded.trouble;
        state.screen = player::Screen::home;
        return true;
    }
    if (!loaded.damage.empty()) state.message = loaded.damage;
    if (!loaded.trace->source.empty()) {
        lesson::LoadResult read = lesson::parse_lesson(loaded.trace->source, loaded.trace->source_name);
        if (read.ok()) state.lesson = std::move(read.lesson);
    }
    player::show(state, std::move(loaded.trace));
    play_opening(state);
    return true;
}

bool Session::take_events(player::State& state) {
    if (run_asked_ && runner_ && !runner_->running()) {
        run_asked_ = false;
        try {
            runner_->start(*scenario_);
            running_ = true;
            next_look_ = Clock::now();
        } catch (const std::exception& error) {
            state.running = false;
            state.message = error.what();
        }
        return true;
    }
    if (!running_) return false;
    const bool over = !runner_->running();
    const auto now = Clock::now();
    if (!over && now < next_look_) return false;
    // The stories point into the trace: no look at them between growing it and refresh().
    const bool grown = runner_->poll(*state.trace);
    if (grown || over) player::refresh(state);
    next_look_ = now + std::max<Clock::duration>(60ms, 4 * (Clock::now() - now));
    if (over) {
        running_ = false;
        state.running = false;
        play_opening(state);
        return true;
    }
    if (grown) state.t = state.end;  // live: the moment shown is now
    return grown;
}

}  // namespace socketscope::window

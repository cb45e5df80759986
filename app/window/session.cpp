#include "app/window/session.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/panels/stage_panel.hpp"
#include "app/panels/steps.hpp"
#include "app/window/chore.hpp"
#include "app/window/mistakes.hpp"
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

std::vector<panels::LessonCard> cards_of(const std::vector<std::string>& files) {
    std::vector<panels::LessonCard> out;
    for (const std::string& file : files) {
        const lesson::LoadResult loaded = lesson::load_lesson(file);
        panels::LessonCard card;
        card.file = file;
        card.title = file;
        if (loaded.lesson) {
            card.name = loaded.lesson->name;
            card.title = loaded.lesson->title;
            card.summary = loaded.lesson->summary;
            card.part = loaded.lesson->part;
            card.lanes = loaded.lesson->lanes;
        }
        if (!loaded.ok()) card.trouble = mistakes_text(loaded.diagnostics, file);
        out.push_back(std::move(card));
    }
    return out;
}

// Why that is not to be opened at all: to read a pipe would wait for whoever writes into it. "" = it may be, or
// there is nothing there, which reading it says.
std::string no_file(const std::string& path) {
    std::error_code error;
    const auto type = std::filesystem::status(path, error).type();
    switch (type) {
        case std::filesystem::file_type::directory:
            return path + " is a folder: choose a lesson, a script or a recording in it";
        case std::filesystem::file_type::fifo:
        case std::filesystem::file_type::socket:
        case std::filesystem::file_type::character:
        case std::filesystem::file_type::block:
            return path + " is no ordinary file: choose a lesson, a script or a recording";
        default:
            return {};
    }
}

template <class T>
bool ready(const std::future<T>& future) {
    return future.valid() && future.wait_for(0s) == std::future_status::ready;
}

// All that the thread that draws would otherwise have to make in the first frame.
player::Recording tell(std::shared_ptr<const trace::Trace> trace,
                       const std::optional<lesson::Lesson>& lesson) {
    player::Recording out = player::read_recording(std::move(trace), lesson ? &*lesson : nullptr);
    panels::plan_stage(out);
    return out;
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

// The first look is one text for all kinds; a kind without messages has nothing to read about them.
void keep_parts_of(lesson::Lesson& lesson, model::Kind kind) {
    const bool ip = kind.domain != model::Domain::local;
    const bool packets = ip && kind.type == model::SocketType::raw;
    const bool asked_only = ip && kind.type == model::SocketType::seqpacket;
    const auto left_out = [&](const std::string& beat) {
        if (beat == "ping" || beat == "answer") return !packets;
        if (beat == "sent" || beat == "given") return packets || asked_only;
        return false;
    };
    std::erase_if(lesson.beats, [&](const lesson::Beat& beat) { return left_out(beat.name); });
    std::erase_if(lesson.sections, [&](const lesson::Section& section) { return left_out(section.beat); });
}

}  // namespace

Session::Session(const WindowOptions& options) : options_(options) {
    home_.lessons = cards_of(options.lessons);
    home_.kernel = kernel_name();
    opening_ = start_chore([] {
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
    if (runner_) runner_->stop();
    if (opening_.valid()) opening_.wait();
}

void Session::stop(player::State& state) {
    // What has not begun will not end either.
    if (std::exchange(run_asked_, false)) {
        state.running = false;
        state.stopped_early = true;
    }
    if (runner_) runner_->stop();
}

void Session::leave(player::State& state) {
    stop(state);
    forget_loading(state);
    state.filter.clear();  // what was looked for in one recording hides another
    state.code.reset();
}

// It is read to its end all the same, and then thrown away.
void Session::forget_loading(player::State& state) {
    state.loading.clear();
    if (!loading_.valid()) return;
    chores_.push_back(start_chore([load = std::move(loading_)]() mutable { load.get(); }));
    loading_ = {};
}

// To free a million events takes some 50 ms.
void Session::dispose(player::Recording recording) {
    constexpr std::size_t kFew = 20'000;
    if (recording.events.size() < kFew) return;
    chores_.push_back(start_chore([old = std::move(recording)]() mutable { old = player::Recording{}; }));
}

void Session::open_lesson(player::State& state, const std::string& file) {
    if (prepare(state, file, options_.lanes)) begin_run(state);
}

void Session::open_file(player::State& state, const std::string& file) {
    if (std::string trouble = no_file(file); !trouble.empty()) {
        state.message = std::move(trouble);
        return;
    }
    if (trace::is_trace(file)) {
        open_trace(state, file);
    } else {
        open_lesson(state, file);
    }
}

void Session::open_kind(player::State& state, model::Kind kind) {
    if (prepare_kind(state, kind)) begin_run(state);
}

bool Session::prepare_kind(player::State& state, model::Kind kind) {
    if (!prepare(state, options_.first_look, {kind})) return false;
    keep_parts_of(*state.lesson, kind);
    state.lesson->title = scenario_->title = model::to_string(kind);
    first_look_ = kind;
    return true;
}

// Reads the file and makes it the lesson that is shown. Returns whether it can be run.
bool Session::prepare(player::State& state, const std::string& file, const std::vector<model::Kind>& lanes) {
    lesson::LoadResult loaded = lesson::load_lesson(file);
    if (!loaded.lesson || !loaded.ok()) {
        state.message = mistakes_text(loaded.diagnostics, file);
        return false;
    }
    lesson::ScenarioResult made = lesson::make_scenario(*loaded.lesson, lanes);
    if (!made.ok()) {
        state.message = mistakes_text(made.diagnostics, file);
        return false;
    }
    if (options_.seed) made.scenario.seed = *options_.seed;
    leave(state);
    state.lesson = std::move(loaded.lesson);
    state.answers.assign(state.lesson->predictions.size(), -1);
    scenario_ = std::move(made.scenario);
    scenario_file_ = file;
    first_look_.reset();
    return true;
}

void Session::run_again(player::State& state) {
    if (!scenario_ || state.running) return;
    if (prepare_again(state)) begin_run(state);
}

// The file may have been edited since: what it says now is run, and mistakes in it are said beside the recording that is
// still shown. Where it is gone, what it said is run once more. Answers stay, as long as the questions do.
bool Session::prepare_again(player::State& state) {
    std::error_code gone;
    if (!std::filesystem::is_regular_file(scenario_file_, gone)) return true;
    const std::vector<int> answers = state.answers;
    const std::optional<model::Kind> kind = first_look_;
    if (!(kind ? prepare_kind(state, *kind) : prepare(state, scenario_file_, options_.lanes))) return false;
    if (answers.size() == state.answers.size()) state.answers = answers;
    return true;
}

void Session::begin_run(player::State& state) {
    auto empty = std::make_shared<trace::Trace>();
    empty->title = scenario_->title;
    dispose(player::show(state, player::read_recording(std::move(empty), nullptr)));
    state.t = 0;
    state.playing = state.stopped_early = false;
    state.running = true;
    state.message.clear();
    state.notice = {};
    running_ = false;  // what an earlier run still brings is not asked for any more
    run_asked_ = true;
}

void Session::open_trace(player::State& state, const std::string& file) {
    leave(state);
    scenario_.reset();
    running_ = false;
    state.lesson.reset();
    state.message.clear();
    state.notice = {};
    auto empty = std::make_shared<trace::Trace>();
    empty->title = file;
    dispose(player::show(state, player::read_recording(std::move(empty), nullptr)));
    state.t = 0;
    state.running = state.playing = state.stopped_early = false;
    state.loading = file;
    loading_ = start_chore([file] {
        Told out;
        try {
            trace::Loaded loaded = trace::load(file);
            out.damage = std::move(loaded.damage);
            if (!loaded.trace.source.empty()) {
                lesson::LoadResult read = lesson::parse_lesson(loaded.trace.source, loaded.trace.source_name);
                if (read.ok()) out.lesson = std::move(read.lesson);
            }
            out.recording = tell(std::make_shared<const trace::Trace>(std::move(loaded.trace)), out.lesson);
        } catch (const std::exception& error) {
            out.trouble = error.what();
        }
        return out;
    });
}

void Session::save_trace(player::State& state, const std::string& file) {
    if (!state.trace || saving_.valid()) return;
    if (state.running) {
        state.message = "The run is still going on: it can be saved when it is over (X stops it)";
        return;
    }
    saved_as_ = file;
    saving_ = start_chore([trace = state.trace, file]() -> std::string {
        try {
            trace::save(*trace, file);
        } catch (const model::Failure& failure) {
            return failure.problem().sentence();
        }
        return {};
    });
}

bool Session::busy() const {
    return opening_.valid() || loading_.valid() || saving_.valid() || run_asked_ || running_;
}

bool Session::poll(player::State& state) {
    const bool runner = take_runner(), trace = take_trace(state), events = take_events(state),
               chores = take_chores(state);
    return runner || trace || events || chores;
}

bool Session::take_runner() {
    if (!ready(opening_)) return false;
    Opened opened = opening_.get();
    runner_ = std::move(opened.runner);
    home_.matrix = std::move(opened.matrix);
    home_.trouble = opened.trouble;
    if (runner_) {
        home_.rung = runner_->rung().name;
        home_.missing = runner_->rung().missing;
    }
    return true;
}

bool Session::take_trace(player::State& state) {
    if (!ready(loading_)) return false;
    Told loaded = loading_.get();
    state.loading.clear();
    if (!loaded.recording.trace) {
        state.message = loaded.trouble;
        state.screen = player::Screen::home;
        return true;
    }
    if (!loaded.damage.empty()) state.message = loaded.damage;
    state.lesson = std::move(loaded.lesson);
    dispose(player::show(state, std::move(loaded.recording)));
    play_opening(state);
    return true;
}

void Session::begin_telling(const player::State& state) {
    telling_ = start_chore([runner = runner_.get(), lesson = state.lesson] {
        const auto begin = Clock::now();
        Told out;
        auto trace = std::make_shared<trace::Trace>();
        out.over = !runner->running();
        out.anything_new = out.over || runner->poll(*trace);
        if (out.over) *trace = runner->take();
        if (out.anything_new) out.recording = tell(std::move(trace), lesson);
        out.took = Clock::now() - begin;
        return out;
    });
}

bool Session::take_events(player::State& state) {
    if (run_asked_ && !runner_ && !opening_.valid()) {
        run_asked_ = state.running = false;
        state.message = "Nothing can be run on this machine: " + home_.trouble;
        return true;
    }
    if (run_asked_ && runner_ && !runner_->running() && !telling_.valid()) {
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
    const auto now = Clock::now();
    // The end of a run is told at once.
    if (running_ && !telling_.valid() && (now >= next_look_ || !runner_->running())) begin_telling(state);
    if (!ready(telling_)) return false;
    Told told = telling_.get();
    next_look_ = now + std::max<Clock::duration>(60ms, 4 * told.took);
    if (!running_) {  // of a run that nobody asks for any more
        dispose(std::move(told.recording));
        return false;
    }
    if (!told.anything_new) return false;
    dispose(player::grow(state, std::move(told.recording)));
    if (told.over) {
        running_ = false;
        state.running = false;
        play_opening(state);
    } else {
        state.t = state.end;  // live: the moment shown is now
    }
    return true;
}

bool Session::take_chores(player::State& state) {
    std::erase_if(chores_, [](const std::future<void>& chore) { return ready(chore); });
    if (!ready(saving_)) return false;
    const std::string trouble = saving_.get();
    if (!trouble.empty()) {
        state.message = trouble;
    } else {
        state.message.clear();
        state.notice = {"Saved as " + saved_as_, saved_as_};
    }
    return true;
}

}  // namespace socketscope::window

// What the window does outside of itself: loads lessons and traces, runs scenarios on the kernel, asks for the matrix.
//
// The one place of the app that knows the runner. Nothing here blocks: what takes time is done by a thread of its
// own and picked up by poll(). Main thread only.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/home.hpp"
#include "app/player/state.hpp"
#include "app/window/run_window.hpp"
#include "core/run/runner.hpp"

namespace socketscope::window {

class Session {
public:
    // Begins to open the hosts and to ask the kernel for the matrix.
    explicit Session(const WindowOptions& options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Each says in state.message what went wrong.
    void open_lesson(player::State& state, const std::string& file);
    void open_trace(player::State& state, const std::string& file);
    // Whichever of the two it is.
    void open_file(player::State& state, const std::string& file);
    // A first look at that kind of socket, whether this machine has it or not.
    void open_kind(player::State& state, model::Kind kind);
    void run_again(player::State& state);
    void stop(player::State& state);
    void leave(player::State& state);  // nobody waits for what is run or read any more
    // Says in state.notice where it was saved, as soon as it was.
    void save_trace(player::State& state, const std::string& file);

    // Takes in what is new. Returns whether anything changed; cheap if not.
    bool poll(player::State& state);
    // Something is under way: poll again soon.
    bool busy() const;
    panels::HomeContent& home() { return home_; }

private:
    struct Opened {
        std::unique_ptr<run::Runner> runner;
        std::vector<panels::MatrixCell> matrix;
        std::string trouble;
    };
    using Clock = std::chrono::steady_clock;
    // A recording made ready beside this thread: of the run so far, or of a trace file.
    struct Told {
        player::Recording recording;
        std::optional<lesson::Lesson> lesson;  // that came with the file
        std::string damage, trouble;
        bool anything_new{false}, over{false};
        Clock::duration took{};
    };

    bool take_runner();
    bool take_trace(player::State& state);
    bool take_events(player::State& state);
    bool take_chores(player::State& state);
    bool prepare(player::State& state, const std::string& file, const std::vector<model::Kind>& lanes);
    bool prepare_kind(player::State& state, model::Kind kind);
    bool prepare_again(player::State& state);
    void begin_run(player::State& state);
    void begin_telling(const player::State& state);
    void forget_loading(player::State& state);
    void dispose(player::Recording recording);

    WindowOptions options_;
    panels::HomeContent home_;
    std::future<Opened> opening_;
    std::unique_ptr<run::Runner> runner_;
    std::optional<lesson::Scenario> scenario_;  // of the open lesson
    std::string scenario_file_;                 // that it was read from
    std::optional<model::Kind> first_look_;     // it is a first look at this kind
    bool run_asked_{false};                     // as soon as the runner is there
    bool running_{false};
    Clock::time_point next_look_{};  // stories are rebuilt at most this often while a run grows
    // Threads under way; they end before the runner does.
    std::future<Told> telling_;        // of the run
    std::future<Told> loading_;        // of a trace file
    std::future<std::string> saving_;  // what went wrong
    std::string saved_as_;
    // Recordings that are freed, files that nobody waits for any more.
    std::vector<std::future<void>> chores_;
};

}  // namespace socketscope::window

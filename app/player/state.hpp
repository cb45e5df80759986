// What the window shows: the recording and its stories, playhead, selection, looks. Changed by apply() only.
//
// One thread: the one that draws.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/player/command.hpp"
#include "app/player/recording.hpp"
#include "core/lesson/lesson.hpp"

namespace socketscope::player {

// What went well and is worth a word: where a recording was saved.
struct Notice {
    std::string text;  // "" = none
    std::string path;  // of the file it is about, to be copied; "" = none
};

enum class Screen : std::uint8_t { home, lesson };

inline constexpr float kSmallestScale = 1, kLargestScale = 3;

struct State : Recording {
    // --- what is shown, beside the recording
    Screen screen{Screen::home};
    std::optional<lesson::Lesson> lesson;  // none for a bare trace
    std::uint64_t revision{
        0};               // grows with each new recording: what was made from the stories before is void
    bool running{false};  // a run is under way: lanes still grow
    bool stopped_early{false};  // the run was stopped before it began: there is nothing of it to show
    std::string loading;        // the trace file that is being read; "" = none
    // --- time
    TimeNs t{0};  // the playhead
    bool playing{false};
    std::optional<TimeNs> rest_at;  // playing comes to rest here: the next step of the lesson
    double speed{1};
    ClockKind clock_kind{ClockKind::story};
    TimeNs loop_from{0}, loop_to{0};  // loop_to ≤ loop_from: none
    std::optional<TimeNs> loop_mark;  // a loop was begun here and waits for its other end
    TimeNs view_from{0}, view_to{0};  // of the timeline; view_to ≤ view_from: all
    // --- selection
    model::Ref selected, hovered;
    std::vector<model::Ref> linked;     // what lights up with the selection; by kind, then index
    std::string filter;                 // of the event list
    std::vector<std::size_t> filtered;  // its events, of the first `filter_seen`; see event_filter.hpp
    std::size_t filter_seen{0};
    std::size_t filter_checked{0},
        filter_doubtful{0};       // what lies between was found before the recording grew
    std::optional<Program> code;  // whose script a person asked to see; none: that of `acting`
    std::vector<int> answers;     // one a prediction; −1 = not yet
    // --- looks
    Theme theme{Theme::dark};
    float scale{1};
    float presenter_larger{0};  // than the presenter's letters are by themselves
    bool presenter{false}, help{false}, overlay{false};
    bool matrix{false};   // a narrow Home shows the matrix, not the lessons
    bool explain{false};  // say why the kernel does so, too
    std::array<bool, static_cast<std::size_t>(Panel::count)> folded{};
    bool asks_for_file{false};  // the field for a path is open
    std::string path;           // what it holds, also while it is closed
    std::string message;        // a problem to say; "" = none. Lines behind the first are shown as code
    Notice notice;              // good news; shown while there is no message

    State();
    ~State();
    State(State&&) noexcept;
    State& operator=(State&&) noexcept;

    bool looping() const { return loop_to > loop_from; }
    bool is_folded(Panel panel) const { return folded[static_cast<std::size_t>(panel)]; }
};

// Carries the command out. Returns it if it is for the session (open, run, stop, save, quit, home), else nullopt.
std::optional<Command> apply(State& state, const Command& command);

// Lets `seconds` of the wall clock pass while playing; stops at the end or goes round in a loop.
void advance(State& state, double seconds);

// Shows another recording: the playhead and the looks stay, selection, zoom and loop go. Quick, however long it is.
// Returns the one that was shown before: to free a long one takes time.
Recording show(State& state, Recording recording);
// The same recording has grown: all stays.
Recording grow(State& state, Recording recording);
// For a short one: reads it here and now.
void show(State& state, std::unique_ptr<trace::Trace> trace);
void refresh(State& state);

// What is to be said: a problem, with lines of code below it; else good news; "" = nothing.
const std::string& message_of(const State& state);
// The beat at or before the playhead; SIZE_MAX before the first.
std::size_t current_beat(const State& state);
// Index into State::events of the last event at or before t; SIZE_MAX before the first.
std::size_t event_at(const State& state, TimeNs t);
bool is_linked(const State& state, const model::Ref& ref);
// Whether it lights up now: it is what was chosen, or belongs to it.
bool is_lit(const State& state, const model::Ref& ref);

}  // namespace socketscope::player

// What the window shows: the recording with its stories, the playhead, the selection, the looks. Changed by apply() only.
//
// One thread: the one that draws.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/player/clock.hpp"
#include "app/player/command.hpp"
#include "core/lesson/lesson.hpp"
#include "core/story/story.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::player {

struct Lane {
    std::unique_ptr<story::Story> story;  // of State::trace->lanes[i]
    std::string title;
    int accent{0};  // 0..2
};
struct BeatMark {
    std::string name, title, caption;
    TimeNs at{0};                   // ns since the start
    std::size_t lane{0};            // where its moment was found
    std::size_t section{SIZE_MAX};  // of the lesson; SIZE_MAX = none
};
// Where an event of a lane lies on the common time axis.
struct EventPlace {
    TimeNs at{0};  // ns since its lane's start
    std::uint8_t lane{0};
    std::uint32_t index{0};  // into that story's events()
};

enum class Screen : std::uint8_t { home, lesson };

struct State {
    // --- what is shown
    Screen screen{Screen::home};
    std::optional<lesson::Lesson> lesson;  // none for a bare trace
    std::unique_ptr<trace::Trace> trace;   // null before the first data
    std::vector<Lane> lanes;
    std::vector<EventPlace> events;          // of all lanes, by time
    std::vector<BeatMark> beats;             // by time
    std::vector<std::string> missing_beats;  // names of beats whose moment did not happen in this recording
    StoryClock clock;
    TimeNs end{0};              // ns since the start
    std::uint64_t revision{0};  // grows with each refresh(): what was made from the stories before is void
    bool running{false};        // a run is under way: lanes still grow
    // --- time
    TimeNs t{0};  // the playhead
    bool playing{false};
    std::optional<TimeNs> rest_at;  // playing comes to rest here: the next step of the lesson
    double speed{1};
    ClockKind clock_kind{ClockKind::story};
    TimeNs loop_from{0}, loop_to{0};  // loop_to ≤ loop_from: none
    TimeNs view_from{0}, view_to{0};  // of the timeline; view_to ≤ view_from: all
    // --- selection
    model::Ref selected, hovered;
    std::vector<model::Ref> linked;     // what lights up with the selection
    std::string filter;                 // of the event list
    std::vector<std::size_t> filtered;  // its events; see event_filter.hpp
    std::uint8_t code_lane{0}, code_endpoint{0};
    std::vector<int> answers;  // one a prediction; −1 = not yet
    // --- looks
    Theme theme{Theme::dark};
    float scale{1};
    bool presenter{false}, help{false}, overlay{false};
    std::array<bool, static_cast<std::size_t>(Panel::count)> folded{};
    std::string message;  // a problem to say; "" = none

    State();
    ~State();
    State(State&&) noexcept;
    State& operator=(State&&) noexcept;

    bool is_folded(Panel panel) const { return folded[static_cast<std::size_t>(panel)]; }
};

// Carries the command out. Returns it if it is for the session (open, run, stop, save, quit, home), else nullopt.
std::optional<Command> apply(State& state, const Command& command);

// Lets `seconds` of the wall clock pass while playing; stops at the end or goes round in a loop.
void advance(State& state, double seconds);

// Shows this recording: builds stories, beats and clock. The playhead and the looks stay; the selection is cleared if the
// recording is another one. Call again with the same trace when it has grown.
void show(State& state, std::unique_ptr<trace::Trace> trace);
void refresh(State& state);

// The beat at or before the playhead; SIZE_MAX before the first.
std::size_t current_beat(const State& state);
// Index into State::events of the last event at or before t; SIZE_MAX before the first.
std::size_t event_at(const State& state, TimeNs t);
bool is_linked(const State& state, const model::Ref& ref);

}  // namespace socketscope::player

// Everything a person can do, as values. Mouse, keys, lessons and tests use the same door: apply() in state.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/model/ref.hpp"
#include "core/model/time.hpp"

namespace socketscope::player {

enum class ClockKind : std::uint8_t { story, true_time };
enum class Theme : std::uint8_t { dark, light };
enum class Panel : std::uint8_t { lesson, code, events, inspector, timeline, count };

// --- time
struct TogglePlay {};
struct Seek {
    model::TimeNs t{0};
};  // ns since the start; pauses nothing
struct StepEvent {
    int by{1};
};  // to the next or previous event; pauses
struct StepBeat {
    int by{1};
};
struct GoToBeat {
    std::size_t index{0};
};
struct GoToEdge {
    bool end{false};
};  // to the start or the end
struct PlayTo {
    model::TimeNs t{0};
};  // plays up to there and rests; goes back there if it has passed; at once if it is on its way already
struct SetSpeed {
    double factor{1};
};  // 0.01 … 4
struct SetClock {
    ClockKind clock{ClockKind::story};
};
struct SetLoop {
    model::TimeNs from{0}, to{0};
};  // to ≤ from: no loop any more
struct ZoomTimeline {
    model::TimeNs from{0}, to{0};
};  // what the timeline shows; to ≤ from: all
// --- what is looked at
struct Select {
    model::Ref ref;
    bool go_there{false};
};  // none: nothing is selected
struct Hover {
    model::Ref ref;
};
struct SetFilter {
    std::string text;
};
struct ShowCode {
    std::uint8_t lane{0};
    std::uint8_t endpoint{0};
};
struct Answer {
    std::size_t prediction{0};
    int choice{-1};
};
// --- the window
struct SetTheme {
    Theme theme{Theme::dark};
};
struct SetScale {
    float scale{1};
};  // 1 … 3
struct TogglePresenter {};
struct ToggleHelp {};
struct ToggleOverlay {};  // F12: frame time, shapes, events, queues
struct FoldPanel {
    Panel panel{Panel::lesson};
};                  // folds or unfolds
struct Dismiss {};  // closes what lies on top: help, message, selection
// --- carried out by the session, which knows threads and files
struct OpenLesson {
    std::string file;
};
struct OpenTrace {
    std::string file;
};
struct GoHome {};
struct RunAgain {};
struct StopRun {};
struct SaveTrace {
    std::string file;
};
struct Quit {};

using Command = std::variant<TogglePlay, Seek, StepEvent, StepBeat, GoToBeat, GoToEdge, PlayTo, SetSpeed,
                             SetClock, SetLoop, ZoomTimeline, Select, Hover, SetFilter, ShowCode, Answer,
                             SetTheme, SetScale, TogglePresenter, ToggleHelp, ToggleOverlay, FoldPanel,
                             Dismiss, OpenLesson, OpenTrace, GoHome, RunAgain, StopRun, SaveTrace, Quit>;
using Commands = std::vector<Command>;

}  // namespace socketscope::player

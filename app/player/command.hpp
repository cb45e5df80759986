// Everything a person can do, as values. Mouse, keys, lessons and tests use the same door: apply() in state.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/kind.hpp"
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
};                   // to ≤ from: no loop any more
struct MarkLoop {};  // the loop key and button: from here; to here; off
struct ZoomTimeline {
    model::TimeNs from{0}, to{0};
};  // what the timeline shows; to ≤ from: all
// --- what is looked at
struct Select {
    model::Ref ref;
    bool go_there{false};
    std::optional<model::TimeNs> at{};  // where "there" is, if not where the thing first shows
};                                      // none: nothing is selected
struct Hover {
    model::Ref ref;
};
struct SetFilter {
    std::string text;
};
struct FocusFilter {};  // the keyboard goes to the filter of the event list
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
struct StepScale {
    int by{1};
};  // larger or smaller letters, as far as the window goes; 0: as they are by themselves
struct EnlargePresenter {
    float by{0};
};  // the presenter's letters, beside what its window gives them
struct TogglePresenter {};
struct ToggleHelp {};
struct ToggleMatrix {};   // on a Home with room for one of the two: the matrix or the lessons
struct ToggleWhy {};      // beside what happened: why the kernel does so
struct ToggleOverlay {};  // F12: frame time, shapes, events, queues
struct FoldPanel {
    Panel panel{Panel::lesson};
};                  // folds or unfolds
struct Dismiss {};  // closes what lies on top: help, message, selection
struct AskForFile {
    bool ask{true};
};  // a field for the path of a file to open
struct TypePath {
    std::string path;
};  // what that field holds
// --- carried out by the session, which knows threads and files
struct OpenLesson {
    std::string file;
};
struct OpenTrace {
    std::string file;
};
struct OpenFile {
    std::string file;
    bool typed{false};  // by a person: "~", quotes and file:// count
};                      // whichever of the two it is
struct OpenKind {
    model::Kind kind;
};  // a first look at that kind of socket: a cell of the matrix
struct GoHome {};
struct RunAgain {};
struct StopRun {};
struct SaveTrace {
    std::string file;
};
struct CopyText {
    std::string text;
};  // to the clipboard
struct Quit {};

using Command =
    std::variant<TogglePlay, Seek, StepEvent, StepBeat, GoToBeat, GoToEdge, PlayTo, SetSpeed, SetClock,
                 SetLoop, MarkLoop, ZoomTimeline, Select, Hover, SetFilter, FocusFilter, ShowCode, Answer,
                 SetTheme, SetScale, StepScale, EnlargePresenter, TogglePresenter, ToggleHelp, ToggleMatrix,
                 ToggleWhy, ToggleOverlay, FoldPanel, Dismiss, AskForFile, TypePath, OpenLesson, OpenTrace,
                 OpenFile, OpenKind, GoHome, RunAgain, StopRun, SaveTrace, CopyText, Quit>;
using Commands = std::vector<Command>;

}  // namespace socketscope::player

#include "app/player/shortcuts.hpp"

#include <algorithm>
#include <cctype>

namespace socketscope::player {

namespace {

using Answered = std::optional<Command>;

bool on_lesson(const State& state) {
    return state.screen == Screen::lesson;
}

// A command that makes sense only while a recording is shown.
template <auto Make>
Answered shown(const State& state) {
    if (!on_lesson(state) || !state.trace) return std::nullopt;
    return Command(Make(state));
}
template <auto Make>
Answered always(const State& state) {
    return Command(Make(state));
}

double speed_step(const State& state, bool faster) {
    static constexpr double kSpeeds[] = {0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4};
    double chosen = state.speed;
    for (const double speed : kSpeeds) {
        if (faster && speed > state.speed * 1.001) return speed;
        if (!faster && speed < state.speed * 0.999) chosen = speed;
    }
    return chosen;
}

PlayTo read_on(const State& state) {
    if (state.rest_at) return {*state.rest_at};
    for (const BeatMark& beat : state.beats)
        if (beat.at > state.t) return {beat.at};
    return {state.end};
}

// By a quarter of what the timeline shows, as long as there is something on that side.
ZoomTimeline pan(const State& state, int direction) {
    const TimeNs length = state.view_to - state.view_from;
    if (length <= 0) return {};
    const TimeNs from = std::clamp<TimeNs>(state.view_from + direction * length / 4, 0,
                                           std::max<TimeNs>(0, state.end - length));
    return {from, from + length};
}

ZoomTimeline zoom(const State& state, double factor) {
    const bool whole = state.view_to <= state.view_from;
    const double from = whole ? 0 : static_cast<double>(state.view_from);
    const double to = static_cast<double>(whole ? state.end : state.view_to);
    const double at = std::clamp(static_cast<double>(state.t), from, to);
    const double new_from = at - (at - from) * factor, new_to = at + (to - at) * factor;
    constexpr double kNearlyAll = 0.999;  // zooming in and out again shows everything, whatever was rounded
    if (new_to - new_from >= kNearlyAll * static_cast<double>(state.end)) return {};
    constexpr double kShortest = 1'000;  // ns: below a microsecond there is nothing to see
    if (new_to - new_from < kShortest) return {state.view_from, state.view_to};
    return {static_cast<TimeNs>(new_from), static_cast<TimeNs>(new_to)};
}

// Into the folder that the program was started in, under the lesson's name.
SaveTrace save(const State& state) {
    return {(state.lesson ? state.lesson->name : std::string("recording")) + ".jsonl"};
}

constexpr std::string_view kTime = "Time", kLook = "Look", kWindow = "Window";

// Space and the arrows belong to ImGui's keyboard navigation, hence K, comma and period.
constexpr Shortcut kShortcuts[] = {
    {{'K'}, "K", "play or pause", kTime, shown<[](const State&) { return TogglePlay{}; }>},
    {{'P'}, "P", "", kTime, shown<[](const State&) { return TogglePlay{}; }>},
    {{'.'}, ".", "next event", kTime, shown<[](const State&) { return StepEvent{1}; }>},
    {{','}, ",", "previous event", kTime, shown<[](const State&) { return StepEvent{-1}; }>},
    {{kKeyPageDown}, "Page Down", "next beat", kTime, shown<[](const State&) { return StepBeat{1}; }>},
    {{kKeyPageUp}, "Page Up", "previous beat", kTime, shown<[](const State&) { return StepBeat{-1}; }>},
    {{'B'}, "B", "", kTime, shown<[](const State&) { return StepBeat{-1}; }>},
    {{'N'},
     "N",
     "play to the next beat; again: be there",
     kTime,
     shown<[](const State& state) { return read_on(state); }>},
    {{kKeyHome}, "Home", "to the start", kTime, shown<[](const State&) { return GoToEdge{false}; }>},
    {{kKeyEnd}, "End", "to the end", kTime, shown<[](const State&) { return GoToEdge{true}; }>},
    {{']'},
     "]",
     "faster",
     kTime,
     shown<[](const State& state) { return SetSpeed{speed_step(state, true)}; }>},
    {{'>'}, ">", "", kTime, shown<[](const State& state) { return SetSpeed{speed_step(state, true)}; }>},
    {{'['},
     "[",
     "slower",
     kTime,
     shown<[](const State& state) { return SetSpeed{speed_step(state, false)}; }>},
    {{'<'}, "<", "", kTime, shown<[](const State& state) { return SetSpeed{speed_step(state, false)}; }>},
    {{'C'}, "C", "story time or true time", kTime, shown<[](const State& state) {
         return SetClock{state.clock_kind == ClockKind::story ? ClockKind::true_time : ClockKind::story};
     }>},
    {{'L'}, "L", "loop: from here, to here, off", kTime, shown<[](const State&) { return MarkLoop{}; }>},
    {{'R'}, "R", "run again, as the file is now", kTime, shown<[](const State&) { return RunAgain{}; }>},
    {{'X'}, "X", "stop the run", kTime, shown<[](const State&) { return StopRun{}; }>},
    {{'+'}, "+", "zoom the timeline in", kTime, shown<[](const State& state) { return zoom(state, 0.5); }>},
    {{'-'}, "-", "zoom the timeline out", kTime, shown<[](const State& state) { return zoom(state, 2); }>},
    {{'0'}, "0", "show the whole timeline", kTime, shown<[](const State&) { return ZoomTimeline{}; }>},
    {{'A'}, "A", "timeline: earlier", kTime, shown<[](const State& state) { return pan(state, -1); }>},
    {{'D'}, "D", "timeline: later", kTime, shown<[](const State& state) { return pan(state, 1); }>},
    {{'1'}, "1", "fold the text", kLook, shown<[](const State&) { return FoldPanel{Panel::lesson}; }>},
    {{'2'}, "2", "fold the code", kLook, shown<[](const State&) { return FoldPanel{Panel::code}; }>},
    {{'3'}, "3", "fold the events", kLook, shown<[](const State&) { return FoldPanel{Panel::events}; }>},
    {{'4'},
     "4",
     "fold the inspector",
     kLook,
     shown<[](const State&) { return FoldPanel{Panel::inspector}; }>},
    {{'W'}, "W", "say why the kernel does so", kLook, shown<[](const State&) { return ToggleWhy{}; }>},
    {{'/'},
     "/",
     "filter the events",
     kLook,
     [](const State& state) -> Answered {
         if (!on_lesson(state) || !state.trace || state.presenter) return std::nullopt;
         return FocusFilter{};
     }},
    {{kKeyF5}, "F5", "presenter mode", kWindow, always<[](const State&) { return TogglePresenter{}; }>},
    {{'T'}, "T", "dark or light", kWindow, always<[](const State& state) {
         return SetTheme{state.theme == Theme::dark ? Theme::light : Theme::dark};
     }>},
    {{'+', true}, "Ctrl +", "larger", kWindow, always<[](const State&) { return StepScale{1}; }>},
    {{'-', true}, "Ctrl -", "smaller", kWindow, always<[](const State&) { return StepScale{-1}; }>},
    {{'0', true},
     "Ctrl 0",
     "100 %; presenter: as it began",
     kWindow,
     always<[](const State&) { return StepScale{0}; }>},
    {{'H'}, "H", "Home: the matrix and the lessons", kWindow, always<[](const State&) { return GoHome{}; }>},
    {{'M'},
     "M",
     "one half of Home: which one",
     kWindow,
     [](const State& state) -> Answered {
         if (state.screen != Screen::home) return std::nullopt;
         return ToggleMatrix{};
     }},
    {{kKeyF1}, "F1", "this list", kWindow, always<[](const State&) { return ToggleHelp{}; }>},
    {{'?'}, "?", "", kWindow, always<[](const State&) { return ToggleHelp{}; }>},
    {{kKeyF12},
     "F12",
     "developers: frame time, shapes, events",
     kWindow,
     always<[](const State&) { return ToggleOverlay{}; }>},
    {{kKeyEscape}, "Esc", "close what lies on top", kWindow, always<[](const State&) { return Dismiss{}; }>},
    {{'O', true},
     "Ctrl O",
     "open a lesson, script or recording",
     kWindow,
     always<[](const State& state) { return AskForFile{!state.asks_for_file}; }>},
    {{'S', true},
     "Ctrl S",
     "save the recording",
     kWindow,
     shown<[](const State& state) { return save(state); }>},
    {{'Q', true}, "Ctrl Q", "quit", kWindow, always<[](const State&) { return Quit{}; }>},
};

}  // namespace

std::span<const Shortcut> shortcuts() {
    return kShortcuts;
}

Chord typed(Chord chord, unsigned character) {
    if (character > ' ' && character < 127) chord.key = std::toupper(static_cast<int>(character));
    if (chord.key == '=') chord.key = '+';
    if (chord.key < 256 && !std::isalpha(chord.key)) chord.shift = false;  // it is part of the character
    return chord;
}

std::optional<Command> command_for(const State& state, Chord chord) {
    const auto found = std::find_if(std::begin(kShortcuts), std::end(kShortcuts),
                                    [&](const Shortcut& row) { return row.chord == chord; });
    return found == std::end(kShortcuts) ? std::nullopt : found->command(state);
}

}  // namespace socketscope::player

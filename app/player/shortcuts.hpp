// The keys: one row each. The window asks it for a command, the help under F1 prints it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "app/player/state.hpp"

namespace socketscope::player {

// Printable keys are the character that they type in the keyboard's layout, in upper case; the others have GLFW's
// numbers (app/window checks that).
enum Key : int {
    kKeyEscape = 256,
    kKeyEnter = 257,
    kKeyTab = 258,
    kKeyRight = 262,
    kKeyLeft = 263,
    kKeyDown = 264,
    kKeyUp = 265,
    kKeyPageUp = 266,
    kKeyPageDown = 267,
    kKeyHome = 268,
    kKeyEnd = 269,
    kKeyF1 = 290,
    kKeyF5 = 294,
    kKeyF6 = 295,
    kKeyF12 = 301
};
struct Chord {
    int key{0};
    bool control{false}, shift{false};
    bool operator==(const Chord&) const = default;
};
// The chord of a key that typed `character`: "?" is "?", with whichever keys a layout types it. `chord` is what is
// known without the character: the key's name and the modifiers. "=" counts as "+": keyboards put them on one key.
Chord typed(Chord chord, unsigned character);

struct Shortcut {
    Chord chord;
    std::string_view keys;   // as printed: "Ctrl +"
    std::string_view does;   // "step to the next event"; empty: a second chord of the row above
    std::string_view group;  // heading in the help
    std::optional<Command> (*command)(const State&);  // nullopt: nothing to do now
};
std::span<const Shortcut> shortcuts();
// The command of that chord in this state; nullopt if there is none. Not to be asked while a person types text.
std::optional<Command> command_for(const State& state, Chord chord);

}  // namespace socketscope::player

// Where the window keeps what it remembers from one session to the next (XDG Base Directory Specification: state).
#pragma once

#include <string>

namespace socketscope::window {

// $HOME; "" if it is not set.
std::string home_folder();
// $XDG_STATE_HOME/socketscope, else ~/.local/state/socketscope. "" if neither is set. It need not exist yet.
std::string state_folder();

// Writes `text` into a file of that folder, which is made if need be: beside it, then renamed. Returns what went
// wrong in a sentence; "" = nothing. Not for what must survive a power cut: nothing is synced.
std::string write_state_file(const std::string& path, const std::string& text);

}  // namespace socketscope::window

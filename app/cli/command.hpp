// The commands of the program `socketscope`: one file each, one row each in main.cpp's table.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace socketscope::cli {

// Exit status, as the man page says.
enum Exit : int {
    kHeld = 0,         // all expectations hold
    kFailed = 1,       // one does not
    kBadInput = 2,     // bad input or usage
    kNotPossible = 3,  // not on this machine; the reason was said
};

// Adds its options to `app` and returns what carries the command out.
using Action = std::function<int()>;
Action add_run(CLI::App& app);
Action add_matrix(CLI::App& app);
Action add_list(CLI::App& app);
Action add_check(CLI::App& app);
Action add_render(CLI::App& app);
Action add_open(CLI::App& app);
int open_home();  // no argument: the window, or the main lesson in the terminal where there is no display

}  // namespace socketscope::cli

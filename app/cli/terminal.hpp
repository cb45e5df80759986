// Standard output that is safe in a pipe, standard error for progress, and Ctrl-C.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core/model/problem.hpp"

namespace socketscope::cli {

// Writes to standard output. After EPIPE (the reader has gone) it stays silent; other errors (full disk) are said once
// on standard error. Returns whether everything has been written so far.
bool print(std::string_view text);
// One line on standard error.
void say(std::string_view text);
// "socketscope: what (where): why. help" on standard error.
void say(const model::Problem& problem);

// What standard output can show. Not a terminal: columns 0 (COLUMNS if that is set), and all of Unicode.
struct Terminal {
    std::size_t columns{0};
    bool unicode{true};  // false where LC_ALL, LC_CTYPE or LANG names another encoding (locale(7))
};
Terminal terminal_of_output();

// While it lives, SIGINT and SIGTERM set a flag and call `stop` (which must be async-signal-safe). One at a time.
class InterruptGuard {
public:
    explicit InterruptGuard(std::function<void()> stop);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    static bool interrupted();
};

}  // namespace socketscope::cli

// Standard output that is safe in a pipe, standard error for progress, and Ctrl-C.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core/model/problem.hpp"

namespace socketscope::cli {

// Standard descriptors that the shell closed (`>&-`) are filled, first of all: else a socket of ours would get number 1
// and be printed into. What is printed to a closed standard output is said to be lost, as EBADF.
void occupy_standard_descriptors();

// Writes to standard output. After EPIPE (the reader has gone) it stays silent; other errors (full disk) are said once
// on standard error. Returns whether everything has been written so far.
bool print(std::string_view text);
// Whether something could not be printed for another reason than a reader that has gone.
bool output_failed();
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

// While it lives, SIGINT, SIGTERM and SIGHUP set a flag and call `stop` (async-signal-safe). One at a time.
class InterruptGuard {
public:
    explicit InterruptGuard(std::function<void()> stop);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    static bool interrupted();
};

}  // namespace socketscope::cli

#include "app/cli/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace socketscope::cli {

namespace {

bool g_output_broken = false;
bool g_output_failed = false;  // broken, and not by a reader that has gone
volatile std::sig_atomic_t g_interrupted = 0;
std::function<void()> g_stop;  // set before the handlers are installed, cleared after they are removed

void on_interrupt(int) {
    const int saved = errno;
    g_interrupted = 1;
    if (g_stop) g_stop();
    errno = saved;
}

void install(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGHUP, &action, nullptr);
}

}  // namespace

void occupy_standard_descriptors() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0) continue;
        // The lowest free number is this one. Open for reading only, so that a write to it fails.
        [[maybe_unused]] const int filled = ::open("/dev/null", O_RDONLY);
    }
}

bool print(std::string_view text) {
    while (!g_output_broken && !text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {  // somebody made the pipe non-blocking; its reader is only slow
            pollfd room{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            g_output_broken = true;
            if (errno == EPIPE) break;
            g_output_failed = true;
            say(std::string("socketscope: can't write to standard output: ") + std::strerror(errno));
        }
    }
    return !g_output_broken;
}

Terminal terminal_of_output() {
    Terminal terminal;
    if (const char* columns = std::getenv("COLUMNS")) {
        const std::string_view text(columns);
        std::from_chars(text.data(), text.data() + text.size(), terminal.columns);
    }
    if (::isatty(STDOUT_FILENO) == 0) return terminal;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) terminal.columns = size.ws_col;
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;  // the next one counts
        const std::string_view locale(value);
        terminal.unicode =
            locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
        break;
    }
    return terminal;
}

bool output_failed() {
    return g_output_failed;
}

void say(std::string_view text) {
    std::string line(text);
    line += '\n';
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void say(const model::Problem& problem) {
    say("socketscope: " + problem.sentence());
}

InterruptGuard::InterruptGuard(std::function<void()> stop) {
    g_interrupted = 0;
    g_stop = std::move(stop);
    install(on_interrupt);
}

InterruptGuard::~InterruptGuard() {
    install(SIG_DFL);
    g_stop = nullptr;
}

bool InterruptGuard::interrupted() {
    return g_interrupted != 0;
}

}  // namespace socketscope::cli

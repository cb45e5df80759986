#include "app/window/run_window.hpp"

#include <chrono>
#include <csignal>

#include "app/window/app.hpp"
#include "app/window/glfw_window.hpp"

namespace socketscope::window {
namespace {

volatile std::sig_atomic_t quit_signal = 0;

// SIGINT and SIGTERM close the window as its button does, as long as this lives; a second one ends the program at once,
// should a driver hold it up.
class QuitSignals {
public:
    QuitSignals() {
        quit_signal = 0;
        struct sigaction action {};
        action.sa_handler = [](int number) { quit_signal = number; };
        sigemptyset(&action.sa_mask);
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(SIGINT, &action, &old_interrupt_);
        sigaction(SIGTERM, &action, &old_terminate_);
    }
    ~QuitSignals() {
        sigaction(SIGINT, &old_interrupt_, nullptr);
        sigaction(SIGTERM, &old_terminate_, nullptr);
    }
    QuitSignals(const QuitSignals&) = delete;
    QuitSignals& operator=(const QuitSignals&) = delete;

private:
    struct sigaction old_interrupt_ {
    }, old_terminate_{};
};

}  // namespace

int run_window(const WindowOptions& options) {
    const auto started = std::chrono::steady_clock::now();
    GlfwWindow window(options);
    const QuitSignals signals;  // behind it: while a driver opens it there is nothing to be closed
    App app(options, window, started);
    if (!options.trace.empty()) {
        app.open_trace(options.trace);
    } else if (!options.lesson.empty()) {
        app.open_lesson(options.lesson);
    }
    while (!app.quit() && !window.close_asked() && quit_signal == 0) {
        window.wait(app.may_sleep());
        app.work();
        if (app.wants_frame()) app.frame();
    }
    return 0;
}

}  // namespace socketscope::window

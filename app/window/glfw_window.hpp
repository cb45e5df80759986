// An OpenGL 3.3 window, by GLFW. One a process.
#pragma once

#include "app/window/run_window.hpp"

struct GLFWwindow;

namespace socketscope::window {

class GlfwWindow {
public:
    // Throws model::Failure: no display answers, or there is no OpenGL 3.3; says what helps.
    explicit GlfwWindow(const WindowOptions& options);
    ~GlfwWindow();
    GlfwWindow(const GlfwWindow&) = delete;
    GlfwWindow& operator=(const GlfwWindow&) = delete;

    GLFWwindow* handle() const { return window_; }
    // Of the monitor that the window is on now, 1 … 3: it may be moved to another.
    float monitor_scale() const;
    struct Size {
        int width, height;
    };
    Size framebuffer() const;
    bool close_asked() const;
    void set_title(const std::string& title);
    // Lets events in; sleeps up to `seconds` if there are none.
    void wait(double seconds);
    void show();  // what was drawn

private:
    GLFWwindow* window_{nullptr};
};

}  // namespace socketscope::window

#include "app/window/glfw_window.hpp"

#include <glad/gl.h>

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/model/problem.hpp"

namespace socketscope::window {
namespace {

std::string glfw_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text != nullptr ? text : "GLFW does not say why";
}

[[noreturn]] void fail(const std::string& what, const std::string& why, const std::string& help) {
    throw model::NotPossible({what, "", why, help});
}

bool names_something(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

void init_glfw() {
    // Asked for in vain, GLFW's back ends would write lines of their own to standard error.
    if (!display_named()) {
        fail("no window can be opened", "neither DISPLAY nor WAYLAND_DISPLAY is set",
             "`socketscope run LESSON` works in the terminal");
    }
#ifdef GLFW_PLATFORM
    // GLFW 3.4 prefers Wayland, where a missing decoration library leaves a window without a frame.
    if (names_something("DISPLAY")) glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
#endif
    if (glfwInit() == GLFW_TRUE) return;
    fail("no window can be opened", glfw_error(),
         "Check that the display named by DISPLAY answers (xdpyinfo); `socketscope run LESSON` works without "
         "one");
}

// In quarters: between them letters would lie between pixels.
float in_quarters(float x, float y) {
    return std::clamp(std::round(std::max(x, y) * 4) / 4, 1.0F, 3.0F);
}

float first_monitor_scale() {
    float x = 1, y = 1;
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) glfwGetMonitorContentScale(monitor, &x, &y);
    return in_quarters(x, y);
}

// Not larger than the monitor has room for.
GlfwWindow::Size first_size(const WindowOptions& options, float scale) {
    GlfwWindow::Size size{static_cast<int>(std::lround(static_cast<float>(options.width) * scale)),
                          static_cast<int>(std::lround(static_cast<float>(options.height) * scale))};
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
        int x = 0, y = 0, width = 0, height = 0;
        glfwGetMonitorWorkarea(monitor, &x, &y, &width, &height);
        if (width > 0 && height > 0) size = {std::min(size.width, width), std::min(size.height, height)};
    }
    return size;
}

}  // namespace

bool display_named() {
    return names_something("DISPLAY") || names_something("WAYLAND_DISPLAY");
}

GlfwWindow::GlfwWindow(const WindowOptions& options) {
    init_glfw();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "socketscope");
    const Size size = first_size(options, options.scale > 0 ? options.scale : first_monitor_scale());
    window_ = glfwCreateWindow(size.width, size.height, "Socketscope", nullptr, nullptr);
    if (window_ == nullptr) {
        const std::string why = glfw_error();
        glfwTerminate();
        fail("no window with OpenGL 3.3 can be opened", why,
             "Without a graphics card install Mesa's software renderer: apt install libgl1-mesa-dri");
    }
    glfwMakeContextCurrent(window_);
    if (gladLoadGL(glfwGetProcAddress) == 0) {
        glfwDestroyWindow(window_);
        glfwTerminate();
        fail("OpenGL can't be used", "its functions were not found",
             "Install Mesa: apt install libgl1-mesa-dri");
    }
    glfwSetWindowSizeLimits(window_, 480, 320, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwSwapInterval(1);
}

GlfwWindow::~GlfwWindow() {
    glfwDestroyWindow(window_);
    glfwTerminate();
}

float GlfwWindow::monitor_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return in_quarters(x, y);
}

GlfwWindow::Size GlfwWindow::framebuffer() const {
    Size size{0, 0};
    glfwGetFramebufferSize(window_, &size.width, &size.height);
    return size;
}

bool GlfwWindow::close_asked() const {
    return glfwWindowShouldClose(window_) == GLFW_TRUE;
}

void GlfwWindow::set_title(const std::string& title) {
    glfwSetWindowTitle(window_, title.c_str());
}

void GlfwWindow::wait(double seconds) {
    if (seconds > 0) {
        glfwWaitEventsTimeout(seconds);
    } else {
        glfwPollEvents();
    }
}

void GlfwWindow::show() {
    glfwSwapBuffers(window_);
}

}  // namespace socketscope::window

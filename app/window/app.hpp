// The app in its window: one frame() at a time; the loop belongs to somebody else (run_window, later a browser).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/panels/screen.hpp"
#include "app/player/state.hpp"
#include "app/style/look.hpp"
#include "app/window/backend.hpp"
#include "app/window/diary.hpp"
#include "app/window/glfw_window.hpp"
#include "app/window/probe_file.hpp"
#include "app/window/progress.hpp"
#include "app/window/recordings.hpp"
#include "app/window/session.hpp"

namespace socketscope::window {

class App {
public:
    App(const WindowOptions& options, GlfwWindow& window, std::chrono::steady_clock::time_point started);

    void open_lesson(const std::string& file) { session_.open_lesson(state_, file); }
    void open_trace(const std::string& file) { session_.open_trace(state_, file); }

    // Whether there is something new to draw; takes in what the session and the input bring.
    bool wants_frame();
    // How long the loop may sleep if no input comes, in seconds.
    double may_sleep() const;
    // A small part of what goes on beside the frames in this thread, too short to be felt.
    void work();
    void frame();
    bool quit() const { return quit_; }

private:
    using Clock = std::chrono::steady_clock;

    void advance_time();
    void refresh_look();
    void carry_out(const player::Command& command);
    void take_keys();
    void take_dropped();
    bool take_outcome();
    void follow_monitor();
    void step_scale(int by);
    void remember();
    void save(const std::string& name);
    void draw();
    void say_probe(bool settled);

    WindowOptions options_;
    GlfwWindow& window_;
    Backend backend_;
    player::State state_;
    std::optional<style::Look> look_;
    panels::ScreenPainter painter_;
    panels::ScreenOutput shown_;
    panels::Figures figures_;
    Session session_;
    Recordings recordings_;
    Progress progress_;
    Diary diary_;
    bool was_running_{false};
    float monitor_scale_;
    Clock::time_point started_, last_frame_{};
    std::optional<Clock::time_point> played_;  // when the playhead was last moved; none: it rests
    int frames_left_{4};                       // ImGui needs a few frames until everything has its place
    int focus_step_{0};
    // Frames in which a text field still asks for the keyboard, as soon as no input waits: "/" is not its first letter.
    static constexpr int kAskings = 4;
    int text_asked_{0};
    // What the pointer rests on is explained until a key is pressed, and again when the pointer moves or W asks why.
    bool tips_{true};
    float pointer_x_{0}, pointer_y_{0};  // in the frame before
    std::uint64_t frame_{0};
    double first_frame_ms_{0};
    std::string title_;
    std::string no_scale_;  // what was said of a press for larger or smaller letters that changed nothing
    bool quit_{false};
};

}  // namespace socketscope::window

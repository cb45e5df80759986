// Dear ImGui's GLFW and OpenGL backends, and input that is never lost, whatever their version (1.86 … 1.92).
//
// 1.86 looks at the mouse and the keys once a frame: a click or key that comes and goes between two frames is lost. So
// our own callbacks queue everything and each frame is given as much of it as fits without hiding one event behind
// another. From 1.87 on ImGui has such a queue itself and spreads it over frames. Either way: draw until it is empty.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/player/shortcuts.hpp"

struct GLFWwindow;

namespace socketscope::window {

// How much of each has been given to frames; tests wait for their own to arrive.
struct InputCounts {
    std::uint64_t presses{0}, releases{0}, keys{0}, moves{0}, scrolls{0};
};

class Backend {
public:
    // Takes the window's callbacks and user pointer. The window's context must be current. Call before any frame.
    explicit Backend(GLFWwindow* window);
    ~Backend();
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    void new_frame();                  // up to and with ImGui::NewFrame()
    void draw(int width, int height);  // ImGui's draw data into the window's framebuffer
    void fonts_changed();              // after the atlas was rebuilt, between frames

    std::size_t waiting() const;  // how much input waits for a frame
    bool pending() const { return waiting() > 0; }
    // Whether anything happened since the last call: input, a resize, an exposure.
    bool take_activity();
    // Key presses (and repeats) of the frame, by the characters they type in the keyboard's layout.
    std::vector<player::Chord> take_keys();
    // Paths of files that were let fall onto the window since the last call.
    std::vector<std::string> take_dropped();
    const InputCounts& counts() const { return counts_; }

private:
    struct Event {
        enum class Kind : std::uint8_t { move, button, key, character, scroll } kind{Kind::move};
        int code{0}, scancode{0}, action{0}, mods{0};
        double x{0}, y{0};
    };
    struct Callbacks;

    void install();
    void feed();  // part of the queue to ImGui's io
    void queue(Event event);

    GLFWwindow* window_;
    std::vector<Event> events_;
    std::vector<player::Chord> keys_;
    std::vector<std::string> dropped_;
    InputCounts counts_;
    bool activity_{true};
    bool character_follows_{false};  // the last of keys_ is a key that may type something
    bool down_[5]{};
    float x_, y_;
};

}  // namespace socketscope::window

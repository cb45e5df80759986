// For developers of this code: what the window does, line by line, where SOCKETSCOPE_LOG says.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "app/player/state.hpp"

namespace socketscope::window {

// SOCKETSCOPE_LOG=1 (or -): standard error; a path: appended to that file. Not set: every call returns at once.
class Diary {
public:
    explicit Diary(const char* where);
    ~Diary();
    Diary(const Diary&) = delete;
    Diary& operator=(const Diary&) = delete;

    bool on() const { return out_ != nullptr; }
    void say(const std::string& text);
    // What changed in the state since the last call.
    void note(const player::State& state);

private:
    struct Known {
        player::Screen screen{player::Screen::home};
        std::string title, message, notice;
        std::size_t events{0}, lanes{0};
        bool running{false}, playing{false};
        model::Ref selected;
    };

    std::FILE* out_{nullptr};
    bool owned_{false};
    std::chrono::steady_clock::time_point started_;
    Known known_;
};

}  // namespace socketscope::window

#include "app/window/diary.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace socketscope::window {

Diary::Diary(const char* where) : started_(std::chrono::steady_clock::now()) {
    if (where == nullptr || *where == '\0' || std::string_view(where) == "0") return;
    if (std::string_view(where) == "1" || std::string_view(where) == "-") {
        out_ = stderr;
        return;
    }
    out_ = std::fopen(where, "ae");
    owned_ = out_ != nullptr;
    if (out_ == nullptr)
        std::fprintf(stderr, "socketscope: SOCKETSCOPE_LOG: %s: %s\n", where, std::strerror(errno));
}

Diary::~Diary() {
    if (owned_) std::fclose(out_);
}

void Diary::say(const std::string& text) {
    if (out_ == nullptr) return;
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - started_;
    std::fprintf(out_, "%10.4f  %s\n", since.count(), text.c_str());
    std::fflush(out_);
}

void Diary::note(const player::State& state) {
    if (out_ == nullptr) return;
    const auto word = [](bool on, const char* yes, const char* no) { return std::string(on ? yes : no); };
    const Known now{state.screen,        state.trace ? state.trace->title : "",
                    state.message,       state.notice.text,
                    state.events.size(), state.lanes.size(),
                    state.running,       state.playing,
                    state.selected};
    if (now.screen != known_.screen)
        say("screen: " + word(now.screen == player::Screen::home, "home", "lesson"));
    if (now.title != known_.title) say("shown: " + now.title);
    if (now.running != known_.running) say(word(now.running, "run begins", "run is over"));
    if (now.events != known_.events || now.lanes != known_.lanes)
        say(fmt::format("recording: {} lanes, {} events", now.lanes, now.events));
    if (now.playing != known_.playing)
        say(fmt::format("{} at {} ns", word(now.playing, "plays", "rests"), state.t));
    if (now.selected != known_.selected)
        say(fmt::format("selected: kind {}, lane {}, index {}; {} light up",
                        static_cast<int>(now.selected.kind), now.selected.lane, now.selected.index,
                        state.linked.size()));
    if (now.message != known_.message && !now.message.empty()) say("message: " + now.message);
    if (now.notice != known_.notice && !now.notice.empty()) say("notice: " + now.notice);
    known_ = now;
}

}  // namespace socketscope::window

// A real recording of the main lesson, shown by the panels in memory: no window, no GPU.
#pragma once

#include <memory>
#include <string>

#include "app/panels/screen.hpp"
#include "app/style/imgui_bridge.hpp"
#include "app/style/look.hpp"
#include "core/lesson/lesson.hpp"
#include "core/trace/file.hpp"

namespace socketscope::test {

// The recording `one-packet-is-lost.jsonl` was made by `socketscope run one-packet-is-lost --trace` on Linux 6.18.
inline player::State recorded_state() {
    player::State state;
    auto trace = std::make_unique<trace::Trace>(trace::load(RECORDING).trace);
    state.lesson = lesson::parse_lesson(trace->source, trace->source_name).lesson;
    player::show(state, std::move(trace));
    return state;
}

class Screen {
public:
    Screen(style::ThemeName theme, float scale, style::Distance distance = style::Distance::near)
        : context_(), look(theme, scale, distance) {}

    // A few frames, as a window draws them until everything has its place.
    panels::ScreenOutput draw(const player::State& state, int width, int height,
                              const panels::HomeContent& home = {}) {
        draw_once(state, width, height, home);
        draw_once(state, width, height, home);
        return draw_once(state, width, height, home);
    }
    panels::ScreenOutput draw_once(const player::State& state, int width, int height,
                                   const panels::HomeContent& home = {}) {
        style::new_offscreen_frame(width, height, 1.0F / 60);
        panels::ScreenOutput out = painter_.draw(state, look, static_cast<float>(width),
                                                 static_cast<float>(height), {home, "test", {}, 0});
        ImGui::Render();
        return out;
    }

private:
    struct Context {
        Context() { style::begin_offscreen_context(); }
        ~Context() { ImGui::DestroyContext(); }
    } context_;
    panels::ScreenPainter painter_;

public:
    style::Look look;
};

}  // namespace socketscope::test

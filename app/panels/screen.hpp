// One frame of everything: arranges the panels in the window and draws each in its place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/panels/arrange.hpp"
#include "app/panels/help.hpp"
#include "app/panels/home.hpp"
#include "app/panels/stage_panel.hpp"
#include "app/panels/timeline.hpp"
#include "app/panels/view.hpp"

namespace socketscope::panels {

// What F6 goes through, in this order; those that are not shown are left out.
enum class Focus : std::uint8_t {
    top_bar,
    lesson,
    stage,
    code,
    events,
    inspector,
    transport,
    timeline,
    matrix,
    lessons,
    recordings,
    count
};

struct ScreenInput {
    const HomeContent& home;
    std::string_view version;
    Figures figures;        // of the frame before
    int focus_step{0};      // ± 1: the keyboard goes to the next or previous panel
    bool take_text{false};  // the keyboard goes to the field for a path, or to the filter of the event list
    bool tips{true};        // View::tips
};
struct ScreenOutput {
    player::Commands commands;
    std::vector<ProbeItem> probe;
    std::size_t shapes{0};
};

class ScreenPainter {
public:
    // Between ImGui::NewFrame() and ImGui::Render(). `width`, `height` in pixels of the screen.
    ScreenOutput draw(const player::State& state, const style::Look& look, float width, float height,
                      const ScreenInput& input);

private:
    void move_focus(const player::State& state, const Arrangement& places, const ScreenInput& input);
    bool focus_asked(const player::State& state, const Arrangement& places, const ScreenInput& input);

    StagePanel stage_;
    TimelinePanel timeline_;
    Focus focus_{Focus::lessons};
    // Of the frame before: another screen, or half of Home, is given the keyboard.
    std::optional<player::Screen> screen_;
    bool matrix_{false};
};

}  // namespace socketscope::panels

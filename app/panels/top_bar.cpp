#include "app/panels/top_bar.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/banner.hpp"

namespace socketscope::panels {
namespace {

using style::Icon;

constexpr float kButton = 15;  // radius, logical pixels

// Two discs that overlap: two programs, one wire. A click goes Home.
float logo(const View& view, Canvas c, Box area) {
    const float y = area.center().y, x = area.min.x + c.px(24);
    const float width = view.look.text_size(FontRole::heading, "Socketscope").x;
    const Box box{{area.min.x + c.px(8), y - c.px(17)}, {x + c.px(37) + width, y + c.px(17)}};
    const Press state = press(view, "home", box);
    if (state.hovered) style::fill(c, box, c.px(8), c.ink(Ink::card_raised, 0.6));
    c.list->AddCircleFilled({x, y}, c.px(9), c.ink(Ink::lane0_fill), 32);
    c.list->AddCircleFilled({x + c.px(12), y}, c.px(9), c.ink(Ink::lane1_fill, 0.92), 32);
    style::text_left(c, FontRole::heading, {x + c.px(29), y}, c.ink(Ink::text), "Socketscope");
    if (state.clicked) view.send(player::GoHome{});
    return box.max.x + c.px(8);
}

void crumbs(const View& view, Canvas c, float x, float right, float y) {
    if (view.state.screen == player::Screen::home) return;
    style::line(c, {x, y - c.px(10)}, {x, y + c.px(10)}, c.ink(Ink::line), c.px(1));
    x += c.px(16);
    const std::string part = view.state.lesson ? view.state.lesson->part : "Recording";
    const std::string title = view.state.lesson  ? view.state.lesson->title
                              : view.state.trace ? view.state.trace->title
                                                 : "";
    const float part_width = view.look.text_size(FontRole::body, part).x;
    if (!part.empty() && x + part_width + c.px(180) < right) {
        style::text_left(c, FontRole::body, {x, y}, c.ink(Ink::muted), part);
        x += part_width + c.px(9);
        style::text_left(c, FontRole::body, {x, y}, c.ink(Ink::faint), "›");
        x += c.px(14);
    }
    style::text_fit(c, FontRole::strong, {x, y}, right - x, c.ink(Ink::text), title);
}

// A dot a lesson, the open one larger. Returns the left end of what it drew.
float progress(const View& view, Canvas c, float right, float y, const HomeContent& home) {
    if (!view.state.lesson || view.state.screen != player::Screen::lesson) return right;
    const auto here = std::find_if(home.lessons.begin(), home.lessons.end(), [&](const LessonCard& card) {
        return card.file == view.state.lesson->file;
    });
    if (here == home.lessons.end()) return right;
    const auto index = here - home.lessons.begin(), count = std::ssize(home.lessons);
    float x = right - c.px(6);
    if (count <= 20) {
        for (auto i = count - 1; i >= 0; --i, x -= c.px(13)) {
            const ImVec2 center{x, y};
            if (i == index) {
                c.list->AddCircleFilled(center, c.px(5.2F), c.ink(Ink::lane0), 20);
            } else if (home.lessons[static_cast<std::size_t>(i)].progress.done()) {
                c.list->AddCircleFilled(center, c.px(3.6F), c.ink(Ink::good), 16);
            } else {
                c.list->AddCircle(center, c.px(3.2F), c.ink(Ink::faint), 16, c.px(1.3F));
            }
        }
    }
    const std::string words = "Lesson " + std::to_string(index + 1) + " of " + std::to_string(count);
    const float width = view.look.text_size(FontRole::small, words).x;
    style::text_left(c, FontRole::small, {x - c.px(2) - width, y}, c.ink(Ink::muted), words);
    return x - c.px(2) - width;
}

// The run: recording with a stop button, or a button to run again. Returns the left end.
float run_buttons(const View& view, Canvas c, float right, float y) {
    if (view.state.screen != player::Screen::lesson || !view.state.lesson) return right;
    float x = right - c.px(kButton);
    if (!view.state.running) {
        if (icon_button(view, "run_again", Icon::again, {x, y}, c.px(kButton), false, false,
                        "Run it again on this kernel (R)")) {
            view.send(player::RunAgain{});
        }
        return x - c.px(kButton + 14);
    }
    if (icon_button(view, "stop", Icon::stop, {x, y}, c.px(kButton), false, true, "Stop the run (X)"))
        view.send(player::StopRun{});
    x -= c.px(kButton + 8);
    const float width = style::width_of_chip(view.look, FontRole::caps, "RECORDING");
    style::chip(c, FontRole::caps, {x - width, y}, c.ink(Ink::loss_fill), view.look.on(Ink::loss_fill),
                "RECORDING");
    return x - width - c.px(14);
}

}  // namespace

void draw_top_bar(const View& view, Box area, const std::optional<Box>& message, const HomeContent& home) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0F);
    const PanelWindow window(view, "Top bar", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    const Canvas c = window.canvas();
    const float y = area.center().y, step = c.px(2 * kButton + 8);
    const float left = logo(view, c, area);
    float x = area.max.x - c.px(14 + kButton);
    const bool dark = view.state.theme == player::Theme::dark;
    if (icon_button(view, "theme", dark ? Icon::sun : Icon::moon, {x, y}, c.px(kButton), false, false,
                    "Dark or light (T)")) {
        view.send(player::SetTheme{dark ? player::Theme::light : player::Theme::dark});
    }
    x -= step;
    if (icon_button(view, "help", Icon::help, {x, y}, c.px(kButton), false, view.state.help, "Keys (F1)"))
        view.send(player::ToggleHelp{});
    x -= step;
    if (icon_button(view, "presenter", Icon::present, {x, y}, c.px(kButton), false, view.state.presenter,
                    "Presenter mode (F5)")) {
        view.send(player::TogglePresenter{});
    }
    x -= step;
    if (view.state.screen == player::Screen::home) {
        if (icon_button(view, "open", Icon::folder, {x, y}, c.px(kButton), false, view.state.asks_for_file,
                        "Open a lesson, script or recording (Ctrl O)")) {
            view.send(player::AskForFile{!view.state.asks_for_file});
        }
        x -= step;
    }
    float right = x + c.px(kButton);
    right = run_buttons(view, c, right, y);
    if (message) {
        write_message(view, c, *message);
        return;
    }
    right = progress(view, c, right, y, home);
    crumbs(view, c, left, right - c.px(16), y);
}

}  // namespace socketscope::panels

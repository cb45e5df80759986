#include "app/panels/transport.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <array>

namespace socketscope::panels {

namespace {

// One of a row of words; the brief one where a font is too wide for the other.
struct Choice {
    const char* id;
    const char* words;
    const char* brief;
};
struct SpeedRow {
    double factor;
    Choice choice;
};
constexpr std::array<SpeedRow, 4> kSpeeds{{{0.1, {"speed.0.1", "1/10×", ".1×"}},
                                           {0.25, {"speed.0.25", "¼×", "¼×"}},
                                           {1, {"speed.1", "1×", "1×"}},
                                           {4, {"speed.4", "4×", "4×"}}}};

void draw_buttons(const View& view, Canvas canvas, float left, float y) {
    const auto& state = view.state;
    struct Button {
        const char* id;
        style::Icon icon;
        float radius;
        player::Command command;
        const char* tooltip;
    };
    const Button buttons[] = {
        {"first", style::Icon::first, 15, player::GoToEdge{false}, "To the start (Home)"},
        {"step_back", style::Icon::step_back, 17, player::StepEvent{-1}, "Previous event (,)"},
        {"play", state.playing ? style::Icon::pause : style::Icon::play, 24, player::TogglePlay{},
         state.playing ? "Pause (K)" : "Play (K)"},
        {"step", style::Icon::step_forward, 17, player::StepEvent{1}, "Next event (.)"},
        {"last", style::Icon::last, 15, player::GoToEdge{true}, "To the end (End)"},
    };
    float x = left;
    for (const auto& button : buttons) {
        const float radius = canvas.px(button.radius);
        const bool strong = button.radius > 20;
        if (icon_button(view, button.id, button.icon, {x + radius, y}, radius, strong, false, button.tooltip))
            view.send(button.command);
        x += 2 * radius + canvas.px(6);
    }
    const char* words = state.looping()   ? "Loop no more (L)"
                        : state.loop_mark ? "Loop: from the mark to here (L)"
                                          : "Loop: from here (L); or drag along the ruler";
    if (icon_button(view, "loop", style::Icon::loop, {x + canvas.px(13), y}, canvas.px(13), false,
                    state.looping() || state.loop_mark, words))
        view.send(player::MarkLoop{});
}

// A row of words of which one is chosen.
template <std::size_t N, class Chosen, class Choose>
void draw_choice(const View& view, Canvas canvas, Box box, const std::array<Choice, N>& choices,
                 Chosen chosen, Choose choose) {
    style::fill(canvas, box, canvas.px(7), canvas.ink(Ink::card_raised));
    const float width = box.width() / static_cast<float>(N);
    const bool brief = std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) {
        return view.look.text_size(FontRole::small, choice.words).x > width - canvas.px(6);
    });
    for (std::size_t i = 0; i < N; ++i) {
        const float x = box.min.x + static_cast<float>(i) * width;
        const Box cell{{x, box.min.y}, {x + width, box.max.y}};
        const Press state = press(view, choices[i].id, cell);
        const bool on = chosen(i);
        if (on || state.hovered)
            style::fill(canvas, style::inset(cell, canvas.px(2)), canvas.px(5),
                        on ? canvas.ink(Ink::lane0, 0.30) : canvas.ink(Ink::faint, 0.2));
        style::text_center(canvas, FontRole::small, cell.center(), canvas.ink(on ? Ink::text : Ink::muted),
                           brief ? choices[i].brief : choices[i].words);
        if (state.clicked) choose(i);
    }
}

void draw_time(const View& view, Canvas canvas, ImVec2 at) {
    const auto& state = view.state;
    style::text_left(canvas, FontRole::heading, at, canvas.ink(Ink::text),
                     fmt::format("{} ms", model::format_ms(state.t, 2)));
    style::text_left(canvas, FontRole::small, {at.x, at.y + canvas.px(20)}, canvas.ink(Ink::muted),
                     fmt::format("of {} ms", model::format_ms(state.end, 1)));
}

}  // namespace

void draw_transport(const View& view, Box area) {
    const PanelWindow window(view, "Player", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas canvas = window.canvas();
    const auto& state = view.state;
    const float left = area.min.x + canvas.px(14);
    const bool roomy = area.height() >= canvas.px(120);
    const bool with_time =
        !roomy && area.height() >= canvas.px(88);  // presenter mode: buttons and the time in one line
    // Three rows in a low panel; a high one leaves a little more above them.
    const float top = area.min.y + std::clamp((area.height() - canvas.px(122)) / 2, 0.0F, canvas.px(8));
    const float y = roomy ? top + canvas.px(34) : with_time ? area.min.y + canvas.px(38) : area.center().y;
    draw_buttons(view, canvas, left, y);
    if (with_time) {
        const std::string now = fmt::format("{} ms", model::format_ms(state.t, 2));
        const ImVec2 at{left + canvas.px(2), area.max.y - canvas.px(18)};
        style::text_left(canvas, FontRole::strong, at, canvas.ink(Ink::text), now);
        const float width = view.look.text_size(FontRole::strong, now).x;
        style::text_left(canvas, FontRole::small, {at.x + width + canvas.px(8), at.y}, canvas.ink(Ink::muted),
                         fmt::format("of {} ms", model::format_ms(state.end, 1)));
    }
    if (!roomy) return;

    draw_time(view, canvas, {left + canvas.px(2), top + canvas.px(78)});
    const float x = left + canvas.px(100), width = area.max.x - canvas.px(12) - x;
    const std::array<Choice, 2> clocks{
        {{"clock.story", "story time", "story"}, {"clock.true", "true time", "true"}}};
    draw_choice(
        view, canvas, {{x, top + canvas.px(66)}, {x + width, top + canvas.px(89)}}, clocks,
        [&](std::size_t i) { return (state.clock_kind == player::ClockKind::story) == (i == 0); },
        [&](std::size_t i) {
            view.send(player::SetClock{i == 0 ? player::ClockKind::story : player::ClockKind::true_time});
        });
    std::array<Choice, kSpeeds.size()> speeds{};
    for (std::size_t i = 0; i < kSpeeds.size(); ++i) speeds[i] = kSpeeds[i].choice;
    draw_choice(
        view, canvas, {{x, top + canvas.px(93)}, {x + width, top + canvas.px(116)}}, speeds,
        [&](std::size_t i) { return state.speed == kSpeeds[i].factor; },
        [&](std::size_t i) { view.send(player::SetSpeed{kSpeeds[i].factor}); });
}

}  // namespace socketscope::panels

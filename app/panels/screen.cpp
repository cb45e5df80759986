#include "app/panels/screen.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/banner.hpp"
#include "app/panels/caption.hpp"
#include "app/panels/code.hpp"
#include "app/panels/event_list.hpp"
#include "app/panels/inspector.hpp"
#include "app/panels/lesson_text.hpp"
#include "app/panels/open_field.hpp"
#include "app/panels/top_bar.hpp"
#include "app/panels/transport.hpp"

namespace socketscope::panels {
namespace {

constexpr std::size_t kFocusCount = static_cast<std::size_t>(Focus::count);

const std::optional<Place>& place_of(const Arrangement& places, Focus focus,
                                     const std::optional<Place>& top_bar) {
    switch (focus) {
        case Focus::top_bar:
            break;
        case Focus::lesson:
            return places.lesson;
        case Focus::stage:
            return places.stage;
        case Focus::code:
            return places.code;
        case Focus::events:
            return places.events;
        case Focus::inspector:
            return places.inspector;
        case Focus::transport:
            return places.transport;
        case Focus::timeline:
            return places.timeline;
        case Focus::matrix:
        case Focus::lessons:
        case Focus::recordings:
            return places.home;
        case Focus::count:
            break;
    }
    return top_bar;
}

}  // namespace

void ScreenPainter::move_focus(const player::State& state, const Arrangement& places,
                               const ScreenInput& input) {
    const bool both = !places.home || home_shows_both(state, places.home->width);
    const auto shown = [&](Focus focus) {
        if (focus == Focus::recordings && (input.home.recordings.empty() || (!both && state.matrix)))
            return false;
        if (focus == Focus::lessons && !both && state.matrix) return false;
        return focus != Focus::matrix || both || state.matrix;
    };
    const std::optional<Place> top_bar = places.top_bar;
    auto index = static_cast<std::ptrdiff_t>(focus_);
    const auto count = static_cast<std::ptrdiff_t>(kFocusCount);
    for (std::ptrdiff_t tries = 0; tries < count; ++tries) {
        index = (index + input.focus_step + count) % count;
        if (shown(static_cast<Focus>(index)) && place_of(places, static_cast<Focus>(index), top_bar)) break;
    }
    focus_ = static_cast<Focus>(index);
}

// Whether a panel is to be given the keyboard in this frame: after F6, and when another screen is shown.
bool ScreenPainter::focus_asked(const player::State& state, const Arrangement& places,
                                const ScreenInput& input) {
    if (screen_ != state.screen || matrix_ != state.matrix) {
        screen_ = state.screen;
        matrix_ = state.matrix;
        const bool home = state.screen == player::Screen::home;
        const bool both = !places.home || home_shows_both(state, places.home->width);
        focus_ = !home ? Focus::lesson : both || !state.matrix ? Focus::lessons : Focus::matrix;
        return true;
    }
    if (input.focus_step == 0) return false;
    move_focus(state, places, input);
    return true;
}

ScreenOutput ScreenPainter::draw(const player::State& state, const style::Look& look, float width,
                                 float height, const ScreenInput& input) {
    ScreenOutput out;
    const View view{state, look, out.commands, out.probe, false, input.tips};
    const float scale = look.scale();
    const Arrangement places = arrange(state, width / scale, height / scale);
    ImGui::GetBackgroundDrawList()->AddRectFilled({0, 0}, {width, height}, look.ink(style::Ink::background));
    const bool focus = focus_asked(state, places, input);
    const auto box = [&](const Place& p) {
        return style::Box{{std::round(p.x * scale), std::round(p.y * scale)},
                          {std::round(p.right() * scale), std::round(p.bottom() * scale)}};
    };
    // Draws a panel if it has a place, and hands it the keyboard if F6 has come to it.
    const auto panel = [&](Focus which, const std::optional<Place>& place, auto&& draw) {
        if (!place || place->width < 8 || place->height < 8) return;
        View its = view;
        its.take_keys = focus && focus_ == which;
        draw(its, box(*place));
    };
    const auto message = places.message_in_bar ? std::optional(box(*places.message_in_bar)) : std::nullopt;
    panel(Focus::top_bar, places.top_bar,
          [&](const View& v, style::Box b) { draw_top_bar(v, b, message, input.home); });
    if (places.open_field) draw_open_field(view, box(*places.open_field), input.take_text);
    if (places.message) draw_message(view, box(*places.message));
    if (places.home) {
        const HomeFocus half = !focus                        ? HomeFocus::unchanged
                               : focus_ == Focus::matrix     ? HomeFocus::matrix
                               : focus_ == Focus::recordings ? HomeFocus::recordings
                                                             : HomeFocus::lessons;
        draw_home(view, box(*places.home), input.home,
                  focus_ == Focus::top_bar ? HomeFocus::unchanged : half);
    }
    if (places.caption) draw_caption(view, box(*places.caption));
    panel(Focus::stage, places.stage,
          [&](const View& v, style::Box b) { out.shapes = stage_.draw(v, b, places.strips); });
    panel(Focus::lesson, places.lesson, [&](const View& v, style::Box b) { draw_lesson(v, b); });
    panel(Focus::code, places.code, [&](const View& v, style::Box b) { draw_code(v, b); });
    panel(Focus::events, places.events, [&](const View& v, style::Box b) {
        draw_event_list(v, b, input.take_text && !state.asks_for_file);
    });
    panel(Focus::inspector, places.inspector, [&](const View& v, style::Box b) { draw_inspector(v, b); });
    panel(Focus::transport, places.transport, [&](const View& v, style::Box b) { draw_transport(v, b); });
    panel(Focus::timeline, places.timeline, [&](const View& v, style::Box b) { timeline_.draw(v, b); });
    if (state.help) draw_help(view, {{0, 0}, {width, height}}, input.version);
    if (state.overlay) draw_overlay(view, {{0, box(places.top_bar).max.y}, {width, height}}, input.figures);
    return out;
}

}  // namespace socketscope::panels

#include "app/panels/caption.hpp"

#include <imgui.h>

#include <algorithm>
#include <string_view>

#include "app/panels/arrange.hpp"
#include "app/panels/prose.hpp"
#include "core/model/time.hpp"

namespace socketscope::panels {
namespace {

// Each word with its place, from (0, 0) on; returns where the last one ends.
template <class Place>
ImVec2 each_word(const View& view, std::string_view words, float room, const Place& place) {
    const float space = view.look.text_size(FontRole::heading, " ").x, line = view.look.px(kCaptionRow);
    ImVec2 at{0, 0};
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        const std::string_view word = words.substr(0, end);
        const float width = view.look.text_size(FontRole::heading, word).x;
        if (at.x > 0 && at.x + width > room) at = {0, at.y + line};
        place(word, at);
        at.x += width + space;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return at;
}

// The beat's number, as it stands on the timeline. Returns its width.
float draw_number(const View& view, Canvas c, const Caption& caption, ImVec2 left_middle) {
    if (caption.beat == SIZE_MAX) return 0;
    const float radius = c.px(10);
    const ImVec2 centre{left_middle.x + radius, left_middle.y};
    c.list->AddCircleFilled(centre, radius, c.ink(caption.past ? Ink::card_raised : Ink::lane0_fill), 32);
    style::text_center(c, FontRole::strong, centre,
                       caption.past ? c.ink(Ink::muted) : view.look.on(Ink::lane0_fill),
                       std::to_string(caption.beat + 1));
    return 2 * radius + c.px(10);
}

}  // namespace

Caption caption_of(const player::State& state) {
    const std::size_t beat = player::current_beat(state);
    if (beat == SIZE_MAX) {
        if (!state.lesson) return {state.trace ? state.trace->title : ""};
        return {state.lesson->summary.empty() ? state.lesson->title : state.lesson->summary};
    }
    const player::BeatMark& mark = state.beats[beat];
    return {mark.caption.empty() ? mark.title : mark.caption, beat,
            state.events.first_after(state.t) > state.events.first_after(mark.at)};
}

// Names of lanes in the lane's colour, as in the text.
void draw_caption(const View& view, Box area) {
    const PanelWindow window(view, "Caption", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas c = window.canvas();
    const Caption caption = caption_of(view.state);
    const float middle = area.center().y, right = area.max.x - c.px(18);
    float left = area.min.x + c.px(14);
    left += std::max(c.px(4), draw_number(view, c, caption, {left, middle}));
    const ImVec2 end = each_word(view, caption.words, right - left, [](std::string_view, ImVec2) {});
    const float first = middle - end.y / 2;
    each_word(view, caption.words, right - left, [&](std::string_view word, ImVec2 at) {
        const std::size_t lane = lane_of_word(view.state, word.substr(0, word.find_last_not_of(".,:;") + 1));
        const Ink ink = caption.past ? Ink::muted : lane == SIZE_MAX ? Ink::text : style::lane_ink(lane);
        style::text_fit(c, FontRole::heading, {left + at.x, first + at.y}, right - left - at.x, c.ink(ink),
                        word);
    });
    if (!caption.past) return;
    const std::string when = "at " + model::format_ms(view.state.beats[caption.beat].at, 2) + " ms";
    if (left + end.x + c.px(16) + view.look.text_size(FontRole::strong, when).x <= right)
        style::text_right(c, FontRole::strong, {right, first + end.y}, c.ink(Ink::muted), when);
}

}  // namespace socketscope::panels

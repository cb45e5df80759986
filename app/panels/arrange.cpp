#include "app/panels/arrange.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::panels {
namespace {

constexpr float kGap = 8, kTopBar = 46, kOpenField = 48, kMessage = 40, kMessageRow = 20, kCaption = 36;
constexpr float kWide =
    1500;  // from here on the side columns are broader and the inspector has its own place
constexpr float kRoomForLesson = 1100;  // below, the text folds first …
constexpr float kRoomForRight = 820;    // … then code and events
constexpr float kTall = 860;
constexpr float kRoomForBoth = 330;  // the list stays beside the inspector, so that one can go on in it
constexpr float kLow = 600;          // below, only stage and timeline: columns would not fit
constexpr float kLaneRow = 30;       // of the timeline
constexpr float kLowLaneRow = 26;    // where there are three

using player::Panel;

float timeline_height(const player::State& state, float height, bool presenter) {
    const auto rows = static_cast<float>(std::max<std::size_t>(state.lanes.size(), 1));
    constexpr float kWithLegend = 124;  // a single lane, too, has its legend
    constexpr float kPresentedRow = 32;
    constexpr float kLowRow = 30;  // in presenter mode, where two lanes go without a legend
    const float presented = rows < 3 ? 36 + kLowRow * rows : 44 + kPresentedRow * rows;
    const float full =
        presenter ? presented : std::max(kWithLegend, 70 + (rows < 3 ? kLaneRow : kLowLaneRow) * rows);
    return std::min(full, std::max(64.0F, height * 0.31F));
}

// A bare script has nothing to read: its stage takes the room.
bool has_text(const player::State& state) {
    return state.lesson && (!state.lesson->sections.empty() || !state.lesson->predictions.empty());
}

// Code above, events and inspector below, in the column at the right.
void split_right(const player::State& state, Arrangement& out, Place column, bool tall) {
    const bool code = !state.is_folded(Panel::code), events = !state.is_folded(Panel::events);
    const bool inspector = !state.is_folded(Panel::inspector) && state.selected;
    float rest_y = column.y;
    if (code) {
        const bool below = events || inspector;
        float height = column.height;
        if (below) height = std::floor(column.height * (inspector ? (tall ? 0.36F : 0.27F) : 0.56F));
        out.code = Place{column.x, column.y, column.width, height};
        rest_y += height + kGap;
    }
    Place rest{column.x, rest_y, column.width, column.bottom() - rest_y};
    if (inspector && events && (tall || rest.height >= kRoomForBoth)) {
        const float list = std::floor(rest.height * 0.38F);
        out.events = Place{rest.x, rest.y, rest.width, list};
        out.inspector = Place{rest.x, rest.y + list + kGap, rest.width, rest.height - list - kGap};
    } else if (inspector) {
        out.inspector = rest;
    } else if (events) {
        out.events = rest;
    }
}

// One row for what is said, more where it is long, and one for each line of code below it.
float message_height(const player::State& state, float width) {
    const std::string& text = state.message.empty() ? state.notice.text : state.message;
    if (text.empty()) return 0;
    constexpr float kLetter = 7.4F;  // a broad guess: this knows no font
    const std::size_t first = std::min(text.find('\n'), text.size());
    const auto code = static_cast<float>(std::count(text.begin(), text.end(), '\n'));
    const float rows = std::ceil(static_cast<float>(first) * kLetter / std::max(width - 190, 100.0F));
    // In presenter mode it stands in the caption's place until it is dismissed: the stage keeps its room.
    const bool presents = state.presenter && state.screen == player::Screen::lesson;
    return (presents ? kCaption : kMessage) + kMessageRow * (std::max(rows, 1.0F) - 1 + code);
}

}  // namespace

Arrangement arrange(const player::State& state, float width, float height) {
    Arrangement out;
    out.top_bar = {0, 0, width, kTopBar};
    float top = kTopBar + kGap, bottom = height - kGap;
    const float left = kGap, right = width - kGap;
    if (state.asks_for_file) {
        out.open_field = Place{left, top, right - left, kOpenField};
        top += kOpenField + kGap;
    }
    if (const float tall = message_height(state, right - left); tall > 0) {
        out.message = Place{left, top, right - left, std::min(tall, height / 2)};
        top += out.message->height + kGap;
    }
    if (state.screen == player::Screen::home) {
        out.home = Place{left, top, right - left, std::max(0.0F, bottom - top)};
        return out;
    }
    if (state.presenter && !out.message) {
        out.caption = Place{left, top, right - left, kCaption};
        top += kCaption + kGap;
    }
    if (!state.is_folded(Panel::timeline)) {
        const float tall = timeline_height(state, height, state.presenter);
        const float buttons = state.presenter ? 290.0F : 262.0F;
        out.transport = Place{left, bottom - tall, buttons, tall};
        out.timeline = Place{left + buttons + kGap, bottom - tall, right - left - buttons - kGap, tall};
        bottom -= tall + kGap;
    }
    Place middle{left, top, right - left, std::max(0.0F, bottom - top)};
    if (!state.presenter && !state.is_folded(Panel::lesson) && width >= kRoomForLesson && height >= kLow &&
        has_text(state)) {
        const float column = width >= kWide ? 320.0F : 262.0F;
        out.lesson = Place{left, top, column, middle.height};
        middle.x += column + kGap;
        middle.width -= column + kGap;
    }
    const bool anything_right = !state.is_folded(Panel::code) || !state.is_folded(Panel::events) ||
                                (!state.is_folded(Panel::inspector) && state.selected);
    if (!state.presenter && anything_right && width >= kRoomForRight && height >= kLow) {
        const float column = width >= kWide ? 400.0F : 322.0F;
        middle.width -= column + kGap;
        split_right(state, out, {middle.right() + kGap, top, column, middle.height}, height >= kTall);
    }
    out.stage = middle;
    out.strips = state.presenter || middle.width >= 1000 || height < kLow;
    return out;
}

}  // namespace socketscope::panels

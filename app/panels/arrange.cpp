#include "app/panels/arrange.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace socketscope::panels {
namespace {

constexpr float kGap = 8, kTopBar = 46, kOpenField = 48, kMessage = 40, kMessageRow = 20, kCaption = 36;
// From here on the side columns are broader, and the inspector has its own place.
constexpr float kWide = 1500;
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
    // In so low a window the stage needs the height more than the timeline does.
    constexpr float kLowest = 420;
    return std::min(full, std::max(64.0F, height * (height < kLowest && rows > 2 ? 0.25F : 0.31F)));
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

// Broad guesses of a letter's width: this knows no font.
constexpr float kLetter = 7.0F, kCaptionLetter = 8.2F;

std::size_t letters_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

float rows_for(std::size_t letters, float letter, float width) {
    return std::max(1.0F, std::ceil(static_cast<float>(letters) * letter / std::max(width, 100.0F)));
}

// A short message stands in the place of the title, between the program's name and the buttons, so that nothing else
// has to make room for it: caption, stage and queues stay as they are.
std::optional<Place> place_in_bar(const player::State& state, float width) {
    constexpr float kName = 160, kButtons = 176, kRecording = 110, kSigns = 90, kCopy = 124, kHeight = 36;
    const std::string& text = player::message_of(state);
    const Place place{kName, (kTopBar - kHeight) / 2,
                      width - kName - kButtons - (state.running ? kRecording : 0), kHeight};
    const float room = place.width - kSigns - (state.message.empty() ? kCopy : 0);
    const bool fits = room > 0 && static_cast<float>(letters_in(text)) * kCaptionLetter <= room;
    return !text.empty() && fits && text.find('\n') == std::string::npos ? std::optional(place)
                                                                         : std::nullopt;
}

// One row for what is said, more where it is long, and one for each line of code below it.
float message_height(const player::State& state, float width) {
    const std::string& text = player::message_of(state);
    if (text.empty()) return 0;
    const std::size_t first = std::min(text.find('\n'), text.size());
    const auto code = static_cast<float>(std::count(text.begin(), text.end(), '\n'));
    return kMessage + kMessageRow * (rows_for(letters_in(std::string_view(text).substr(0, first)), kLetter,
                                              width - 190) -
                                     1 + code);
}

// As high as the longest caption of the lesson needs, so that nothing moves from beat to beat.
float caption_height(const player::State& state, float width) {
    std::size_t longest = state.lesson ? letters_in(state.lesson->summary) : 0;
    for (const player::BeatMark& beat : state.beats)
        longest = std::max(longest, letters_in(beat.caption.empty() ? beat.title : beat.caption));
    return kCaption + kCaptionRow * (std::min(rows_for(longest, kCaptionLetter, width - 66), 3.0F) - 1);
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
    out.message_in_bar = place_in_bar(state, width);
    if (const float tall = message_height(state, right - left); tall > 0 && !out.message_in_bar) {
        out.message = Place{left, top, right - left, std::min(tall, height / 2)};
        top += out.message->height + kGap;
    }
    if (state.screen == player::Screen::home) {
        out.home = Place{left, top, right - left, std::max(0.0F, bottom - top)};
        return out;
    }
    const float timeline =
        state.is_folded(Panel::timeline) ? 0 : timeline_height(state, height, state.presenter);
    if (state.presenter) {
        const float caption = caption_height(state, right - left);
        // Lanes that are too low for a card are worse than no caption.
        constexpr float kLeastLane = 66;
        const auto lanes = static_cast<float>(std::clamp<std::size_t>(state.lanes.size(), 1, 3));
        if (bottom - top - caption - timeline - 2 * kGap >= lanes * kLeastLane) {
            out.caption = Place{left, top, right - left, caption};
            top += caption + kGap;
        }
    }
    if (timeline > 0) {
        const float tall = timeline;
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

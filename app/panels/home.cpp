#include "app/panels/home.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/matrix.hpp"
#include "app/panels/prose.hpp"

namespace socketscope::panels {
namespace {

// Its number; a check once its last step was seen; an arc as far as one has come.
void number_disc(Canvas c, ImVec2 disc, const LessonCard& card, std::size_t number) {
    const bool done = card.progress.done();
    c.list->AddCircleFilled(disc, c.px(13), c.ink(done ? Ink::good_fill : Ink::card_raised), 32);
    if (done) return style::check(c, disc, c.px(5), c.look->on(Ink::good_fill), c.px(2.2F));
    if (card.progress.seen > 0) {
        constexpr float kTop = -1.5708F, kRound = 6.2832F;
        const float part = static_cast<float>(card.progress.seen) / static_cast<float>(card.progress.steps);
        c.list->PathArcTo(disc, c.px(13), kTop, kTop + kRound * std::min(part, 1.0F), 32);
        c.list->PathStroke(c.ink(Ink::good), 0, c.px(2));
    }
    style::text_center(c, FontRole::strong, disc, c.ink(card.trouble.empty() ? Ink::lane0 : Ink::faint),
                       std::to_string(number));
}

std::string progress_words(const LessonProgress& progress) {
    if (progress.seen == 0) return {};
    std::string out = "step " + std::to_string(std::min(progress.seen, progress.steps)) + " of " +
                      std::to_string(progress.steps);
    if (progress.asked > 0 && progress.right > 0)
        out += ", predicted " + std::to_string(progress.right) + " of " + std::to_string(progress.asked);
    return out;
}

// The kinds that a lesson compares, from `x` on as far as `right`; their width.
float kind_chips(const View& view, Canvas c, const LessonCard& card, ImVec2 left_middle, float right,
                 bool paint = true) {
    float x = left_middle.x;
    for (std::size_t lane = 0; lane < card.lanes.size(); ++lane) {
        const std::string name = model::to_string(card.lanes[lane]);
        const Ink fill = style::lane_fill(lane);
        const float width = style::width_of_chip(view.look, FontRole::caps, name);
        if (x + width > right) break;
        if (paint) style::chip(c, FontRole::caps, {x, left_middle.y}, c.ink(fill), view.look.on(fill), name);
        x += width + c.px(6);
    }
    return x - left_middle.x;
}

// One lesson as a card; returns its height. A broad one has its kinds beside its title, else they stand below the text.
float lesson_card(const View& view, Canvas c, const LessonCard& card, std::size_t number, ImVec2 at,
                  float width) {
    const bool broken = !card.trouble.empty(), broad = width >= c.px(600);
    const float pad = c.px(14), text_x = at.x + c.px(52), room = at.x + width - pad - text_x;
    const std::string& text = broken ? card.trouble : card.summary;
    const float text_height = draw_wrapped(view, FontRole::small, text, {}, room, 0, false);
    const float height =
        std::round(c.px(36) + text_height + (card.lanes.empty() || broad ? c.px(4) : c.px(36)));
    const Box box{at, {at.x + width, at.y + height}};
    const Press state = press(view, "lesson." + std::to_string(number), box, !broken);
    style::fill(c, box, c.px(10),
                view.look.mixed(Ink::card, Ink::lane0,
                                state.held      ? 0.20
                                : state.hovered ? 0.09
                                                : 0));
    style::stroke(c, box, c.px(10), c.ink(state.hovered ? Ink::lane0 : Ink::line, 0.9));
    if (card.progress.done()) note_item(view, "lesson." + std::to_string(number) + ".done", box);
    number_disc(c, {at.x + c.px(26), at.y + c.px(24)}, card, number);
    const float y = at.y + c.px(20);
    float right = text_x + room;
    if (broad) {
        const float chips = kind_chips(view, c, card, {}, room / 2, false);
        kind_chips(view, c, card, {right - chips + c.px(6), y}, right + 1);
        right -= chips + c.px(6);
    } else {
        kind_chips(view, c, card, {text_x, box.max.y - c.px(19)}, box.max.x - pad);
    }
    const std::string far = progress_words(card.progress);
    style::text_right(c, FontRole::small, {right, y}, c.ink(Ink::muted), far);
    if (!far.empty()) right -= view.look.text_size(FontRole::small, far).x + c.px(8);
    style::text_fit(c, FontRole::strong, {text_x, y}, right - text_x, c.ink(Ink::text), card.title);
    draw_wrapped(view, FontRole::small, text, {text_x, at.y + c.px(32)}, room,
                 c.ink(broken ? Ink::loss : Ink::muted));
    if (state.clicked) view.send(player::OpenLesson{card.file});
    return height;
}

// Where there is room for one of the two: the way to the other.
void other_half(const View& view, Box area, const char* label) {
    const float width = view.look.px(132), top = area.min.y + view.look.px(14);
    const Box box{{area.max.x - view.look.px(16) - width, top},
                  {area.max.x - view.look.px(16), top + view.look.px(30)}};
    if (text_button(view, "home.other", label, box)) view.send(player::ToggleMatrix{});
}

void draw_lessons(const View& view, Box area, const HomeContent& content, bool wide) {
    const PanelWindow window(view, "Lessons", area);
    const Canvas c = window.canvas();
    constexpr float kBetween = 8;
    const float pad = c.px(16);
    const float scroll = ImGui::GetScrollY();
    ImVec2 at{area.min.x + pad, area.min.y + c.px(14) - scroll};
    const float bar = ImGui::GetScrollMaxY() > 0 ? c.px(8) : 0;
    const float width = area.width() - 2 * pad - bar;
    style::text(c, FontRole::title, at, c.ink(Ink::text), "Lessons");
    at.y += c.px(40);
    if (content.lessons.empty()) {
        at.y += draw_wrapped(view, FontRole::body,
                             "No lessons were found. Open a script of your own: socketscope open FILE.", at,
                             width, c.ink(Ink::muted));
    }
    std::string part;
    for (std::size_t i = 0; i < content.lessons.size(); ++i) {
        if (content.lessons[i].part != part) {
            part = content.lessons[i].part;
            if (i > 0) at.y += c.px(6);
            if (!part.empty())
                style::text_left(c, FontRole::caps, {at.x, at.y + c.px(7)}, c.ink(Ink::muted), part);
            at.y += part.empty() ? 0 : c.px(22);
        }
        at.y += lesson_card(view, c, content.lessons[i], i + 1, at, width) + c.px(kBetween);
    }
    // After the cards, so that the first of them has the keyboard.
    if (!wide)
        other_half(view, {{area.min.x, area.min.y - scroll}, {area.max.x - bar, area.max.y}}, "Matrix  (M)");
    ImGui::SetCursorScreenPos({at.x, at.y - c.px(kBetween)});
    ImGui::Dummy({1, 1});
}

constexpr float kRecordingRow = 28, kRecordingHead = 44;  // logical pixels

// The last runs: one line each, the newest first.
void draw_recordings(const View& view, Box area, const HomeContent& content) {
    const PanelWindow window(view, "Last recordings", area);
    const Canvas c = window.canvas();
    const float pad = c.px(16), scroll = ImGui::GetScrollY();
    style::text_left(c, FontRole::strong, {area.min.x + pad, area.min.y + c.px(22) - scroll},
                     c.ink(Ink::text), "Last recordings");
    const float bar = ImGui::GetScrollMaxY() > 0 ? c.px(8) : 0;
    ImVec2 at{area.min.x + c.px(8), area.min.y + c.px(kRecordingHead - 6) - scroll};
    const float width = area.width() - c.px(16) - bar;
    if (!content.not_kept.empty())
        at.y += draw_wrapped(view, FontRole::small, "The last run was not kept: " + content.not_kept,
                             {at.x + c.px(8), at.y}, width - c.px(16), c.ink(Ink::loss)) +
                c.px(4);
    for (std::size_t i = 0; i < content.recordings.size(); ++i) {
        const RecordingCard& card = content.recordings[i];
        const Box box{at, {at.x + width, at.y + c.px(kRecordingRow)}};
        const Press state = press(view, "recording." + std::to_string(i + 1), box);
        if (state.hovered || state.held)
            style::fill(c, box, c.px(6), c.ink(Ink::lane0, state.held ? 0.2 : 0.1));
        const float y = box.center().y, when = view.look.text_size(FontRole::small, card.when).x;
        style::icon(c, style::Icon::play, {box.min.x + c.px(14), y}, c.px(5), c.ink(Ink::muted));
        style::text_right(c, FontRole::small, {box.max.x - c.px(8), y}, c.ink(Ink::muted), card.when);
        style::text_fit(c, FontRole::body, {box.min.x + c.px(30), y}, width - when - c.px(52),
                        c.ink(Ink::text), card.title);
        if (state.clicked) view.send(player::OpenTrace{card.file});
        at.y = box.max.y;
    }
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({1, c.px(4)});
}

// Room for a few of them, never more than a third of the column.
float recordings_height(const View& view, const HomeContent& content, float column) {
    if (content.recordings.empty() && content.not_kept.empty()) return 0;
    const bool low = column < view.look.px(420);
    const auto rows = static_cast<float>(std::max<std::size_t>(content.recordings.size(), low ? 1 : 2));
    return std::round(std::min(view.look.px(kRecordingHead + 4 + kRecordingRow * rows), column / 3));
}

}  // namespace

bool home_shows_both(const player::State& state, float width) {
    return width >= 860 && !state.presenter;
}

void draw_home(const View& view, Box area, const HomeContent& content, HomeFocus focus) {
    const auto with_keys = [&](HomeFocus part) {
        View its = view;
        its.take_keys = focus == part;
        return its;
    };
    const float gap = view.look.px(8);
    const bool wide = home_shows_both(view.state, area.width() / view.look.scale());
    const float split = std::round(wide ? area.min.x + area.width() * 0.52F : area.min.x);
    if (wide || view.state.matrix) {
        const Box left{area.min, {wide ? split - gap : area.max.x, area.max.y}};
        const View its = with_keys(HomeFocus::matrix);
        const PanelWindow window(its, "Matrix", left,
                                 ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
        draw_matrix(its, window.canvas(), left, content);
        if (!wide) return other_half(its, left, "Lessons  (M)");
    }
    const float below = recordings_height(view, content, area.height());
    const float lessons_end = below > 0 ? area.max.y - below - gap : area.max.y;
    draw_lessons(with_keys(HomeFocus::lessons), {{split, area.min.y}, {area.max.x, lessons_end}}, content,
                 wide);
    if (below <= 0) return;
    draw_recordings(with_keys(HomeFocus::recordings), {{split, lessons_end + gap}, area.max}, content);
}

}  // namespace socketscope::panels

#include "app/panels/home.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/prose.hpp"
#include "app/stage/mini.hpp"
#include "app/stage/paint_imgui.hpp"
#include "app/style/imgui_bridge.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::panels {
namespace {

constexpr std::array<std::string_view, 3> kDomains{"unix", "inet", "inet6"};
constexpr std::array<std::string_view, 4> kTypes{"stream", "dgram", "seqpacket", "raw"};
constexpr std::array<std::string_view, 4> kTypeWords{"one stream\nof bytes", "messages,\none by one",
                                                     "messages on\na connection", "whole\nIP packets"};

struct Verdict {
    std::string word, detail;
    Ink ink;
};
Verdict verdict_of(const MatrixCell& cell) {
    switch (cell.result) {
        case MatrixCell::Result::works:
            return {"works", std::string(model::row(cell.kind).protocol), Ink::good};
        case MatrixCell::Result::refused:
            return {model::errno_name(cell.error), "", Ink::loss};
        case MatrixCell::Result::becomes:
            return {"becomes " + cell.becomes, "", Ink::lane1};
    }
    return {};
}

class Matrix {
public:
    Matrix(const View& view, Canvas c, Box area, const HomeContent& content)
        : view_(view), c_(c), area_(area), content_(content) {}

    void draw() {
        const float head = c_.px(88), side = c_.px(112), foot = c_.px(92);
        const Box grid{{area_.min.x + side, area_.min.y + head + c_.px(24)},
                       {area_.max.x - c_.px(14), area_.max.y - foot}};
        style::text(c_, FontRole::title, {area_.min.x + c_.px(16), area_.min.y + c_.px(14)},
                    c_.ink(Ink::text), "What this kernel answers");
        const std::string asked = content_.kernel.empty()
                                      ? "socket(domain, type)"
                                      : "socket(domain, type), asked just now of " + content_.kernel;
        style::text_fit(c_, FontRole::small, {area_.min.x + c_.px(16), area_.min.y + c_.px(54)},
                        area_.width() - c_.px(32), c_.ink(Ink::muted), asked);
        style::text_fit(c_, FontRole::small, {area_.min.x + c_.px(16), area_.min.y + c_.px(72)},
                        area_.width() - c_.px(32), c_.ink(Ink::muted),
                        "Drawings: what each kind promises, not a run. Pale and dashed: may never arrive.");
        const float cell_w = grid.width() / 3, cell_h = std::min(c_.px(176), grid.height() / 4);
        for (std::size_t d = 0; d < 3; ++d) {
            const float x = grid.min.x + cell_w * static_cast<float>(d);
            style::text_center(c_, FontRole::mono_strong, {x + cell_w / 2, grid.min.y - c_.px(14)},
                               c_.ink(Ink::text), kDomains[d]);
        }
        for (std::size_t t = 0; t < 4; ++t) {
            const float y = grid.min.y + cell_h * static_cast<float>(t);
            row_head(t, {area_.min.x + c_.px(16), y + cell_h / 2});
            for (std::size_t d = 0; d < 3; ++d) {
                const float x = grid.min.x + cell_w * static_cast<float>(d);
                const float g = c_.px(3);
                cell(d, t,
                     {{std::round(x + g), std::round(y + g)},
                      {std::round(x + cell_w - g), std::round(y + cell_h - g)}});
            }
        }
        footer(grid.min.y + cell_h * 4 + c_.px(12));
    }

private:
    void row_head(std::size_t type, ImVec2 left_middle) const {
        style::text_left(c_, FontRole::mono_strong, {left_middle.x, left_middle.y - c_.px(20)},
                         c_.ink(Ink::text), kTypes[type]);
        draw_wrapped(view_, FontRole::small, kTypeWords[type], {left_middle.x, left_middle.y - c_.px(8)},
                     c_.px(100), c_.ink(Ink::muted));
    }

    const MatrixCell* find(std::size_t domain, std::size_t type) const {
        for (const MatrixCell& cell : content_.matrix) {
            if (static_cast<std::size_t>(cell.kind.domain) == domain &&
                static_cast<std::size_t>(cell.kind.type) == type)
                return &cell;
        }
        return nullptr;
    }

    void cell(std::size_t domain, std::size_t type, Box box) {
        const MatrixCell* answer = find(domain, type);
        const std::string id = "matrix." + std::string(kDomains[domain]) + "." + std::string(kTypes[type]);
        const Press state = press(view_, id, box);
        const bool focused = style::item_has_keys();
        const double lift = state.held ? 0.22 : state.hovered ? 0.10 : 0;
        style::fill(c_, box, c_.px(9), view_.look.mixed(Ink::card, Ink::lane0, lift));
        style::stroke(c_, box, c_.px(9), c_.ink(Ink::line, 0.9));
        if (!answer) {
            style::text_center(c_, FontRole::small, box.center(), c_.ink(Ink::faint),
                               content_.trouble.empty() ? "asking…" : "not asked");
            return;
        }
        const Verdict verdict = verdict_of(*answer);
        const float y = box.min.y + c_.px(17), x = box.min.x + c_.px(28), right = box.max.x - c_.px(10);
        sign(*answer, {box.min.x + c_.px(15), y}, verdict.ink);
        const float detail = view_.look.text_size(FontRole::small, verdict.detail).x + c_.px(8);
        const float word = view_.look.text_size(FontRole::strong, verdict.word).x;
        const bool both = !verdict.detail.empty() && x + word + detail <= right;
        const FontRole font = word <= right - x ? FontRole::strong : FontRole::caps;  // ESOCKTNOSUPPORT
        style::text_fit(c_, font, {x, y}, right - x, c_.ink(verdict.ink), verdict.word);
        if (both) style::text_right(c_, FontRole::small, {right, y}, c_.ink(Ink::muted), verdict.detail);
        miniature(*answer, {{box.min.x + c_.px(10), box.min.y + c_.px(32)}, {right, box.max.y - c_.px(8)}});
        if (state.hovered || (!pointed_ && focused)) pointed_ = answer;
        if (state.clicked) view_.send(player::OpenKind{answer->kind});
    }

    void miniature(const MatrixCell& answer, Box box) const {
        if (box.height() < c_.px(24)) return;
        if (answer.result == MatrixCell::Result::refused) {
            const model::ErrnoRow* row = model::find_errno(answer.error);
            c_.list->PushClipRect(box.min, box.max, true);
            if (row)
                draw_wrapped(view_, FontRole::small, row->means, box.min, box.width(), c_.ink(Ink::muted));
            c_.list->PopClipRect();
            return;
        }
        stage::MiniInput input;
        input.kind = answer.kind;
        input.answer = static_cast<stage::Answer>(answer.result);
        if (const auto type = model::parse_kind("unix/" + answer.becomes)) input.becomes = type->type;
        input.width = box.width() / c_.look->scale();
        input.height = box.height() / c_.look->scale();
        input.measure = c_.look->measure();
        stage::paint(c_, stage::mini(input), box.min);
    }

    void sign(const MatrixCell& answer, ImVec2 at, Ink ink) const {
        if (answer.result == MatrixCell::Result::works) {
            style::check(c_, at, c_.px(5), c_.ink(ink), c_.px(2.2F));
        } else if (answer.result == MatrixCell::Result::refused) {
            style::cross(c_, at, c_.px(4.5F), c_.ink(ink), c_.px(2.4F));
        } else {
            style::icon(c_, style::Icon::chevron_right, at, c_.px(5.5F), c_.ink(ink));
        }
    }

    // What is pointed at in a sentence; else the rung we are on.
    void footer(float y) const {
        const ImVec2 at{area_.min.x + c_.px(16), y};
        const float width = area_.width() - c_.px(32);
        std::string head, text;
        if (pointed_) {
            const model::KindRow& row = model::row(pointed_->kind);
            head = std::string(row.c_domain) + ", " + std::string(row.c_type);
            text = pointed_->why.empty() ? std::string(row.in_words) : pointed_->why;
        } else {
            head = content_.trouble.empty() ? content_.rung : "Nothing can be run here";
            text = !content_.trouble.empty() ? content_.trouble
                   : content_.missing.empty()
                       ? "Point at a cell to read why; a click runs that kind of socket and shows it."
                       : content_.missing;
        }
        style::text_fit(c_, FontRole::strong, {at.x, at.y + c_.px(10)}, width, c_.ink(Ink::text), head);
        c_.list->PushClipRect({area_.min.x, y}, area_.max, true);
        draw_wrapped(view_, FontRole::small, text, {at.x, at.y + c_.px(24)}, width, c_.ink(Ink::muted));
        c_.list->PopClipRect();
    }

    const View& view_;
    Canvas c_;
    Box area_;
    const HomeContent& content_;
    const MatrixCell* pointed_{nullptr};
};

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

// One lesson as a card; returns its height.
float lesson_card(const View& view, Canvas c, const LessonCard& card, std::size_t number, ImVec2 at,
                  float width) {
    const bool broken = !card.trouble.empty();
    const float pad = c.px(14), text_x = at.x + c.px(52), room = at.x + width - pad - text_x;
    const std::string& text = broken ? card.trouble : card.summary;
    const float text_height = draw_wrapped(view, FontRole::small, text, {}, room, 0, false);
    const float height = std::round(c.px(36) + text_height + (card.lanes.empty() ? c.px(10) : c.px(36)));
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
    const std::string far = progress_words(card.progress);
    const float far_width = far.empty() ? 0 : view.look.text_size(FontRole::small, far).x + c.px(8);
    style::text_right(c, FontRole::small, {text_x + room, at.y + c.px(20)}, c.ink(Ink::muted), far);
    style::text_fit(c, FontRole::strong, {text_x, at.y + c.px(20)}, room - far_width, c.ink(Ink::text),
                    card.title);
    draw_wrapped(view, FontRole::small, text, {text_x, at.y + c.px(32)}, room,
                 c.ink(broken ? Ink::loss : Ink::muted));
    float x = text_x;
    for (std::size_t lane = 0; lane < card.lanes.size(); ++lane) {
        const std::string name = model::to_string(card.lanes[lane]);
        const Ink fill = style::lane_fill(lane);
        if (x + style::width_of_chip(view.look, FontRole::caps, name) > at.x + width - pad) break;
        x +=
            style::chip(c, FontRole::caps, {x, box.max.y - c.px(19)}, c.ink(fill), view.look.on(fill), name) +
            c.px(6);
    }
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
    if (!wide) other_half(view, {{area.min.x, area.min.y - scroll}, area.max}, "Matrix  (M)");
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
    const auto rows = static_cast<float>(std::max<std::size_t>(content.recordings.size(), 2));
    return std::round(std::min(view.look.px(kRecordingHead + 4 + kRecordingRow * rows), column / 3));
}

}  // namespace

void draw_home(const View& view, Box area, const HomeContent& content, HomeFocus focus) {
    const auto with_keys = [&](HomeFocus part) {
        View its = view;
        its.take_keys = focus == part;
        return its;
    };
    const float gap = view.look.px(8);
    const bool wide = area.width() >= view.look.px(860);
    const float split = std::round(wide ? area.min.x + area.width() * 0.52F : area.min.x);
    if (wide || view.state.matrix) {
        const Box left{area.min, {wide ? split - gap : area.max.x, area.max.y}};
        const View its = with_keys(HomeFocus::matrix);
        const PanelWindow window(its, "Matrix", left,
                                 ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
        Matrix(its, window.canvas(), left, content).draw();
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

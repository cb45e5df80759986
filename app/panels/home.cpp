#include "app/panels/home.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/prose.hpp"
#include "app/stage/mini.hpp"
#include "app/stage/paint_imgui.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::panels {
namespace {

using model::Domain;
using model::SocketType;
using style::Box;
using style::Canvas;
using style::FontRole;
using style::Ink;

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
        const float head = c_.px(74), side = c_.px(112), foot = c_.px(92);
        const Box grid{{area_.min.x + side, area_.min.y + head + c_.px(24)},
                       {area_.max.x - c_.px(14), area_.max.y - foot}};
        style::text(c_, FontRole::title, {area_.min.x + c_.px(16), area_.min.y + c_.px(14)},
                    c_.ink(Ink::text), "What this kernel answers");
        const std::string asked = content_.kernel.empty()
                                      ? "socket(domain, type)"
                                      : "socket(domain, type), asked just now of " + content_.kernel;
        style::text_fit(c_, FontRole::small, {area_.min.x + c_.px(16), area_.min.y + c_.px(54)},
                        area_.width() - c_.px(32), c_.ink(Ink::muted), asked);
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

    // The first lesson that shows this kind.
    const LessonCard* lesson_for(model::Kind kind) const {
        for (const LessonCard& card : content_.lessons) {
            for (const model::Kind& lane : card.lanes) {
                if (lane.domain == kind.domain && lane.type == kind.type && card.trouble.empty())
                    return &card;
            }
        }
        return nullptr;
    }

    void cell(std::size_t domain, std::size_t type, Box box) {
        const MatrixCell* answer = find(domain, type);
        const std::string id = "matrix." + std::string(kDomains[domain]) + "." + std::string(kTypes[type]);
        const Press state = press(view_, id, box);
        const double lift = state.held ? 0.22 : state.hovered ? 0.10 : 0;
        style::fill(c_, box, c_.px(9), view_.look.mixed(Ink::card, Ink::lane0, lift));
        style::stroke(c_, box, c_.px(9), c_.ink(Ink::line, 0.9));
        if (!answer) {
            style::text_center(c_, FontRole::small, box.center(), c_.ink(Ink::faint),
                               content_.trouble.empty() ? "asking…" : "not asked");
            return;
        }
        const Verdict verdict = verdict_of(*answer);
        const LessonCard* lesson = lesson_for(answer->kind);
        const float y = box.min.y + c_.px(17), x = box.min.x + c_.px(28), right = box.max.x - c_.px(10);
        sign(*answer, {box.min.x + c_.px(15), y}, verdict.ink);
        const float detail = view_.look.text_size(FontRole::small, verdict.detail).x + c_.px(8);
        const float word = view_.look.text_size(FontRole::strong, verdict.word).x;
        const bool both = !verdict.detail.empty() && x + word + detail <= right;
        const FontRole font = word <= right - x ? FontRole::strong : FontRole::caps;  // ESOCKTNOSUPPORT
        style::text_fit(c_, font, {x, y}, right - x, c_.ink(verdict.ink), verdict.word);
        if (both) style::text_right(c_, FontRole::small, {right, y}, c_.ink(Ink::muted), verdict.detail);
        miniature(*answer, {{box.min.x + c_.px(10), box.min.y + c_.px(32)}, {right, box.max.y - c_.px(8)}});
        if (state.hovered || ImGui::IsItemFocused()) {
            pointed_ = answer;
            pointed_lesson_ = lesson;
        }
        if (state.clicked && lesson) view_.send(player::OpenLesson{lesson->file});
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
            if (pointed_lesson_) text += "  Opens: " + pointed_lesson_->title + ".";
        } else {
            head = content_.trouble.empty() ? content_.rung : "Nothing can be run here";
            text = !content_.trouble.empty() ? content_.trouble
                   : content_.missing.empty()
                       ? "Point at a cell to read why; a click opens a lesson that shows it."
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
    const LessonCard* pointed_lesson_{nullptr};
};

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
    const ImVec2 disc{at.x + c.px(26), at.y + c.px(24)};
    c.list->AddCircleFilled(disc, c.px(13), c.ink(Ink::card_raised), 32);
    style::text_center(c, FontRole::strong, disc, c.ink(broken ? Ink::faint : Ink::lane0),
                       std::to_string(number));
    style::text_fit(c, FontRole::strong, {text_x, at.y + c.px(20)}, room, c.ink(Ink::text), card.title);
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

void draw_lessons(const View& view, Box area, const HomeContent& content) {
    const PanelWindow window(view, "Lessons", area);
    const Canvas c = window.canvas();
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
        at.y += lesson_card(view, c, content.lessons[i], i + 1, at, width) + c.px(8);
    }
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({1, c.px(4)});
}

}  // namespace

void draw_home(const View& view, Box area, const HomeContent& content, HomeFocus focus) {
    const float gap = view.look.px(8);
    const bool wide = area.width() >= view.look.px(860);
    const float split = std::round(wide ? area.min.x + area.width() * 0.52F : area.min.x);
    if (wide) {
        const Box left{area.min, {split - gap, area.max.y}};
        if (focus == HomeFocus::matrix) ImGui::SetNextWindowFocus();
        const PanelWindow window(view, "Matrix", left,
                                 ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
        Matrix(view, window.canvas(), left, content).draw();
    }
    if (focus == HomeFocus::lessons) ImGui::SetNextWindowFocus();
    draw_lessons(view, {{split, area.min.y}, area.max}, content);
}

}  // namespace socketscope::panels

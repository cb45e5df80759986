#include "app/panels/matrix.hpp"

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
        const float side = c_.px(112), right = area_.max.x - c_.px(14);
        const auto grid_in = [&](float head, float foot) {
            return Box{{area_.min.x + side, area_.min.y + c_.px(head)}, {right, area_.max.y - c_.px(foot)}};
        };
        const bool broad = area_.width() > c_.px(800);  // what stands below it needs fewer lines
        Box grid = grid_in(112, broad ? 72 : 92);
        low_ = grid.height() / 4 < c_.px(64);
        if (low_) grid = grid_in(92, 60);
        style::text(c_, FontRole::title, {area_.min.x + c_.px(16), area_.min.y + c_.px(14)},
                    c_.ink(Ink::text), "What this kernel answers");
        const std::string asked = content_.kernel.empty()
                                      ? "socket(domain, type)"
                                      : "socket(domain, type), asked just now of " + content_.kernel;
        style::text_fit(c_, FontRole::small, {area_.min.x + c_.px(16), area_.min.y + c_.px(54)},
                        area_.width() - c_.px(32), c_.ink(Ink::muted), asked);
        if (!low_)
            style::text_fit(
                c_, FontRole::small, {area_.min.x + c_.px(16), area_.min.y + c_.px(72)},
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
        if (low_)
            return style::text_left(c_, FontRole::mono_strong, left_middle, c_.ink(Ink::text), kTypes[type]);
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
        const float y = low_ ? box.center().y : box.min.y + c_.px(17), x = box.min.x + c_.px(28),
                    right = box.max.x - c_.px(10);
        sign(*answer, {box.min.x + c_.px(15), y}, verdict.ink);
        const float detail = view_.look.text_size(FontRole::small, verdict.detail).x + c_.px(8);
        const float word = view_.look.text_size(FontRole::strong, verdict.word).x;
        const bool both = !verdict.detail.empty() && x + word + detail <= right;
        const FontRole font = word <= right - x ? FontRole::strong : FontRole::caps;  // ESOCKTNOSUPPORT
        style::text_fit(c_, font, {x, y}, right - x, c_.ink(verdict.ink), verdict.word);
        if (both) style::text_right(c_, FontRole::small, {right, y}, c_.ink(Ink::muted), verdict.detail);
        if (!low_)
            miniature(*answer,
                      {{box.min.x + c_.px(10), box.min.y + c_.px(32)}, {right, box.max.y - c_.px(8)}});
        if (state.hovered || (!pointed_ && focused)) pointed_ = answer;
        if (state.clicked) view_.send(player::OpenKind{answer->kind});
    }

    void miniature(const MatrixCell& answer, Box box) const {
        if (box.height() < c_.px(24)) return;
        if (answer.result == MatrixCell::Result::refused) return meaning(answer, box);
        stage::MiniInput input;
        input.kind = answer.kind;
        input.answer = static_cast<stage::Answer>(answer.result);
        if (const auto type = model::parse_kind("unix/" + answer.becomes)) input.becomes = type->type;
        input.width = box.width() / c_.look->scale();
        input.height = box.height() / c_.look->scale();
        input.measure = c_.look->measure();
        stage::paint(c_, stage::mini(input), box.min);
    }

    // As many whole lines as there is room for.
    void meaning(const MatrixCell& answer, Box box) const {
        const model::ErrnoRow* row = model::find_errno(answer.error);
        if (row == nullptr) return;
        const float top = box.min.y - c_.px(4),
                    line = draw_wrapped(view_, FontRole::small, "x", {}, box.width(), 0, false),
                    lines = std::max(1.0F, std::floor((box.max.y + c_.px(5) - top) / line));
        c_.list->PushClipRect({box.min.x, top}, {box.max.x, top + lines * line}, true);
        draw_wrapped(view_, FontRole::small, row->means, {box.min.x, top}, box.width(), c_.ink(Ink::muted));
        c_.list->PopClipRect();
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
    bool low_{false};  // the rows have no room for pictures
    const MatrixCell* pointed_{nullptr};
};

}  // namespace

void draw_matrix(const View& view, Canvas canvas, Box area, const HomeContent& content) {
    Matrix(view, canvas, area, content).draw();
}

}  // namespace socketscope::panels

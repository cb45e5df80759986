#include "app/stage/paint_imgui.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::stage {

using style::Canvas;
using style::Ink;

namespace {

class Painter {
public:
    Painter(Canvas canvas, ImVec2 origin) : c_(canvas), origin_(origin) {}

    void operator()(const Box& box) const {
        style::Box at = place(box.at);
        const float round = c_.px(box.round);
        if (box.shadow > 0) {
            style::shadow(c_, at, round, c_.px(box.shadow), {0, c_.px(box.shadow * 0.25F)}, 0.8);
        }
        if (box.fill.alpha > 0 && box.fill_bottom.alpha > 0) {
            style::fill_gradient(c_, at, round, ink(box.fill), ink(box.fill_bottom));
        } else if (box.fill.alpha > 0) {
            style::fill(c_, at, round, ink(box.fill));
        }
        if (box.border.alpha <= 0) return;
        const float width = c_.px(box.border_width);
        if (box.dash > 0) {
            dashed_border(at, round, ink(box.border), width, c_.px(box.dash));
        } else {
            const float half = (width - 1) / 2;
            style::stroke(c_, style::inset(at, half), std::max(0.0F, round - half), ink(box.border), width);
        }
    }
    void operator()(const Line& line) const {
        const ImVec2 from = place(line.from);
        ImVec2 to = place(line.to);
        const float length = std::hypot(to.x - from.x, to.y - from.y);
        if (length < 0.5F) return;
        const ImVec2 way{(to.x - from.x) / length, (to.y - from.y) / length};
        if (line.arrow > 0) {
            style::arrow_head(c_, to, way, c_.px(line.arrow), ink(line.tint));
            to = {to.x - way.x * c_.px(line.arrow), to.y - way.y * c_.px(line.arrow)};
        }
        if (line.dash > 0) {
            style::dashed(c_, from, to, ink(line.tint), c_.px(line.width), c_.px(line.dash), c_.px(line.gap));
        } else {
            style::line(c_, from, to, ink(line.tint), c_.px(line.width));
        }
    }
    void operator()(const Curve& curve) const {
        const style::Curve bezier{place(curve.p0), place(curve.p1), place(curve.p2), place(curve.p3)};
        if (curve.dash > 0) {
            style::curve_dashed(c_, bezier, ink(curve.tint), c_.px(curve.width), c_.px(curve.dash),
                                c_.px(curve.gap), c_.px(curve.phase));
        } else {
            style::curve(c_, bezier, ink(curve.tint), c_.px(curve.width));
        }
        if (curve.arrow > 0) {
            style::arrow_head(c_, bezier.p3, bezier.direction(1), c_.px(curve.arrow), ink(curve.tint));
        }
    }
    void operator()(const Label& label) const {
        const ImU32 color =
            label.on == Ink::count ? ink(label.tint) : c_.look->on(label.on, label.tint.alpha);
        const style::Box at = place(label.at);
        if (label.turn == Turn::none) {
            style::text(c_, label.font, at.min, color, label.text);
        } else {
            turned(label, at, color);
        }
    }
    void operator()(const Hatch& hatch) const {
        const style::Box at = place(hatch.at);
        if (hatch.torn) {
            torn_edge(at, ink(hatch.tint), c_.px(hatch.step));
        } else {
            style::hatch(c_, at, ink(hatch.tint), c_.px(hatch.step), c_.px(hatch.width));
        }
    }
    void operator()(const Cross& cross) const {
        style::cross(c_, place(cross.centre), c_.px(cross.radius), ink(cross.tint), c_.px(cross.width));
    }
    void operator()(const Icon& icon) const {
        const ImU32 color = icon.on == Ink::count ? ink(icon.tint) : c_.look->on(icon.on, icon.tint.alpha);
        const style::Box at = place(icon.at);
        draw_icon(icon.form, at.center(), std::min(at.width(), at.height()) / 2, color);
    }

private:
    Canvas c_;
    ImVec2 origin_;

    ImU32 ink(Tint tint) const { return c_.ink(tint.ink, tint.alpha); }
    ImVec2 place(Point p) const { return {origin_.x + c_.px(p.x), origin_.y + c_.px(p.y)}; }
    style::Box place(Rect r) const { return {place(Point{r.x, r.y}), place(Point{r.right(), r.bottom()})}; }

    // Dashes along the straight sides, whole corners: no dash begins in a corner. Inside the box, as a solid border is.
    void dashed_border(style::Box box, float round, ImU32 color, float width, float dash) const {
        const style::Box at = style::inset(box, width / 2);
        const ImVec2 a = at.min, b = at.max;
        const float r = std::min({std::max(0.0F, round - width / 2), at.width() / 2, at.height() / 2});
        const auto side = [&](ImVec2 from, ImVec2 to) {
            style::dashed(c_, from, to, color, width, dash, dash * 0.8F);
        };
        side({a.x + r, a.y}, {b.x - r, a.y});
        side({b.x, a.y + r}, {b.x, b.y - r});
        side({b.x - r, b.y}, {a.x + r, b.y});
        side({a.x, b.y - r}, {a.x, a.y + r});
        const ImVec2 corners[4] = {
            {a.x + r, a.y + r}, {b.x - r, a.y + r}, {b.x - r, b.y - r}, {a.x + r, b.y - r}};
        for (int k = 0; k < 4 && r > 1; ++k) {
            const float begin = 3.1415927F + static_cast<float>(k) * 1.5707963F;
            c_.list->PathArcTo(corners[k], r, begin, begin + 1.5707963F, 6);
            c_.list->PathStroke(color, 0, width);
        }
    }

    // A paper's torn right edge: a zigzag from top to bottom.
    void torn_edge(style::Box at, ImU32 color, float step) const {
        bool right = true;
        for (float y = at.min.y; y <= at.max.y + 0.5F; y += step, right = !right) {
            c_.list->PathLineTo({right ? at.max.x : at.min.x + at.width() * 0.3F, std::min(y, at.max.y)});
        }
        c_.list->PathStroke(color, 0, c_.px(1.5F));
    }

    // Drawn upright, then its vertices are turned about the box's centre: works in every version of ImGui.
    void turned(const Label& label, style::Box at, ImU32 color) const {
        const ImVec2 size = c_.look->text_size(label.font, label.text);
        const ImVec2 centre = at.center();
        const ImVec2 upright{std::round(centre.x - size.x / 2), std::round(centre.y - size.y / 2)};
        const ImVec2 pivot{upright.x + size.x / 2, upright.y + size.y / 2};
        const int first = c_.list->VtxBuffer.Size;
        // ImGui leaves out characters beyond the clip rectangle as they are written; these will be seen elsewhere.
        constexpr float kFar = 1e6F;
        c_.list->PushClipRect({-kFar, -kFar}, {kFar, kFar});
        style::text(c_, label.font, upright, color, label.text);
        c_.list->PopClipRect();
        const float sign = label.turn == Turn::down ? 1.0F : -1.0F;
        for (int v = first; v < c_.list->VtxBuffer.Size; ++v) {
            ImVec2& pos = c_.list->VtxBuffer[v].pos;
            const float x = pos.x - pivot.x, y = pos.y - pivot.y;
            pos = {centre.x - sign * y, centre.y + sign * x};
        }
    }

    void path(ImVec2 centre, float r, std::initializer_list<ImVec2> points, ImU32 color,
              float width = 0.22F) const {
        for (const ImVec2& p : points) c_.list->PathLineTo({centre.x + p.x * r, centre.y + p.y * r});
        c_.list->PathStroke(color, 0, std::max(1.0F, width * r));
    }
    void arrow(ImVec2 centre, float r, ImVec2 way, ImU32 color) const {
        const ImVec2 tip{centre.x + way.x * r, centre.y + way.y * r};
        style::line(c_, {centre.x - way.x * r, centre.y - way.y * r}, centre, color, r * 0.42F);
        style::arrow_head(c_, tip, way, r * 0.85F, color);
    }

    void draw_icon(IconForm form, ImVec2 o, float r, ImU32 color) const {
        switch (form) {
            case IconForm::program:
                style::icon(c_, style::Icon::terminal, o, r, color);
                break;
            case IconForm::again:
                style::icon(c_, style::Icon::again, o, r, color);
                break;
            case IconForm::host:
                path(o, r, {{-0.9F, -0.7F}, {0.9F, -0.7F}, {0.9F, 0.7F}, {-0.9F, 0.7F}, {-0.9F, -0.7F}},
                     color);
                path(o, r, {{-0.9F, 0}, {0.9F, 0}}, color);
                break;
            case IconForm::file:
                path(o, r, {{-0.65F, -1}, {0.25F, -1}, {0.7F, -0.5F}, {0.7F, 1}, {-0.65F, 1}, {-0.65F, -1}},
                     color);
                path(o, r, {{0.2F, -1}, {0.2F, -0.45F}, {0.7F, -0.45F}}, color);
                break;
            case IconForm::twin:
                style::stroke(c_, {{o.x - r, o.y - r}, {o.x + r * 0.4F, o.y + r * 0.4F}}, r * 0.2F, color,
                              r * 0.22F);
                style::stroke(c_, {{o.x - r * 0.4F, o.y - r * 0.4F}, {o.x + r, o.y + r}}, r * 0.2F, color,
                              r * 0.22F);
                break;
            case IconForm::crack:
                path(o, r, {{0.1F, -1}, {-0.35F, -0.3F}, {0.3F, 0.1F}, {-0.15F, 1}}, color, 0.3F);
                path(o, r, {{0.3F, 0.1F}, {0.85F, 0.35F}}, color, 0.22F);
                break;
            case IconForm::lock:
                style::fill(c_, {{o.x - r * 0.75F, o.y - r * 0.1F}, {o.x + r * 0.75F, o.y + r}}, r * 0.2F,
                            color);
                c_.list->PathArcTo({o.x, o.y - r * 0.1F}, r * 0.5F, 3.1415927F, 6.2831853F, 12);
                c_.list->PathStroke(color, 0, r * 0.24F);
                break;
            case IconForm::clock:
                c_.list->AddCircle(o, r * 0.9F, color, 20, r * 0.2F);
                path(o, r, {{0, -0.5F}, {0, 0}, {0.4F, 0.25F}}, color);
                break;
            case IconForm::arrow_right:
                arrow(o, r, {1, 0}, color);
                break;
            case IconForm::arrow_left:
                arrow(o, r, {-1, 0}, color);
                break;
            case IconForm::arrow_up:
                arrow(o, r, {0, -1}, color);
                break;
            case IconForm::arrow_down:
                arrow(o, r, {0, 1}, color);
                break;
        }
    }
};

}  // namespace

void paint(Canvas canvas, const Scene& scene, ImVec2 origin) {
    const Painter painter(canvas, origin);
    for (const Shape& shape : scene.shapes) std::visit(painter, shape.what);
}

}  // namespace socketscope::stage

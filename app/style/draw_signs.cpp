#include <cmath>

#include "app/style/draw.hpp"

namespace socketscope::style {
namespace {

// Draws one icon around `center`, in units of its radius.
struct IconPen {
    Canvas c;
    ImVec2 center;
    float r;
    ImU32 color;

    ImVec2 at(float x, float y) const { return {center.x + x * r, center.y + y * r}; }
    void triangle(float x, float direction, float size) const {
        c.list->AddTriangleFilled(at(x - direction * size * 0.5F, -size * 0.87F), at(x + direction * size, 0),
                                  at(x - direction * size * 0.5F, size * 0.87F), color);
    }
    void bar(float x, float width) const {
        c.list->AddRectFilled(at(x - width * 0.5F, -0.8F), at(x + width * 0.5F, 0.8F), color,
                              width * r * 0.3F);
    }
    void line(float x0, float y0, float x1, float y1, float width = 0.26F) const {
        c.list->AddLine(at(x0, y0), at(x1, y1), color, width * r);
    }
    void path(std::initializer_list<ImVec2> points, float width = 0.26F) const {
        for (const ImVec2& p : points) c.list->PathLineTo(at(p.x, p.y));
        c.list->PathStroke(color, 0, width * r);
    }
    void arc(float from, float to, float radius, float width = 0.26F) const {
        c.list->PathArcTo(center, radius * r, from, to, 24);
        c.list->PathStroke(color, 0, width * r);
    }
    void box(float x0, float y0, float x1, float y1, float width = 0.22F) const {
        c.list->AddRect(at(x0, y0), at(x1, y1), color, 0.2F * r, 0, width * r);
    }
};

// Three quarters of a circle, clockwise, the head at its end.
void circling_arrow(const IconPen& pen) {
    constexpr float kFrom = -0.35F, kTo = 4.36F, kRadius = 0.82F;  // ends straight up
    pen.arc(kFrom, kTo, kRadius, 0.24F);
    arrow_head(pen.c, pen.at(0.42F, -kRadius), {1, 0.12F}, 0.52F * pen.r, pen.color);
}

void sun(const IconPen& pen) {
    pen.c.list->AddCircleFilled(pen.center, pen.r * 0.5F, pen.color, 20);
    for (int k = 0; k < 8; ++k) {
        const float a = static_cast<float>(k) * 0.785398F, x = std::cos(a), y = std::sin(a);
        pen.line(x * 0.75F, y * 0.75F, x * 1.05F, y * 1.05F, 0.2F);
    }
}

void moon(const IconPen& pen) {
    pen.arc(0, 6.2832F, 0.9F, 0.22F);
    pen.c.list->PathArcTo(pen.center, pen.r * 0.9F, -1.5708F, 1.5708F, 20);
    pen.c.list->PathFillConvex(pen.color);
}

}  // namespace

void cross(Canvas c, ImVec2 o, float r, ImU32 color, float thickness) {
    c.list->AddLine({o.x - r, o.y - r}, {o.x + r, o.y + r}, color, thickness);
    c.list->AddLine({o.x + r, o.y - r}, {o.x - r, o.y + r}, color, thickness);
}

void check(Canvas c, ImVec2 o, float r, ImU32 color, float thickness) {
    c.list->PathLineTo({o.x - r, o.y});
    c.list->PathLineTo({o.x - r * 0.3F, o.y + r * 0.7F});
    c.list->PathLineTo({o.x + r, o.y - r * 0.7F});
    c.list->PathStroke(color, 0, thickness);
}

void mark(Canvas c, Mark mark, ImVec2 o, float r, ImU32 color) {
    switch (mark) {
        case Mark::triangle:
            c.list->AddTriangleFilled({o.x - r * 0.8F, o.y - r}, {o.x + r, o.y}, {o.x - r * 0.8F, o.y + r},
                                      color);
            break;
        case Mark::disc:
            c.list->AddCircleFilled(o, r * 0.95F, color, 20);
            break;
        case Mark::cross:
            cross(c, o, r, color, c.px(2.6F));
            break;
        case Mark::diamond:
            c.list->AddQuadFilled({o.x, o.y - r * 1.25F}, {o.x + r * 1.25F, o.y}, {o.x, o.y + r * 1.25F},
                                  {o.x - r * 1.25F, o.y}, color);
            break;
        case Mark::ring:
            c.list->AddCircle(o, r * 0.8F, color, 18, c.px(1.8F));
            break;
        case Mark::square:
            c.list->AddRectFilled({o.x - r * 0.8F, o.y - r * 0.8F}, {o.x + r * 0.8F, o.y + r * 0.8F}, color,
                                  c.px(1.5F));
            break;
        case Mark::bar:
            c.list->AddRectFilled({o.x - r, o.y - r * 0.3F}, {o.x + r, o.y + r * 0.3F}, color, r * 0.3F);
            break;
    }
}

void icon(Canvas c, Icon which, ImVec2 center, float radius, ImU32 color) {
    const IconPen pen{c, center, radius, color};
    switch (which) {
        case Icon::play:
            pen.triangle(0, 1, 1);
            break;
        case Icon::pause:
            pen.bar(-0.42F, 0.46F);
            pen.bar(0.42F, 0.46F);
            break;
        case Icon::step_forward:
            pen.triangle(-0.15F, 1, 0.85F);
            pen.bar(0.82F, 0.26F);
            break;
        case Icon::step_back:
            pen.triangle(0.15F, -1, 0.85F);
            pen.bar(-0.82F, 0.26F);
            break;
        case Icon::first:
            pen.triangle(0.55F, -1, 0.7F);
            pen.triangle(-0.3F, -1, 0.7F);
            pen.bar(-1.1F, 0.24F);
            break;
        case Icon::last:
            pen.triangle(-0.55F, 1, 0.7F);
            pen.triangle(0.3F, 1, 0.7F);
            pen.bar(1.1F, 0.24F);
            break;
        case Icon::loop:
            // Two half rounds, each with its head: on the way there, and back to where it began.
            for (const float way : {1.0F, -1.0F}) {
                pen.path({{-way, 0.1F * way}, {-way, -0.55F * way}, {0.55F * way, -0.55F * way}});
                c.list->AddTriangleFilled(pen.at(0.45F * way, -1.05F * way), pen.at(1.1F * way, -0.55F * way),
                                          pen.at(0.45F * way, -0.05F * way), color);
            }
            break;
        case Icon::stop:
            c.list->AddRectFilled(pen.at(-0.7F, -0.7F), pen.at(0.7F, 0.7F), color, radius * 0.15F);
            break;
        case Icon::again:
            circling_arrow(pen);
            break;
        case Icon::sun:
            sun(pen);
            break;
        case Icon::moon:
            moon(pen);
            break;
        case Icon::help:
            text_center(c, FontRole::strong, center, color, "?");
            break;
        case Icon::present:
            pen.box(-1, -0.8F, 1, 0.45F);
            pen.line(-0.5F, 1, 0.5F, 1);
            pen.line(0, 0.45F, 0, 1);
            break;
        case Icon::home:
            pen.path({{-1, 0}, {0, -0.9F}, {1, 0}});
            pen.path({{-0.65F, 0}, {-0.65F, 0.85F}, {0.65F, 0.85F}, {0.65F, 0}});
            break;
        case Icon::plus:
            pen.line(-0.8F, 0, 0.8F, 0);
            pen.line(0, -0.8F, 0, 0.8F);
            break;
        case Icon::minus:
            pen.line(-0.8F, 0, 0.8F, 0);
            break;
        case Icon::chevron_left:
            pen.path({{0.4F, -0.8F}, {-0.4F, 0}, {0.4F, 0.8F}});
            break;
        case Icon::chevron_right:
            pen.path({{-0.4F, -0.8F}, {0.4F, 0}, {-0.4F, 0.8F}});
            break;
        case Icon::close:
            cross(c, center, radius * 0.7F, color, radius * 0.26F);
            break;
        case Icon::terminal:
            pen.box(-1, -0.8F, 1, 0.8F);
            pen.path({{-0.5F, -0.3F}, {-0.1F, 0}, {-0.5F, 0.3F}}, 0.2F);
            pen.line(0.1F, 0.38F, 0.56F, 0.38F, 0.2F);
            break;
        case Icon::search:
            c.list->AddCircle(pen.at(-0.2F, -0.2F), radius * 0.65F, color, 20, radius * 0.24F);
            pen.line(0.3F, 0.3F, 0.9F, 0.9F);
            break;
        case Icon::folder:
            pen.line(-0.9F, -0.6F, -0.2F, -0.6F);
            pen.line(-0.2F, -0.6F, 0.1F, -0.3F);
            pen.line(0.1F, -0.3F, 0.9F, -0.3F);
            pen.line(0.9F, -0.3F, 0.9F, 0.75F);
            pen.line(0.9F, 0.75F, -0.9F, 0.75F);
            pen.line(-0.9F, 0.75F, -0.9F, -0.6F);
            break;
    }
}

}  // namespace socketscope::style

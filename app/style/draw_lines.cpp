#include <algorithm>
#include <cmath>

#include "app/style/draw.hpp"

namespace socketscope::style {

void line(Canvas c, ImVec2 a, ImVec2 b, ImU32 color, float thickness) {
    c.list->AddLine(a, b, color, thickness);
}

void dashed(Canvas c, ImVec2 a, ImVec2 b, ImU32 color, float thickness, float on, float off, float phase) {
    const float dx = b.x - a.x, dy = b.y - a.y, length = std::hypot(dx, dy), period = on + off;
    if (length <= 0 || period <= 0) return;
    for (float d = -std::fmod(phase, period); d < length; d += period) {
        const float from = std::max(0.0F, d) / length, to = std::min(length, d + on) / length;
        if (to > from)
            c.list->AddLine({a.x + dx * from, a.y + dy * from}, {a.x + dx * to, a.y + dy * to}, color,
                            thickness);
    }
}

ImVec2 Curve::at(float t) const {
    const float u = 1 - t, a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
    return {a * p0.x + b * p1.x + c * p2.x + d * p3.x, a * p0.y + b * p1.y + c * p2.y + d * p3.y};
}

ImVec2 Curve::direction(float t) const {
    const float u = 1 - t, a = 3 * u * u, b = 6 * u * t, c = 3 * t * t;
    const float x = a * (p1.x - p0.x) + b * (p2.x - p1.x) + c * (p3.x - p2.x);
    const float y = a * (p1.y - p0.y) + b * (p2.y - p1.y) + c * (p3.y - p2.y);
    const float length = std::hypot(x, y);
    return length > 0 ? ImVec2(x / length, y / length) : ImVec2(0, 1);
}

void curve(Canvas c, const Curve& z, ImU32 color, float thickness) {
    c.list->AddBezierCubic(z.p0, z.p1, z.p2, z.p3, color, thickness, 40);
}

void curve_dashed(Canvas c, const Curve& z, ImU32 color, float thickness, float on, float off, float phase) {
    const float period = on + off;
    if (period <= 0) return;
    float along = std::fmod(phase, period);
    if (along < 0) along += period;
    bool pen = along < on;
    ImVec2 from = z.at(0);
    if (pen) c.list->PathLineTo(from);
    constexpr int kSteps = 64;
    for (int i = 1; i <= kSteps; ++i) {
        const ImVec2 to = z.at(static_cast<float>(i) / kSteps);
        const float length = std::hypot(to.x - from.x, to.y - from.y);
        float done = 0;
        while (length - done > 1e-4F) {
            const float limit = pen ? on - along : period - along, step = std::min(limit, length - done);
            done += step;
            along += step;
            const float t = done / length;
            const ImVec2 p{from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t};
            if (pen) c.list->PathLineTo(p);
            if (step < limit - 1e-4F) continue;
            if (pen) {
                c.list->PathStroke(color, 0, thickness);
            } else {
                along = 0;
                c.list->PathClear();
                c.list->PathLineTo(p);
            }
            pen = !pen;
        }
        from = to;
    }
    if (pen) c.list->PathStroke(color, 0, thickness);
}

void arrow_head(Canvas c, ImVec2 tip, ImVec2 d, float size, ImU32 color) {
    const ImVec2 base{tip.x - d.x * size * 1.5F, tip.y - d.y * size * 1.5F},
        side{-d.y * size * 0.75F, d.x * size * 0.75F};
    c.list->AddTriangleFilled(tip, {base.x + side.x, base.y + side.y}, {base.x - side.x, base.y - side.y},
                              color);
}

}  // namespace socketscope::style

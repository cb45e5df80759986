#include "app/stage/shape.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::stage {

bool Rect::contains(const Rect& r, float slack) const {
    return r.x >= x - slack && r.y >= y - slack && r.right() <= right() + slack &&
           r.bottom() <= bottom() + slack;
}

bool Rect::overlaps(const Rect& r, float slack) const {
    return r.x + slack < right() && x + slack < r.right() && r.y + slack < bottom() && y + slack < r.bottom();
}

const Hit* Scene::hit_at(Point p) const {
    const auto found =
        std::find_if(hits.rbegin(), hits.rend(), [&](const Hit& h) { return h.at.contains(p); });
    return found == hits.rend() ? nullptr : &*found;
}

namespace {

Rect around(std::initializer_list<Point> points, float margin) {
    Point low = *points.begin(), high = low;
    for (const Point& p : points) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    return {low.x - margin, low.y - margin, high.x - low.x + 2 * margin, high.y - low.y + 2 * margin};
}

struct BoundsOf {
    Rect operator()(const Box& b) const { return b.at; }
    Rect operator()(const Label& l) const { return l.at; }
    Rect operator()(const Hatch& h) const { return h.at; }
    Rect operator()(const Icon& i) const { return i.at; }
    Rect operator()(const Line& l) const { return around({l.from, l.to}, l.width / 2); }
    Rect operator()(const Cross& c) const { return around({c.centre}, c.radius); }
    // A Bézier curve lies within the hull of its control points; this box is a little too large, never too small.
    Rect operator()(const Curve& c) const { return around({c.p0, c.p1, c.p2, c.p3}, c.width / 2); }
};

}  // namespace

Rect bounds(const Shape& shape) {
    return std::visit(BoundsOf{}, shape.what);
}

}  // namespace socketscope::stage

// Plain shapes of a picture: what the stage's layout makes and its painter and the tests read. No ImGui.
//
// Coordinates are logical pixels (15 px body text), x to the right, y down, origin at the scene's top left corner.
// The order of the shapes is the order of painting. Colours and fonts are roles (app/style/roles.hpp): a theme gives
// them their looks.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "app/style/roles.hpp"
#include "core/model/ref.hpp"

namespace socketscope::stage {

struct Point {
    float x{0}, y{0};
    bool operator==(const Point&) const = default;
};

struct Rect {
    float x{0}, y{0}, w{0}, h{0};

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    bool contains(const Rect& r, float slack = 0.01f) const;
    bool overlaps(const Rect& r, float slack = 0.01f) const;
    Rect inset(float dx, float dy) const { return {x + dx, y + dy, w - 2 * dx, h - 2 * dy}; }
    bool operator==(const Rect&) const = default;
};

// A colour role and how opaque it is; alpha 0 paints nothing.
struct Tint {
    style::Ink ink{style::Ink::text};
    float alpha{1};
    bool operator==(const Tint&) const = default;
};
inline constexpr Tint kNoTint{style::Ink::text, 0};

// A rectangle with round corners: panel, card, cell, envelope, packet, badge.
struct Box {
    Rect at;
    float round{0};
    Tint fill{kNoTint};
    Tint fill_bottom{kNoTint};  // if visible: the fill runs from `fill` at the top to this at the bottom
    Tint border{kNoTint};
    float border_width{1};
    float dash{0};    // > 0: the border is dashed
    float shadow{0};  // blur of the soft shadow below it; 0 = none
};
struct Line {
    Point from, to;
    Tint tint;
    float width{1};
    float dash{0}, gap{0};  // 0: solid
    float arrow{0};         // size of the head at `to`; 0 = none
};
// A cubic Bézier curve: the track of a wire, a bend in the way of a packet that was overtaken.
struct Curve {
    Point p0, p1, p2, p3;
    Tint tint;
    float width{1};
    float dash{0}, gap{0}, phase{0};
    float arrow{0};
};
// One line of text inside `at` (its measured box). Turned labels read upwards or downwards.
enum class Turn : std::uint8_t { none, up, down };
struct Label {
    Rect at;
    std::string text;
    style::FontRole font{style::FontRole::body};
    Tint tint;
    // Not `count`: written on a fill of this ink, in the one of black and white that reads best.
    style::Ink on{style::Ink::count};
    Turn turn{Turn::none};
};
// Diagonal strokes, clipped to `at`: a hole, a cut-off tail. `torn`: the right edge is a zigzag.
struct Hatch {
    Rect at;
    Tint tint;
    float step{5};
    float width{1};
    bool torn{false};
};
struct Cross {
    Point centre;
    float radius{5};
    Tint tint;
    float width{2};
};
enum class IconForm : std::uint8_t {
    program,
    host,
    file,
    again,
    twin,
    crack,
    lock,
    clock,
    arrow_right,
    arrow_left,
    arrow_up,
    arrow_down
};
struct Icon {
    IconForm form{IconForm::program};
    Rect at;
    Tint tint;
    style::Ink on{style::Ink::count};  // as in Label
};

struct Shape {
    std::variant<Box, Line, Curve, Label, Hatch, Cross, Icon> what;
    std::uint8_t lane{0};
};

// Where something recorded can be pointed at. Later hits lie above earlier ones.
struct Hit {
    Rect at;
    model::Ref ref;
    std::string probe;  // "stage.0.packet.12": its name for tests that work as a person does
};

struct Scene {
    float width{0}, height{0};
    std::vector<Rect> lanes;  // the frame of each lane
    std::vector<Shape> shapes;
    std::vector<Hit> hits;
    std::vector<std::string> diagnostics;  // what was left out for want of room, for developers and tests

    // The topmost hit at a point; nullptr if there is none.
    const Hit* hit_at(Point p) const;
};

// The box that a shape covers (shadows not counted).
Rect bounds(const Shape& shape);

}  // namespace socketscope::stage

// Adds shapes to a scene on behalf of one lane: measured text that fits, hits, what is lit up.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "app/stage/layout.hpp"

namespace socketscope::stage {

enum class Align : std::uint8_t { left, centre, right };

class Brush {
public:
    Brush(Scene& scene, const StageInput& input, std::uint8_t lane);

    // Everything drawn is this opaque: things fade in and out in their place.
    float alpha{1};

    void box(Box box);
    void line(Line line);
    void curve(Curve curve);
    void hatch(Hatch hatch);
    void cross(Cross cross);
    void icon(Icon icon);
    void label(Label label);  // as it is; the caller has measured

    float width(style::FontRole font, std::string_view text) const;
    float height(style::FontRole font) const;
    // The text, or as much of it as fits with "…" behind it; "" if nothing does.
    std::string fit(style::FontRole font, std::string_view text, float width) const;
    // The same of a name, whose beginning and end tell it from others: "serv…sock".
    std::string fit_middle(style::FontRole font, std::string_view name, float width) const;
    // The first of several wordings (long to short) that fits; else the last one, cut.
    std::string choose(style::FontRole font, std::initializer_list<std::string_view> wordings,
                       float width) const;

    struct TextStyle {
        style::FontRole font{style::FontRole::body};
        Tint tint{};
        style::Ink on{style::Ink::count};
        Align align{Align::left};
    };
    // Writes one line, cut to `room`, vertically centred in it. Returns the box that the text takes.
    Rect text(Rect room, std::string_view text, const TextStyle& style);

    void hit(Rect at, model::Ref ref, std::string_view what, std::uint32_t index);
    // 2: selected or hovered, 1: linked with the selection, 0: neither. A byte counts as its message.
    int lit(model::Ref ref) const;
    // The glow of a thing that is lit up; nothing if it is not.
    void glow(Rect at, float round, model::Ref ref);

    model::Ref ref(model::RefKind kind, std::uint32_t index, std::uint32_t offset = 0) const {
        return {kind, lane_, index, offset};
    }
    std::uint8_t lane() const { return lane_; }
    void missing(std::string what);  // into the scene's diagnostics

private:
    template <class T>
    void add(T shape);

    // References of this lane, sorted: thousands may be linked, and each shape asks.
    class LitSet {
    public:
        void add(const model::Ref& ref);
        void sort();
        bool holds(const model::Ref& ref) const;

    private:
        using Key = std::tuple<model::RefKind, std::uint32_t, std::uint32_t>;
        bool has(Key key) const;
        std::vector<Key> keys_;
    };

    Scene& scene_;
    const StageInput& input_;
    std::uint8_t lane_;
    LitSet selected_, linked_;
};

// The colours of a lane and of a message.
style::Ink lane_ink(int accent);
style::Ink lane_fill(int accent);
style::Ink hue_fill(std::uint8_t hue);
style::Ink hue_line(std::uint8_t hue);

// "1,234,567".
std::string grouped(std::uint64_t number);
// "1 byte", "12 bytes".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);
// A byte as one printable character: itself, or "·".
std::string printable(unsigned char byte);
std::string printable(std::string_view bytes);

}  // namespace socketscope::stage

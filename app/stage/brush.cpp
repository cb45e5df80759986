#include "app/stage/brush.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

Tint faded(Tint tint, float alpha) {
    return {tint.ink, tint.alpha * alpha};
}

// What was given exactly its own width fits, whatever the rounding of sums.
constexpr float kSlack = 0.05f;
constexpr std::string_view kDots = "…";

// Not in the middle of a UTF-8 sequence.
bool starts_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

}  // namespace

void Brush::LitSet::add(const model::Ref& ref) {
    keys_.emplace_back(ref.kind, ref.index, ref.kind == model::RefKind::byte ? ref.offset : 0);
}
void Brush::LitSet::sort() {
    std::sort(keys_.begin(), keys_.end());
}
bool Brush::LitSet::has(Key key) const {
    return std::binary_search(keys_.begin(), keys_.end(), key);
}
// A byte counts as its message, and a message as each of its bytes.
bool Brush::LitSet::holds(const model::Ref& ref) const {
    if (ref.kind == model::RefKind::byte) {
        return has({ref.kind, ref.index, ref.offset}) || has({model::RefKind::message, ref.index, 0});
    }
    if (has({ref.kind, ref.index, 0})) return true;
    if (ref.kind != model::RefKind::message) return false;
    const auto byte = std::lower_bound(keys_.begin(), keys_.end(), Key{model::RefKind::byte, ref.index, 0});
    return byte != keys_.end() && std::get<0>(*byte) == model::RefKind::byte &&
           std::get<1>(*byte) == ref.index;
}

Brush::Brush(Scene& scene, const StageInput& input, std::uint8_t lane)
    : scene_(scene), input_(input), lane_(lane) {
    const auto take = [lane](LitSet& set, const model::Ref& ref) {
        if (ref && ref.lane == lane) set.add(ref);
    };
    for (const model::Ref& ref : input.selected) take(selected_, ref);
    take(selected_, input.hovered);
    for (const model::Ref& ref : input.linked) take(linked_, ref);
    selected_.sort();
    linked_.sort();
}

template <class T>
void Brush::add(T shape) {
    scene_.shapes.push_back({std::move(shape), lane_});
}

void Brush::box(Box b) {
    b.fill = faded(b.fill, alpha);
    b.fill_bottom = faded(b.fill_bottom, alpha);
    b.border = faded(b.border, alpha);
    if (alpha < 0.5f) b.shadow = 0;
    if (b.at.w > 0 && b.at.h > 0) add(b);
}
void Brush::line(Line l) {
    l.tint = faded(l.tint, alpha);
    add(l);
}
void Brush::curve(Curve c) {
    c.tint = faded(c.tint, alpha);
    add(c);
}
void Brush::hatch(Hatch h) {
    h.tint = faded(h.tint, alpha);
    if (h.at.w > 0 && h.at.h > 0) add(h);
}
void Brush::cross(Cross c) {
    c.tint = faded(c.tint, alpha);
    add(c);
}
void Brush::icon(Icon i) {
    i.tint = faded(i.tint, alpha);
    add(i);
}
void Brush::label(Label l) {
    l.tint = faded(l.tint, alpha);
    if (!l.text.empty()) add(std::move(l));
}

float Brush::width(FontRole font, std::string_view text) const {
    return input_.measure(font, text).width;
}
float Brush::height(FontRole font) const {
    return input_.measure(font, "Mg").height;
}

std::string Brush::fit(FontRole font, std::string_view text, float room) const {
    if (width(font, text) <= room + kSlack) return std::string(text);
    // Halving on the number of bytes: widths grow with the text.
    std::size_t low = 0, high = text.size();
    while (low < high) {
        std::size_t middle = (low + high + 1) / 2;
        const std::string candidate = std::string(text.substr(0, middle)) + std::string(kDots);
        if (width(font, candidate) <= room) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    while (low > 0 && low < text.size() && !starts_character(text[low])) --low;
    if (low == 0) return {};
    std::string_view kept = text.substr(0, low);
    while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
    return std::string(kept) + std::string(kDots);
}

std::string Brush::fit_middle(FontRole font, std::string_view name, float room) const {
    if (width(font, name) <= room + kSlack) return std::string(name);
    for (std::size_t kept = name.size() - 1; kept > 1; --kept) {
        std::size_t head = (kept + 1) / 2, tail = name.size() - kept / 2;
        while (head > 0 && !starts_character(name[head])) --head;
        while (tail < name.size() && !starts_character(name[tail])) ++tail;
        std::string shown(name.substr(0, head));
        shown.append(kDots).append(name.substr(tail));
        if (width(font, shown) <= room) return shown;
    }
    return {};
}

std::string Brush::choose(FontRole font, std::initializer_list<std::string_view> wordings, float room) const {
    for (const std::string_view wording : wordings) {
        if (width(font, wording) <= room + 0.01f) return std::string(wording);
    }
    return fit(font, *(wordings.end() - 1), room);
}

Rect Brush::text(Rect room, std::string_view text, const TextStyle& style) {
    const std::string shown = fit(style.font, text, room.w);
    if (shown.empty()) {
        if (!text.empty()) missing("no room for \"" + std::string(text) + "\"");
        return {room.x, room.y, 0, 0};
    }
    const style::Extent size = input_.measure(style.font, shown);
    Rect at{room.x, room.y + (room.h - size.height) / 2, size.width, size.height};
    if (style.align == Align::centre) at.x = room.x + (room.w - size.width) / 2;
    if (style.align == Align::right) at.x = room.right() - size.width;
    label({at, shown, style.font, style.tint, style.on, Turn::none});
    return at;
}

void Brush::hit(Rect at, model::Ref ref, std::string_view what, std::uint32_t index) {
    std::string probe = "stage.";
    probe += std::to_string(lane_);
    probe += '.';
    probe += what;
    probe += '.';
    probe += std::to_string(index);
    scene_.hits.push_back({at, ref, std::move(probe)});
}

int Brush::lit(model::Ref ref) const {
    if (selected_.holds(ref)) return 2;
    return linked_.holds(ref) ? 1 : 0;
}

void Brush::glow(Rect at, float round, model::Ref ref) {
    const int how = lit(ref);
    if (how == 0) return;
    const float out = how == 2 ? 2.5f : 1.5f;
    Box ring;
    ring.at = at.inset(-out, -out);
    ring.round = round + out;
    ring.border = {Ink::now, how == 2 ? 1.0f : 0.75f};
    ring.border_width = how == 2 ? 2.0f : 1.25f;
    box(ring);
}

void Brush::missing(std::string what) {
    scene_.diagnostics.push_back(std::move(what));
}

Ink lane_ink(int accent) {
    return static_cast<Ink>(static_cast<int>(Ink::lane0) + std::clamp(accent, 0, 2));
}
Ink lane_fill(int accent) {
    return static_cast<Ink>(static_cast<int>(Ink::lane0_fill) + std::clamp(accent, 0, 2));
}
Ink hue_fill(std::uint8_t hue) {
    return static_cast<Ink>(static_cast<int>(Ink::hue0) + hue % 6);
}
Ink hue_line(std::uint8_t hue) {
    return static_cast<Ink>(static_cast<int>(Ink::hue0_line) + hue % 6);
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
    return grouped(number) + " " + std::string(number == 1 ? one : many);
}

std::string printable(unsigned char byte) {
    if (byte == ' ') return "_";
    return byte > 0x20 && byte < 0x7F ? std::string(1, static_cast<char>(byte)) : "·";
}

std::string printable(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) out += printable(static_cast<unsigned char>(c));
    return out;
}

}  // namespace socketscope::stage

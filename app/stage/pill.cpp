#include "app/stage/pill.hpp"

#include <algorithm>
#include <iterator>

#include "app/stage/excerpt.hpp"

namespace socketscope::stage {

using model::RefKind;
using story::PacketRole;
using style::FontRole;
using style::Ink;

namespace {

constexpr PillLook kLooks[] = {
    {PillSize::large, 36, 30, FontRole::mono_large, FontRole::heading, FontRole::strong, 4, true},
    {PillSize::full, 24, 20, FontRole::mono_strong, FontRole::small, FontRole::caps, 4, true},
    {PillSize::named, 17, 17, FontRole::mono_words, FontRole::small, FontRole::caps, 2, false},
    {PillSize::brief, 17, 17, FontRole::mono_small, FontRole::small, FontRole::caps, 2, false},
    {PillSize::tiny, 15, 15, FontRole::mono_small, FontRole::caps, FontRole::caps, 1.5f, false},
    {PillSize::tick, 5, 5, FontRole::mono_small, FontRole::caps, FontRole::caps, 1.5f, false},
};
static_assert(std::size(kLooks) == static_cast<std::size_t>(PillSize::count), "a size has no look");
static_assert(std::is_sorted(std::begin(kLooks), std::end(kLooks),
                             [](const PillLook& a, const PillLook& b) { return a.size < b.size; }),
              "looks stand in the order of their sizes");

// "7–12" of a stream, counted from 1 as people do; "#2" or "#2–#3" of messages.
std::string span_words(const LaneView& view, const story::Packet& packet) {
    if (packet.stream_end() > packet.stream_begin) {
        const std::string first = grouped(packet.stream_begin + 1), last = grouped(packet.stream_end());
        return first == last ? first : first + "–" + last;
    }
    const auto pieces = view.story.pieces(packet.pieces);
    for (const story::Piece& piece : pieces) {
        if (piece.message != story::kNone)
            return "#" + std::to_string(view.story.messages()[piece.message].number);
    }
    return {};
}

std::string control_words(const LaneView& view, std::uint32_t index) {
    const story::Packet& packet = view.story.packets()[index];
    const std::string ack = "ACK " + grouped(packet.ack_offset + 1);
    switch (packet.role) {
        case PacketRole::syn:
            return "SYN";
        case PacketRole::synack:
            return "SYN ACK";
        case PacketRole::fin:
            return "FIN";
        case PacketRole::rst:
            return "RST";
        case PacketRole::ack:
            return packet.window_bytes == 0 ? ack + ", window 0" : ack;
        case PacketRole::window_update:
            return packet.window_bytes == 0 ? "window 0" : ack;
        case PacketRole::probe:
            return "probe";
        default:
            return view.story.describe_packet(index);
    }
}

// "echo reply 1" → "reply"; "port unreachable" → "no port".
std::string icmp_brief(const std::string& words) {
    const auto word = [&](std::size_t from) { return words.substr(from, words.find(' ', from) - from); };
    const std::size_t echo = words.find("echo ");
    if (echo != std::string::npos) return word(echo + 5);
    const std::size_t unreachable = words.find(" unreachable");
    if (unreachable == std::string::npos || unreachable == 0) return words;
    const std::size_t before = words.rfind(' ', unreachable - 1);
    return "no " + word(before == std::string::npos ? 0 : before + 1);
}

void add_payload(const LaneView& view, const story::Packet& packet, std::size_t most, Pill& pill) {
    std::size_t size = 0, messages = 0;
    std::uint32_t last = story::kNone;
    constexpr std::size_t kMostNumbers = 2;
    for (const story::Piece& piece : view.story.pieces(packet.pieces)) {
        if (piece.message == story::kNone) continue;
        const story::Message& message = view.story.messages()[piece.message];
        if (messages == 0) {
            pill.fill = hue_fill(message.hue);
            pill.border = hue_line(message.hue);
        }
        size += piece.size;
        const std::string_view all = view.story.trace().bytes(view.story.trace().calls[message.call].data);
        const bool known = piece.offset <= all.size() && piece.size <= all.size() - piece.offset;
        if (size <= most && known)
            pill.payload.push_back({printable(all.substr(piece.offset, piece.size)), message.hue});
        if (piece.message == last) continue;
        last = piece.message;
        if (++messages <= kMostNumbers)
            pill.instead.push_back({"#" + std::to_string(message.number), message.hue});
    }
    if (messages == 0) return;
    std::size_t shown = 0;
    for (const Pill::Bytes& bytes : pill.payload) shown += letters(bytes.text);
    if (shown < size) pill.payload.clear();
    if (messages > kMostNumbers) pill.instead.back().text += "…";
    if (!view.plan.stream) pill.instead = {{grouped(size) + " B", pill.instead.front().hue}};
}

bool whole(PillSize size) {
    return look_of(size).whole;
}

FontRole label_font(const Pill& pill, PillSize size) {
    return pill.control ? look_of(size).control_label : look_of(size).label;
}

float inset_width(const Brush& brush, const std::vector<Pill::Bytes>& inset, PillSize size) {
    float width = 0;
    for (const Pill::Bytes& bytes : inset) width += brush.width(look_of(size).bytes, bytes.text);
    return width > 0 ? width + 10 : 0;
}

float marks_width(const Pill& pill) {
    return (pill.again ? 15.0f : 0) + (pill.twin ? 22.0f : 0) + (pill.corrupted ? 15.0f : 0);
}

float brief_width(const Brush& brush, const Pill& pill, PillSize size, const std::string& label) {
    return 16 + marks_width(pill) + brush.width(label_font(pill, size), label);
}

constexpr float kArrow = 13;

// Packets without bytes show their direction, too, where there is room for it.
float with_arrow(float width, const Pill& pill, float room) {
    return pill.control && width + kArrow <= room ? width + kArrow : std::min(width, room);
}

// The words of a full pill: the short ones where the long ones would be cut.
const std::string& full_label(const Brush& brush, const Pill& pill, PillSize size, float room) {
    return brief_width(brush, pill, size, pill.label) <= room ? pill.label : pill.brief;
}

// What stands beside its label: its bytes, or what there is room for instead of them.
const std::vector<Pill::Bytes>& inset_of(const Brush& brush, const Pill& pill, PillSize size, float room) {
    static const std::vector<Pill::Bytes> kNone;
    const float label = brief_width(brush, pill, size, pill.label);
    for (const auto* inset : {&pill.payload, &pill.instead})
        if (!inset->empty() && (size != PillSize::named || inset == &pill.instead) &&
            label + inset_width(brush, *inset, size) <= room)
            return *inset;
    return kNone;
}

}  // namespace

const PillLook& look_of(PillSize size) {
    return kLooks[static_cast<std::size_t>(size)];
}

bool payload_fits(const Brush& brush, const Pill& pill, PillSize size, float room) {
    return !pill.payload.empty() &&
           brief_width(brush, pill, size, pill.label) + inset_width(brush, pill.payload, size) <= room;
}

namespace {

// Across a column there may be room for an inset of a brief pill, too.
bool may_have_inset(const LaneView& view, PillSize size) {
    return size <= PillSize::named || (size == PillSize::brief && view.column());
}

Box shape_of(const LaneView& view, const Pill& pill, Point centre, PillSize size, float room) {
    style::Extent extent = pill_extent(view.brush, pill, size, room);
    if (may_have_inset(view, size)) {
        const float inset = inset_width(view.brush, inset_of(view.brush, pill, size, room), size);
        if (inset > 0) extent.width = brief_width(view.brush, pill, size, pill.label) + inset;
    }
    Box box;
    box.at = {centre.x - extent.width / 2, centre.y - extent.height / 2, extent.width, extent.height};
    if (size == PillSize::tick && !view.column()) box.at = {centre.x - 2.5f, centre.y - 9, 5, 18};
    box.round = size == PillSize::tick ? 2.5f : pill.control ? box.at.h / 2 : 6;
    box.fill = {pill.fill, 1};
    box.border = {pill.border, pill.control ? 1.0f : 0.9f};
    box.shadow = whole(size) ? 7.0f : 0.0f;
    return box;
}

// What is written on a pill, and on what.
struct Ground {
    Tint ink;
    Ink on;
};
Ground ground_of(const Pill& pill) {
    return {{pill.border == Ink::loss ? Ink::loss : Ink::text, 1},
            pill.fill == Ink::card_raised ? Ink::count : pill.fill};
}

IconForm arrow_of(const LaneView& view, const Pill& pill) {
    if (view.column()) return pill.back ? IconForm::arrow_up : IconForm::arrow_down;
    return pill.back ? IconForm::arrow_left : IconForm::arrow_right;
}

// From the left: what happened to it, its direction, its label.
void draw_words(LaneView& view, const Pill& pill, Rect at, PillSize size, float room) {
    Brush& brush = view.brush;
    const Ground ground = ground_of(pill);
    Rect left = at.inset(8, 0);
    const auto icon = [&](IconForm form, Rect icon_at, float taken) {
        brush.icon({form, icon_at, ground.ink, ground.on});
        left = {left.x + taken, left.y, left.w - taken, left.h};
    };
    const float y = at.centre().y;
    if (pill.again) icon(IconForm::again, {left.x - 1, y - 6, 12, 12}, 15);
    if (pill.corrupted) icon(IconForm::crack, {left.x - 1, y - 6, 12, 12}, 15);
    const std::string& label = whole(size) ? full_label(brush, pill, size, room) : pill.brief;
    if (pill.control && brief_width(brush, pill, size, label) + kArrow <= room)
        icon(arrow_of(view, pill), {left.x - 2, y - 5, 10, 10}, 11);
    const FontRole font = label_font(pill, size);
    const Rect written = brush.text(left, label, {font, ground.ink, ground.on});
    if (pill.twin)
        brush.text({written.right() + 3, at.y, 20, at.h}, "×2", {FontRole::caps, ground.ink, ground.on});
}

// The bytes that it carries, or their messages, at its right end, each in its message's colour.
void draw_inset(Brush& brush, const std::vector<Pill::Bytes>& parts, Rect at, PillSize size) {
    const float inset = inset_width(brush, parts, size), around = whole(size) ? 3.0f : 2.0f;
    Box bytes;
    bytes.at = {at.right() - inset - around, at.y + around, inset, at.h - 2 * around};
    bytes.round = 4;
    float x = bytes.at.x + 5;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Pill::Bytes& some = parts[i];
        const float width = brush.width(look_of(size).bytes, some.text);
        Box part = bytes;
        part.at.x = i == 0 ? bytes.at.x : x;
        part.at.w = (i + 1 == parts.size() ? bytes.at.right() : x + width) - part.at.x;
        part.fill = {hue_fill(some.hue), 1};
        brush.box(part);
        part.fill = {Ink::white, 0.28f};
        brush.box(part);
        brush.text({x, bytes.at.y, width + 0.5f, bytes.at.h}, some.text,
                   {look_of(size).bytes, {Ink::text, 1}, hue_fill(some.hue)});
        x += width;
    }
}

}  // namespace

Pill make_pill(const LaneView& view, std::uint32_t index, std::size_t most_bytes) {
    const story::Packet& packet = view.story.packets()[index];
    const model::PacketRecord& record = view.story.trace().packets[index];
    Pill pill;
    pill.back = record.from == model::Host::server;
    pill.again = packet.first_copy != story::kNone;
    pill.twin = (record.flags & model::kDuplicate) != 0;
    pill.corrupted = (record.flags & model::kCorrupted) != 0;
    add_payload(view, packet, most_bytes, pill);
    pill.control = pill.instead.empty();
    if (!pill.control) {
        pill.label = span_words(view, packet);
        if (packet.role == PacketRole::fin) pill.label += " FIN";
        if (packet.role == PacketRole::fragment) pill.label += " part";
        pill.brief = pill.label;
        return pill;
    }
    pill.label = pill.brief = control_words(view, index);
    if (packet.role == PacketRole::icmp) pill.brief = icmp_brief(pill.label);
    const bool refuses = packet.role == PacketRole::rst || packet.role == PacketRole::icmp;
    if (packet.role == PacketRole::ack) {
        pill.fill = Ink::good_fill;
        pill.border = Ink::good;
    } else if (refuses && packet.protocol != 0) {
        pill.border = packet.role == PacketRole::rst ? Ink::loss : Ink::muted;
    }
    return pill;
}

style::Extent pill_extent(const Brush& brush, const Pill& pill, PillSize size, float room) {
    const PillLook& look = look_of(size);
    const float height = pill.control ? look.control_height : look.height;
    if (size == PillSize::tick) return {30, height};
    if (size == PillSize::tiny) return {std::min(brush.width(look.label, pill.brief) + 12, room), height};
    const std::string& label = look.whole ? full_label(brush, pill, size, room) : pill.brief;
    const float words = with_arrow(brief_width(brush, pill, size, label), pill, room);
    const float inset =
        size <= PillSize::named ? inset_width(brush, inset_of(brush, pill, size, room), size) : 0;
    return {inset > 0 ? brief_width(brush, pill, size, pill.label) + inset : words, height};
}

Rect pill_box(const LaneView& view, const Pill& pill, Point centre, PillSize size, float room) {
    return shape_of(view, pill, centre, size, room).at;
}

void draw_pill(LaneView& view, const Pill& pill, std::uint32_t packet, Point centre, PillSize size,
               float room) {
    Brush& brush = view.brush;
    const Box box = shape_of(view, pill, centre, size, room);
    if (pill.twin) draw_twin(brush, box);
    brush.box(box);
    const model::Ref ref = brush.ref(RefKind::packet, packet);
    brush.hit(box.at, ref, "packet", packet);
    brush.glow(box.at, box.round, ref);
    if (size == PillSize::tick) return;
    if (size == PillSize::tiny) {
        const Ground ground = ground_of(pill);
        brush.text(box.at.inset(3, 0), pill.brief,
                   {look_of(size).label, ground.ink, ground.on, Align::centre});
        return;
    }
    draw_words(view, pill, box.at, size, room);
    if (!may_have_inset(view, size)) return;
    const std::vector<Pill::Bytes>& inset = inset_of(brush, pill, size, room);
    if (!inset.empty()) draw_inset(brush, inset, box.at, size);
}

void draw_twin(Brush& brush, Box of) {
    of.at.x += 3;
    of.at.y -= 3;
    of.shadow = 0;
    of.fill.alpha = 0.75f;
    brush.box(of);
}

void draw_lost_box(Brush& brush, Rect at, std::string_view words) {
    Box box;
    box.at = at;
    box.round = 5;
    box.fill = {Ink::panel, 0.92f};
    box.border = {Ink::loss, 0.95f};
    box.border_width = 1.25f;
    box.dash = 4;
    brush.box(box);
    Box wash = box;
    wash.border = kNoTint;
    wash.fill = {Ink::loss, 0.12f};
    brush.box(wash);
    brush.text(at.inset(4, 0), words, {FontRole::small, {Ink::loss, 1}, Ink::count, Align::centre});
}

}  // namespace socketscope::stage

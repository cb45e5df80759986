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

// How many bytes of a piece give way to those that tell its message from its neighbours, where so few are shown of it.
std::size_t left_out_before(const story::Story& story, const story::Piece& piece, std::size_t known,
                            std::size_t shown) {
    const std::size_t telling = telling_byte(story, piece.message);
    const bool hidden = telling >= piece.offset + shown && telling < piece.offset + known;
    return hidden && shown > 1 ? telling - piece.offset : 0;
}

void add_payload(const LaneView& view, const story::Packet& packet, std::size_t most, Pill& pill) {
    std::size_t shown = 0;
    for (const story::Piece& piece : view.story.pieces(packet.pieces)) {
        if (piece.message == story::kNone) continue;
        const story::Message& message = view.story.messages()[piece.message];
        if (pill.payload.empty()) {
            pill.fill = hue_fill(message.hue);
            pill.border = hue_line(message.hue);
        }
        if (shown >= most) {
            pill.payload.back().text += "…";
            return;
        }
        const std::string_view all = view.story.trace().bytes(view.story.trace().calls[message.call].data);
        const std::string_view bytes =
            piece.offset < all.size() ? all.substr(piece.offset, piece.size) : std::string_view{};
        const std::size_t left_out = left_out_before(view.story, piece, bytes.size(), most - shown);
        const std::size_t dots = left_out > 0 ? 1 : 0;  // they take the place of a byte
        const std::string_view some = bytes.substr(left_out, most - shown - dots);
        pill.payload.push_back({(left_out > 0 ? "…" : "") + printable(some), message.hue});
        shown += some.size() + dots;
        if (left_out + some.size() < bytes.size()) {
            pill.payload.back().text += "…";
            return;
        }
    }
}

bool whole(PillSize size) {
    return look_of(size).whole;
}

FontRole label_font(const Pill& pill, PillSize size) {
    return pill.control ? look_of(size).control_label : look_of(size).label;
}

float inset_width(const Brush& brush, const Pill& pill, PillSize size) {
    float width = 0;
    for (const Pill::Bytes& bytes : pill.payload) width += brush.width(look_of(size).bytes, bytes.text);
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

}  // namespace

const PillLook& look_of(PillSize size) {
    return kLooks[static_cast<std::size_t>(size)];
}

bool payload_fits(const Brush& brush, const Pill& pill, PillSize size, float room) {
    return !pill.payload.empty() &&
           brief_width(brush, pill, size, pill.label) + inset_width(brush, pill, size) <= room;
}

namespace {

// Across a column there may be room for the bytes of a brief pill, too.
bool shows_bytes(const LaneView& view, const Pill& pill, PillSize size, float room) {
    const bool may = whole(size) || (size == PillSize::brief && view.column());
    return may && payload_fits(view.brush, pill, size, room);
}

Box shape_of(const LaneView& view, const Pill& pill, Point centre, PillSize size, float room) {
    style::Extent extent = pill_extent(view.brush, pill, size, room);
    if (shows_bytes(view, pill, size, room))
        extent.width = brief_width(view.brush, pill, size, pill.label) + inset_width(view.brush, pill, size);
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

// The first bytes it carries, at its right end, each in its message's colour.
void draw_bytes(Brush& brush, const Pill& pill, Rect at, PillSize size) {
    const float inset = inset_width(brush, pill, size), around = whole(size) ? 3.0f : 2.0f;
    Box bytes;
    bytes.at = {at.right() - inset - around, at.y + around, inset, at.h - 2 * around};
    bytes.round = 4;
    float x = bytes.at.x + 5;
    for (std::size_t i = 0; i < pill.payload.size(); ++i) {
        const Pill::Bytes& some = pill.payload[i];
        const float width = brush.width(look_of(size).bytes, some.text);
        Box part = bytes;
        part.at.x = i == 0 ? bytes.at.x : x;
        part.at.w = (i + 1 == pill.payload.size() ? bytes.at.right() : x + width) - part.at.x;
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
    pill.control = pill.payload.empty();
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
    const bool bytes = look.whole && payload_fits(brush, pill, size, room);
    return {bytes ? brief_width(brush, pill, size, pill.label) + inset_width(brush, pill, size) : words,
            height};
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
    if (shows_bytes(view, pill, size, room)) draw_bytes(brush, pill, box.at, size);
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

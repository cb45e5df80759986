#include "app/stage/mini.hpp"

#include <algorithm>

#include "app/stage/brush.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

constexpr std::uint32_t kMessages = 3, kBytes = 3;  // of each picture
constexpr float kHeader = 18, kBehindHeader = 4;

struct Frame {
    Rect at;
    float cell, cell_height;  // of a byte
    float middle;             // y of the picture's axis
};

// The border of a message: a stream's have none, and a dashed one is not promised to arrive.
enum class Seal : std::uint8_t { none, whole, dashed };

constexpr float kPale = 0.45f;  // what may not come

// One message of three bytes. Returns its right edge.
float draw_message(Brush& brush, Point left_middle, float cell, float cell_height, std::uint8_t hue,
                   Seal seal_kind) {
    for (std::uint32_t b = 0; b < kBytes; ++b) {
        Box byte;
        byte.at = {left_middle.x + static_cast<float>(b) * cell + 0.5f, left_middle.y - cell_height / 2,
                   cell - 1, cell_height};
        byte.round = 1.5f;
        byte.fill = {hue_fill(hue), seal_kind == Seal::dashed ? kPale : 1};
        brush.box(byte);
    }
    const float width = cell * kBytes;
    if (seal_kind != Seal::none) {
        Box seal;
        seal.at = Rect{left_middle.x, left_middle.y - cell_height / 2, width, cell_height}.inset(-2, -2);
        seal.round = 3.5f;
        seal.border = {hue_line(hue), 0.95f};
        seal.border_width = 1.25f;
        seal.dash = seal_kind == Seal::dashed ? 3.0f : 0.0f;
        brush.box(seal);
    }
    return left_middle.x + width;
}

float gap_of(Seal seal) {
    return seal == Seal::none ? 0.0f : 6.0f;
}

void draw_tape(Brush& brush, const Frame& f, float x, Seal seal) {
    for (std::uint8_t m = 0; m < kMessages; ++m)
        x = draw_message(brush, {x, f.middle}, f.cell, f.cell_height, m, seal) + gap_of(seal);
}

// A receive call takes from a stream what is there, wherever the sends began and ended.
void draw_cut(Brush& brush, const Frame& f, float x) {
    Box call;
    call.at = Rect{x, f.middle - f.cell_height / 2, f.cell * (kBytes * 2 + 1), f.cell_height}.inset(-2, -3);
    call.round = 3.5f;
    call.border = {Ink::text, 0.8f};
    call.border_width = 1.25f;
    brush.box(call);
}

// A raw socket hands over the header, too.
float draw_header(Brush& brush, const Frame& f, float x) {
    Box header;
    header.at = {x, f.middle - f.cell_height / 2, kHeader, f.cell_height};
    header.round = 2;
    header.fill = {Ink::card_raised, 1};
    header.border = {Ink::muted, 0.9f};
    header.dash = 3;
    brush.box(header);
    brush.text(header.at.inset(1, 0), "IP", {FontRole::caps, {Ink::muted, 1}, Ink::count, Align::centre});
    return header.at.right() + kBehindHeader;
}

void draw_way(Brush& brush, const Frame& f, float from, float to, bool wire) {
    if (to - from < 8) return;
    Line way;
    way.from = {from, f.middle};
    way.to = {to, f.middle};
    way.tint = {Ink::muted, 0.9f};
    way.width = 1.5f;
    way.dash = wire ? 4.0f : 0.0f;
    way.gap = 3;
    way.arrow = 5;
    brush.line(way);
}

void draw_refused(Brush& brush, const Frame& f, const std::string& errno_name) {
    const float width = std::min(f.at.w - 24, brush.width(FontRole::caps, errno_name));
    const float x = f.at.centre().x - (width + 20) / 2;
    brush.cross({{x + 6, f.middle}, 5, {Ink::loss, 1}, 2});
    brush.text({x + 18, f.middle - 10, width + 1, 20}, errno_name, {FontRole::caps, {Ink::loss, 1}});
}

}  // namespace

Scene mini(const MiniInput& input) {
    Scene scene;
    scene.width = input.width;
    scene.height = input.height;
    scene.lanes = {{0, 0, input.width, input.height}};
    StageInput measuring;  // a brush measures with it; nothing is selected in a miniature
    measuring.measure = input.measure;
    Brush brush(scene, measuring, 0);
    const Frame f{scene.lanes[0].inset(6, 3), std::clamp((input.width - 66) / 18, 3.0f, 10.0f),
                  std::clamp(input.height * 0.36f, 8.0f, 28.0f), input.height / 2};
    if (input.answer == Answer::refused) {
        draw_refused(brush, f, input.errno_name);
        return scene;
    }
    const model::SocketType type = input.answer == Answer::becomes ? input.becomes : input.kind.type;
    const bool wire = input.kind.domain != model::Domain::local;
    const Seal sent_seal = type == model::SocketType::stream ? Seal::none : Seal::whole;
    // What crosses a wire without a connection may get lost.
    const bool promised = !wire || type == model::SocketType::stream || type == model::SocketType::seqpacket;
    const Seal seal = promised ? sent_seal : Seal::dashed;
    const bool header = type == model::SocketType::raw && input.kind.domain == model::Domain::inet;
    const float tape = f.cell * kBytes * kMessages + gap_of(seal) * (kMessages - 1);

    if (type == model::SocketType::raw) {
        const float given = f.cell * kBytes + (header ? kHeader + kBehindHeader : 0);
        const float sent = draw_message(brush, {f.at.x + 3, f.middle}, f.cell, f.cell_height, 0, sent_seal);
        float x = f.at.right() - given - 3;
        draw_way(brush, f, sent + 6, x - 5, wire);
        if (header) x = draw_header(brush, f, x);
        draw_message(brush, {x, f.middle}, f.cell, f.cell_height, 0, seal);
        return scene;
    }
    draw_tape(brush, f, f.at.x + 3, sent_seal);
    const float x = f.at.right() - tape - 3;
    draw_way(brush, f, f.at.x + 3 + tape + 5, x - 6, wire);
    draw_tape(brush, f, x, seal);
    if (seal == Seal::none) draw_cut(brush, f, x);
    return scene;
}

}  // namespace socketscope::stage

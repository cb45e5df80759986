#include "app/stage/layout.hpp"

#include <algorithm>
#include <optional>

#include "app/stage/view.hpp"
#include "core/model/kind.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

constexpr float kGutter = 8, kPadding = 12, kBorder = 15;

std::vector<Rect> frames(const StageInput& input, Direction direction) {
    const auto count = static_cast<float>(std::max<std::size_t>(1, input.lanes.size()));
    std::vector<Rect> out;
    for (std::size_t i = 0; i < input.lanes.size(); ++i) {
        const auto n = static_cast<float>(i);
        if (direction == Direction::column) {
            const float width = (input.width - kGutter * (count - 1)) / count;
            out.push_back({n * (width + kGutter), 0, width, input.height});
        } else {
            const float height = (input.height - kGutter * (count - 1)) / count;
            out.push_back({0, n * (height + kGutter), input.width, height});
        }
    }
    return out;
}

void draw_frame(LaneView& view, Rect at) {
    Box frame;
    frame.at = at;
    frame.round = 10;
    frame.fill = {Ink::panel, 1};
    frame.border = {Ink::line, 0.8f};
    view.brush.box(frame);
    Box wash = frame;
    wash.border = kNoTint;
    wash.fill = {lane_fill(view.accent), 0.07f};
    wash.fill_bottom = {lane_fill(view.accent), 0.015f};
    view.brush.box(wash);
    Box edge;
    edge.at = view.column() ? Rect{at.x, at.y, at.w, 3} : Rect{at.x, at.y, 4, at.h};
    edge.round = 1.5f;
    edge.fill = {lane_ink(view.accent), 1};
    view.brush.box(edge);
}

// The short name on the badge: what people call it.
std::string badge_words(const story::Story& story) {
    const model::Kind kind = story.trace().kind;
    const model::KindRow& row = model::row(kind);
    if (kind.domain == model::Domain::local || row.protocol.empty()) return model::to_string(kind);
    std::string words(row.protocol);
    if (kind.domain == model::Domain::inet6) words += " / IPv6";
    return words;
}

// Badge and title; `centred` above the wire of a strip.
void draw_title(LaneView& view, Rect room) {
    Brush& brush = view.brush;
    const std::string words = brush.fit(FontRole::strong, badge_words(view.story), room.w - 18);
    const float width = brush.width(FontRole::strong, words) + 18;
    Box badge;
    badge.at = {room.x, room.y + (room.h - 22) / 2, width, 22};
    badge.round = 7;
    badge.fill = {lane_fill(view.accent), 1};
    brush.box(badge);
    brush.text(badge.at.inset(8, 0), words,
               {FontRole::strong, {Ink::text, 1}, lane_fill(view.accent), Align::centre});
    const Rect rest{room.x + width + 9, room.y, room.w - width - 9, room.h};
    const std::string title = brush.fit(FontRole::small, view.title, rest.w);
    if (!title.empty()) brush.text(rest, title, {FontRole::small, {Ink::muted, 1}});
}

void draw_border(LaneView& view, Rect at, bool upright, std::string_view words) {
    Brush& brush = view.brush;
    Line line;
    line.tint = {Ink::faint, 0.8f};
    line.dash = 5;
    line.gap = 4;
    line.width = 1.25f;
    if (upright) {
        line.from = {at.centre().x, at.y};
        line.to = {at.centre().x, at.bottom()};
        brush.line(line);
        return;
    }
    const float y = at.centre().y;
    if (at.h < kBorder - 2) words = {};
    const float width = words.empty() ? 0 : brush.width(FontRole::caps, words) + 12;
    line.from = {at.x, y};
    line.to = {at.x + (at.w - width) / 2, y};
    brush.line(line);
    line.from = {at.x + (at.w + width) / 2, y};
    line.to = {at.right(), y};
    brush.line(line);
    if (!words.empty()) brush.text(at, words, {FontRole::caps, {Ink::faint, 1}, Ink::count, Align::centre});
}

// Equal parts of a row for the programs of one host.
Rect part(Rect whole, std::size_t index, std::size_t count) {
    const float gap = 8, width = (whole.w - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
    return {whole.x + static_cast<float>(index) * (width + gap), whole.y, width, whole.h};
}

constexpr std::size_t kMostPrograms = 3;  // a host: more would be too narrow to read

void draw_empty(LaneView& view, Rect at, std::string_view words) {
    Box box;
    box.at = at;
    box.round = 8;
    box.border = {Ink::line, 0.9f};
    box.dash = 4;
    view.brush.box(box);
    const std::string shown = view.brush.fit(FontRole::small, words, at.w - 16);
    if (!shown.empty()) {
        view.brush.text(at.inset(8, 2), shown, {FontRole::small, {Ink::faint, 1}, Ink::count, Align::centre});
    }
}

struct End {
    Rect cards, border, sockets;
    bool upright{false};  // the system-call border stands upright: the card is beside the socket
};

void draw_end(LaneView& view, int side, const End& end, Tape tape) {
    const std::vector<Place>& places = view.plan.sides[side];
    const std::size_t count = std::min(places.size(), kMostPrograms);
    if (places.size() > count)
        view.brush.missing(std::to_string(places.size() - count) + " more programs on this host");
    draw_border(view, end.border, end.upright, "system calls");
    if (places.empty()) {
        draw_empty(view, end.cards, "no program runs on this host");
        draw_empty(view, end.sockets, "no socket");
    }
    for (std::size_t i = 0; i < count; ++i) {
        draw_sockets(view, places[i], part(end.sockets, i, count));
        draw_card(view, places[i], part(end.cards, i, count), count == 1 ? tape : Tape::none);
    }
}

void draw_middle(LaneView& view, Rect at) {
    if (view.plan.local) {
        draw_meeting_place(view, at);
    } else {
        draw_wire(view, at);
    }
}

// What each program's card shows: rows of bytes where there is room, first at the reader.
struct Cards {
    Tape tape[2]{Tape::none, Tape::none};
    bool result[2]{false, false};

    float height(int side) const { return card_height(tape[side], result[side]); }
};

void draw_column(LaneView& view, Rect at) {
    draw_title(view, {at.x + kPadding, at.y + 7, at.w - 2 * kPadding, 26});
    const Rect inner{at.x + kPadding, at.y + 36, at.w - 2 * kPadding, at.h - 36 - kPadding};
    const float sockets = sockets_height(view.grid);
    Cards cards;
    const auto left = [&] { return inner.h - 2 * (sockets + kBorder) - cards.height(0) - cards.height(1); };
    const auto grow = [&](auto& what, auto value, float wire_least) {
        const auto before = what;
        what = value;
        if (left() < wire_least) what = before;
    };
    const int reader = view.grid.reader_side, writer = 1 - reader;
    grow(cards.tape[reader], Tape::given, 84);
    if (view.grid.given_back) grow(cards.tape[writer], Tape::given, 84);
    grow(cards.tape[reader], Tape::both, 84);
    if (view.grid.given_back) grow(cards.tape[writer], Tape::both, 130);
    grow(cards.result[writer], true, 130);
    grow(cards.result[reader], true, 130);

    End ends[2];
    float y = inner.y;
    const auto row = [&](float height) {
        const Rect r{inner.x, y, inner.w, height};
        y += height;
        return r;
    };
    ends[0].cards = row(cards.height(0));
    ends[0].border = row(kBorder);
    ends[0].sockets = row(sockets);
    const Rect wire = row(std::max(40.0f, left()));
    ends[1].sockets = row(sockets);
    ends[1].border = row(kBorder);
    ends[1].cards = row(cards.height(1));
    draw_middle(view, wire);
    draw_end(view, 0, ends[0], cards.tape[0]);
    draw_end(view, 1, ends[1], cards.tape[1]);
}

// Card above socket, both beside the wire; where a strip is too low for that, card, socket and wire side by side.
void draw_strip(LaneView& view, Rect at) {
    const Rect inner{at.x + kPadding + 4, at.y + 7, at.w - 2 * kPadding - 4, at.h - 14};
    const float sockets = sockets_height(view.grid);
    constexpr float kLeastBorder = 5;
    const auto room_with = [&](Tape tape) { return inner.h - card_height(tape, false) - sockets; };
    const Tape least = room_with(Tape::given) < kLeastBorder ? Tape::given_brief : Tape::given;
    const float spare = room_with(least);
    const bool beside = spare < kLeastBorder;
    const float border = beside ? kBorder : std::min(kBorder, spare);  // low: a line without words
    const float card_room = beside ? inner.h : inner.h - border - sockets;
    const auto fits = [&](Tape tape) { return card_height(tape, false) <= card_room; };
    const int reader = view.grid.reader_side, writer = 1 - reader;
    Tape tapes[2]{Tape::none, Tape::none};
    for (const Tape tape : {Tape::given_brief, Tape::given, Tape::both}) {
        if (fits(tape)) tapes[reader] = tape;
    }
    const Tape other = view.grid.given_back ? least : Tape::sent;
    if (!beside && fits(other)) tapes[writer] = other;

    End ends[2];
    for (int side = 0; side < 2; ++side) {
        const bool reads = side == reader;
        const float card = beside ? std::clamp(inner.w * (reads ? 0.235f : 0.16f), 120.0f, 300.0f)
                                  : std::clamp(inner.w * 0.33f, 190.0f, 330.0f);
        const float socket = beside ? std::clamp(inner.w * 0.18f, 110.0f, 230.0f) : card;
        // Distances from the lane's outer edge, mirrored for the server.
        const auto from_edge = [&](float offset, float y, float width, float height) {
            return Rect{side == 0 ? inner.x + offset : inner.right() - offset - width, y, width, height};
        };
        ends[side].upright = beside;
        if (beside) {
            ends[side].cards = from_edge(0, inner.y, card, inner.h);
            ends[side].border = from_edge(card, inner.y, kBorder, inner.h);
            ends[side].sockets = from_edge(card + kBorder, inner.y, socket, inner.h);
        } else {
            ends[side].cards = from_edge(0, inner.y, card, card_room);
            ends[side].border = from_edge(0, inner.y + card_room, card, border);
            ends[side].sockets = from_edge(0, inner.bottom() - sockets, card, sockets);
        }
    }
    const float left = ends[0].sockets.right(), right = ends[1].sockets.x;
    constexpr float kLow = 136;  // no room for words on the track: the title says how long the wire takes
    if (inner.h < kLow && !view.plan.local && view.story.trace().link.delay_ns > 0)
        view.title = wire_delay(view) + " one way";
    draw_title(view, {left + 14, inner.y, right - left - 28, 24});
    draw_middle(view, {left, inner.y + 26, right - left, inner.h - 26});
    draw_end(view, 0, ends[0], tapes[0]);
    draw_end(view, 1, ends[1], tapes[1]);
}

void draw_lane(LaneView& view, Rect at) {
    draw_frame(view, at);
    if (view.plan.refused) {
        draw_title(view, {at.x + kPadding + 2, at.y + 8, at.w - 2 * kPadding, 26});
        draw_refusal(view, {at.x + kPadding, at.y + 38, at.w - 2 * kPadding, at.h - 50});
    } else if (view.column()) {
        draw_column(view, at);
    } else {
        draw_strip(view, at);
    }
}

}  // namespace

Direction direction_for(const StageInput& input) {
    if (input.direction != Direction::automatic) return input.direction;
    if (input.folded) return Direction::strip;
    // Three columns beside open panels still have room for what lies along the way; three strips do not.
    constexpr float kNarrow = 900;
    return input.lanes.size() > 2 && input.width >= kNarrow ? Direction::strip : Direction::column;
}

Scene layout(const StageInput& input) {
    Scene scene;
    scene.width = input.width;
    scene.height = input.height;
    const Direction direction = direction_for(input);
    scene.lanes = frames(input, direction);
    scene.shapes.reserve(400 * input.lanes.size());
    std::vector<LanePlan> own;  // for lanes that came without
    own.reserve(input.lanes.size());
    std::vector<const LanePlan::Impl*> plans;
    Grid grid;
    for (const LaneInput& lane : input.lanes) {
        plans.push_back(lane.plan ? &lane.plan->impl() : &own.emplace_back(*lane.story).impl());
        grid.sealed |= !plans.back()->stream;
        grid.both_ways |= sends_and_receives(*plans.back());
        grid.given_back |= plans.back()->given_back;
    }
    if (!plans.empty()) grid.reader_side = plans.front()->reader_side;
    for (std::size_t i = 0; i < input.lanes.size(); ++i) {
        const LaneInput& lane = input.lanes[i];
        const TimeNs start = lane.story->begin_ns();
        const Clock clock(input.story_time, start, start + input.t, lane.story->end_ns() - start);
        Brush brush(scene, input, static_cast<std::uint8_t>(i));
        std::string title = lane.title;
        if (title.empty() || title == badge_words(*lane.story))
            title = model::row(lane.story->trace().kind).in_words;
        LaneView view{*lane.story, *plans[i], clock, brush, lane.accent, direction, std::move(title), grid};
        draw_lane(view, scene.lanes[i]);
    }
    return scene;
}

}  // namespace socketscope::stage

#include "app/stage/layout.hpp"

#include <algorithm>
#include <optional>

#include "app/stage/excerpt.hpp"
#include "app/stage/room.hpp"
#include "app/stage/view.hpp"
#include "core/model/kind.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

constexpr float kGutter = 8, kPadding = 12, kColumnTop = 33, kColumnBottom = 9;

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
    const bool says_so = words.ends_with("v6");  // ICMPv6
    if (kind.domain == model::Domain::inet6 && !says_so) words += " / IPv6";
    return words;
}

// Badge and title; `centred` above the wire of a strip.
void draw_title(LaneView& view, Rect room) {
    Brush& brush = view.brush;
    const std::string name = badge_words(view.story), type = name.substr(name.find('/') + 1);
    const std::string words = brush.choose(FontRole::strong, {name, type}, room.w - 18);
    const float width = brush.width(FontRole::strong, words) + 18;
    Box badge;
    badge.at = {room.x, room.y + (room.h - 22) / 2, width, 22};
    badge.round = 7;
    badge.fill = {lane_fill(view.accent), 1};
    brush.box(badge);
    brush.text(badge.at.inset(8, 0), words,
               {FontRole::strong, {Ink::text, 1}, lane_fill(view.accent), Align::centre});
    const Rect rest{room.x + width + 9, room.y, room.w - width - 9, room.h};
    const std::string brief = view.title.substr(0, view.title.find(", "));
    const std::string title = brush.choose(FontRole::small, {view.title, brief}, rest.w);
    // A title of which less than two thirds are left says nothing.
    if (!title.empty() && (!title.ends_with("…") || 3 * letters(title) >= 2 * letters(brief)))
        brush.text(rest, title, {FontRole::small, {Ink::muted, 1}});
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
    if (at.h < kBorderHeight - 2) words = {};
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

constexpr int kMostQueueLines = 2, kMostStripQueueLines = 3;
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
};

void draw_end(LaneView& view, int side, const End& end, const Shares& shares) {
    const std::vector<Place>& places = view.plan.sides[side];
    const std::size_t count = std::min(places.size(), kMostPrograms);
    std::string words = "system calls";
    if (places.size() > count)
        words += " · " + counted(places.size() - count, "more program", "more programs") + " not shown";
    draw_border(view, end.border, shares.beside, words);
    if (places.empty()) {
        draw_empty(view, end.cards, "no program runs on this host");
        draw_empty(view, end.sockets, "no socket");
    }
    for (std::size_t i = 0; i < count; ++i) {
        draw_sockets(view, places[i], side, part(end.sockets, i, count));
        draw_card(view, places[i], part(end.cards, i, count), count == 1 ? shares.tape[side] : TapeStyle{});
    }
}

void draw_middle(LaneView& view, Rect at, Rect sockets) {
    if (view.plan.local) {
        draw_meeting_place(view, at);
    } else {
        draw_wire(view, at, sockets);
    }
}

void take_shares(Grid& grid, const Shares& shares) {
    grid.caption = shares.caption;
    grid.queue_cell = shares.queue_cell;
    grid.queue_numbers = shares.queue_numbers;
    std::copy(shares.queue_lines, shares.queue_lines + 2, grid.queue_lines);
}

Rect column_inner(Rect lane) {
    return {lane.x + kPadding, lane.y + kColumnTop, lane.w - 2 * kPadding,
            lane.h - kColumnTop - kColumnBottom};
}

void draw_column(LaneView& view, Rect at, const Needs& needs) {
    draw_title(view, {at.x + kPadding, at.y + 5, at.w - 2 * kPadding, 26});
    const Rect inner = column_inner(at);
    const Shares shares = share_column(view.grid, needs, inner.h);
    take_shares(view.grid, shares);
    const float sockets[] = {sockets_height(view.grid, 0), sockets_height(view.grid, 1)};
    End ends[2];
    float y = inner.y;
    const auto row = [&](float height) {
        const Rect r{inner.x, y, inner.w, height};
        y += height;
        return r;
    };
    const float others = sockets[0] + sockets[1] + 2 * shares.border + shares.card(0) + shares.card(1);
    ends[0].cards = row(shares.card(0));
    ends[0].border = row(shares.border);
    ends[0].sockets = row(sockets[0]);
    const Rect wire = row(std::max(40.0f, inner.h - others));
    ends[1].sockets = row(sockets[1]);
    ends[1].border = row(shares.border);
    ends[1].cards = row(shares.card(1));
    draw_middle(view, wire, ends[0].sockets);
    draw_end(view, 0, ends[0], shares);
    draw_end(view, 1, ends[1], shares);
}

Rect strip_inner(Rect lane) {
    return {lane.x + kPadding + 4, lane.y + 6, lane.w - 2 * kPadding - 4, lane.h - 12};
}

// Card above socket, both beside the wire; where a strip is too low for that, card, socket and wire side by side.
void draw_strip(LaneView& view, Rect at, const Needs& needs) {
    const Rect inner = strip_inner(at);
    const Shares shares = share_strip(view.grid, needs, inner.h);
    take_shares(view.grid, shares);
    const float sockets = sockets_height(view.grid, 0);
    const StripWidths widths = strip_widths(view.grid, shares.beside, inner.w);
    const float card = shares.beside ? inner.h : std::max(shares.card(0), shares.card(1));
    // What a high strip leaves over is above and below.
    const float top = shares.beside ? inner.y : inner.y + (inner.h - card - shares.border - sockets) / 2;

    End ends[2];
    for (int side = 0; side < 2; ++side) {
        // Distances from the lane's outer edge, mirrored for the server.
        const auto from_edge = [&](float offset, float y, float width, float height) {
            return Rect{side == 0 ? inner.x + offset : inner.right() - offset - width, y, width, height};
        };
        const float width = widths.card[side];
        ends[side].cards = from_edge(0, top, width, card);
        if (shares.beside) {
            ends[side].border = from_edge(width, top, shares.border, card);
            ends[side].sockets = from_edge(width + shares.border, top, widths.socket, card);
        } else {
            ends[side].border = from_edge(0, top + card, width, shares.border);
            ends[side].sockets = from_edge(0, top + card + shares.border, width, sockets);
        }
    }
    const float left = ends[0].sockets.right(), right = ends[1].sockets.x;
    constexpr float kLow = 136;  // no room for words on the track: the title says how long the wire takes
    if (inner.h < kLow && view.plan.local) {
        view.title = "no wire";
    } else if (inner.h < kLow && view.story.trace().link.delay_ns > 0) {
        view.title = wire_delay(view) + ", one way";  // the second half goes where there is no room
    }
    // In a high strip the wire keeps near the sockets, and the title near the wire.
    constexpr float kAboveSockets = 150;
    const float wire_top = std::max(inner.y + 26, ends[0].sockets.y - kAboveSockets);
    const float wire_bottom =
        shares.beside ? inner.bottom() : std::min(inner.bottom(), ends[0].sockets.bottom() + 8);
    const float title = std::clamp(wire_top - 40, inner.y, std::max(inner.y, top));
    const float aside = shares.beside ? 8.0f : 14.0f;
    draw_title(view, {left + aside, title, right - left - 2 * aside, 24});
    draw_middle(view, {left, wire_top, right - left, wire_bottom - wire_top}, ends[0].sockets);
    draw_end(view, 0, ends[0], shares);
    draw_end(view, 1, ends[1], shares);
}

// First the lines in which cells are comfortable, then fewer, in which they are not too narrow.
template <class Lines>
unsigned all_needs(int most, const Lines& lines_for) {
    unsigned needs = 0;
    while (most > 0) {
        const int lines = lines_for(most);
        needs |= 1U << lines;
        most = lines - 1;
    }
    return needs;
}

// How many lines the rows of this lane's cards need.
void add_needs(const LaneView& view, Rect lane, Needs& needs) {
    if (view.plan.refused) return;
    StripWidths widths{};
    if (view.column()) {
        widths.card[0] = widths.card[1] = widths.socket = column_inner(lane).w;
    } else {
        const Rect inner = strip_inner(lane);
        widths = strip_widths(view.grid, share_strip(view.grid, {}, inner.h).beside, inner.w);
    }
    const int most_queue = view.column() ? kMostQueueLines : kMostStripQueueLines;
    for (const int side : {0, 1}) {
        if (view.plan.sides[side].size() != 1) continue;
        const bool reads = side == view.grid.reader_side || view.grid.given_back;
        const Place& place = view.plan.sides[side].front();
        const Tape rows = reads ? Tape::both : Tape::sent;
        needs.lines[side] |= all_needs(kMostLines, [&](int most) {
            return tape_lines(view, place, rows, tape_width(widths.card[side]), most);
        });
        needs.queue[side] |=
            all_needs(most_queue, [&](int most) { return queue_lines(view, place, widths.socket, most); });
        needs.card_cell = std::min(needs.card_cell,
                                   tape_cell(view, place, rows, tape_width(widths.card[side]), kLargestCell));
        needs.queue_cell = std::min(needs.queue_cell, queue_cell(view, place, widths.socket, kLargestCell));
    }
}

void draw_lane(LaneView& view, Rect at, const Needs& needs) {
    draw_frame(view, at);
    if (view.plan.refused) {
        draw_title(view, {at.x + kPadding + 2, at.y + 8, at.w - 2 * kPadding, 26});
        draw_refusal(view, {at.x + kPadding, at.y + 38, at.w - 2 * kPadding, at.h - 50});
    } else if (view.column()) {
        draw_column(view, at, needs);
    } else {
        draw_strip(view, at, needs);
    }
}

}  // namespace

Direction direction_for(const StageInput& input) {
    if (input.direction != Direction::automatic) return input.direction;
    // A single lane in a large window has the height for a column, and as a strip it would leave most of it empty.
    const bool tall = input.lanes.size() == 1 && input.height >= 640 && input.width <= 1.6f * input.height;
    if (input.folded) return tall ? Direction::column : Direction::strip;
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
    std::vector<Clock> clocks;
    std::vector<Brush> brushes;
    std::vector<LaneView> views;
    clocks.reserve(input.lanes.size());
    brushes.reserve(input.lanes.size());
    Needs needs;
    for (std::size_t i = 0; i < input.lanes.size(); ++i) {
        const LaneInput& lane = input.lanes[i];
        const TimeNs start = lane.story->begin_ns();
        clocks.emplace_back(input.story_time, start, start + input.t, lane.story->end_ns() - start,
                            input.still);
        brushes.emplace_back(scene, input, static_cast<std::uint8_t>(i));
        std::string title = lane.title;
        if (title.empty() || title == badge_words(*lane.story))
            title = model::row(lane.story->trace().kind).in_words;
        views.push_back(
            {*lane.story, *plans[i], clocks[i], brushes[i], lane.accent, direction, std::move(title), grid});
        add_needs(views.back(), scene.lanes[i], needs);
    }
    for (std::size_t i = 0; i < views.size(); ++i) draw_lane(views[i], scene.lanes[i], needs);
    return scene;
}

}  // namespace socketscope::stage

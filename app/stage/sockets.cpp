// The kernel's side of a program: its socket with state and queues; its other sockets as chips.
#include <algorithm>

#include "app/stage/cells.hpp"
#include "app/stage/pack.hpp"
#include "app/stage/queue.hpp"

namespace socketscope::stage {

using model::RefKind;
using style::FontRole;
using style::Ink;

namespace {

constexpr float kSide = 9, kPad = 6, kHeader = 18, kGap = 0;
constexpr float kBetween = 12;  // two queues side by side

std::string state_words(const LaneView& view, std::uint32_t socket) {
    const story::StateChange* state = view.story.state_at(socket, view.now());
    return state ? state->state : std::string{};
}

// Right to left: the program's other sockets, in words where `kept` pixels are left. Returns the room that is left.
Rect draw_chips(LaneView& view, const Place& place, std::uint32_t main, Rect room, float kept) {
    Brush& brush = view.brush;
    for (const std::uint32_t s : place.sockets) {
        const story::Socket& socket = view.story.sockets()[s];
        if (s == main || !view.story.open_at(s, view.now()) || socket.fd < 0) continue;
        const std::string fd = "fd " + std::to_string(socket.fd);
        const std::string words = brush.choose(FontRole::caps, {fd + " " + state_words(view, s), fd},
                                               std::min(room.w * 0.5f, room.w - kept - 17));
        const float width = brush.width(FontRole::caps, words) + 12;
        if (!words.starts_with(fd) || width > room.w * 0.55f) break;
        Box chip;
        chip.at = {room.right() - width, room.y + 1, width, room.h - 2};
        chip.round = 5;
        chip.border = {Ink::line, 1};
        chip.fill = {Ink::card_raised, 0.8f};
        brush.box(chip);
        brush.text(chip.at.inset(3, 0), words, {FontRole::caps, {Ink::muted, 1}, Ink::count, Align::centre});
        const model::Ref ref = brush.ref(RefKind::socket, s);
        brush.hit(chip.at, ref, "socket", s);
        brush.glow(chip.at, chip.round, ref);
        room.w -= width + 5;
    }
    return room;
}

void draw_nothing(LaneView& view, const Place& place, Rect at) {
    Box empty;
    empty.at = at;
    empty.round = 7;
    empty.border = {Ink::line, 0.9f};
    empty.dash = 4;
    view.brush.box(empty);
    view.brush.text(at.inset(8, 4), place.sockets.empty() ? "no socket" : "no socket yet",
                    {FontRole::small, {Ink::faint, 1}, Ink::count, Align::centre});
}

bool is_closed(const LaneView& view, std::uint32_t socket) {
    const TimeNs closed_ns = view.story.sockets()[socket].closed_ns;
    return closed_ns != model::kNever && closed_ns <= view.now();
}

void draw_socket_box(LaneView& view, std::uint32_t socket, Rect at) {
    Box box;
    box.at = at;
    box.round = 8;
    box.fill = {Ink::card, 1};
    box.border = {Ink::line, 1};
    if (is_closed(view, socket)) box.dash = 4;
    view.brush.box(box);
    const model::Ref ref = view.brush.ref(RefKind::socket, socket);
    view.brush.hit(at, ref, "socket", socket);
    view.brush.glow(at, box.round, ref);
}

// What a program calls the socket, if it can already.
std::string fd_words(const LaneView& view, std::uint32_t index, float room) {
    const story::Socket& socket = view.story.sockets()[index];
    if (socket.fd >= 0 && socket.opened_ns != model::kNever && socket.opened_ns <= view.now())
        return "fd " + std::to_string(socket.fd);
    return view.brush.choose(FontRole::small, {"not accepted yet", "no fd yet", "no fd"}, room);
}

// Descriptor, state, and the program's other sockets. Returns the room that is left between them.
Rect draw_socket_header(LaneView& view, const Place& place, std::uint32_t main, Rect header) {
    Brush& brush = view.brush;
    std::string state = state_words(view, main);
    const float state_width = brush.width(FontRole::caps, state);
    header = draw_chips(view, place, main, header, brush.width(FontRole::small, "fd 99") + 15 + state_width);
    const std::string fd = fd_words(view, main, header.w * 0.45f);
    const float named_width = brush.width(FontRole::small, fd) + 7;
    if (named_width + state_width <= header.w || state_width > header.w) {  // else the state says more
        brush.text(header, fd, {FontRole::small, {Ink::text, 1}});
        header = {header.x + named_width, header.y, header.w - named_width, header.h};
    }
    state = brush.fit(FontRole::caps, state, header.w);
    if (state.empty()) return header;
    const Rect said = brush.text(header, state, {FontRole::caps, {lane_ink(view.accent), 1}});
    return {said.right() + 8, header.y, header.right() - said.right() - 8, header.h};
}

void draw_summary(Brush& brush, Rect room, const Summary& summary, Align align) {
    brush.text(room, brush.choose(FontRole::small, {summary.words, summary.brief, ""}, room.w),
               {FontRole::small, {summary.ink, 1}, Ink::count, align});
}

void draw_backlog(LaneView& view, std::uint32_t listener, Rect at) {
    const std::size_t waiting = view.story.backlog_at(listener, view.now()).size();
    const std::string waits =
        waiting == 0 ? "no connection waits" : counted(waiting, "connection waits", "connections wait");
    const std::string words = view.brush.choose(
        FontRole::small, {waits + " for accept()", waits, grouped(waiting) + " waiting"}, at.w);
    view.brush.text(at, words, {FontRole::small, {Ink::muted, 1}, Ink::count, Align::centre});
}

// Side by side, each below its caption.
void draw_both_queues(LaneView& view, std::uint32_t socket, Rect rows) {
    const float half = (rows.w - kBetween) / 2, caption = view.grid.caption;
    for (const bool sending : {true, false}) {
        const story::Queue queue = queue_now(view, socket, sending);
        const Rect at{sending ? rows.x : rows.x + half + kBetween, rows.y, half, rows.h};
        draw_summary(view.brush, {at.x, at.y - 3 + (caption - 13) / 2, at.w, 16},
                     summary_of(view, queue, sending), Align::left);
        draw_queue(view, {at.x, at.y + caption, at.w, at.h - caption}, 1, socket, queue, sending);
    }
}

// Its caption stands in what the header has left.
void draw_one_queue(LaneView& view, std::uint32_t socket, Rect header, Rect rows, int lines) {
    const bool sending = view.plan.sockets[socket].sends;
    const story::Queue queue = queue_now(view, socket, sending);
    if (!is_closed(view, socket) || !queue.items.empty())
        draw_summary(view.brush, header, summary_of(view, queue, sending), Align::right);
    draw_queue(view, rows, lines, socket, queue, sending);
}

}  // namespace

bool sends_and_receives(const LanePlan::Impl& plan) {
    return std::any_of(plan.sockets.begin(), plan.sockets.end(),
                       [](const SocketFacts& facts) { return facts.sends && facts.receives; });
}

float sockets_height(const Grid& grid, int side) {
    RowStyle queue;
    queue.wrapping = grid.sealed ? Wrapping::sealed : Wrapping::none;
    queue.numbers = grid.queue_numbers;
    queue.cell_height = grid.queue_cell;
    return 2 * kPad + kHeader + kGap + (grid.queue_numbers ? kStrip : 2.5f) + grid.queue_cell +
           (grid.sealed ? 4.0f : 0.0f) + (grid.both_ways ? grid.caption : 0) +
           static_cast<float>(grid.queue_lines[side] - 1) * line_height(queue);
}

int queue_lines(const LaneView& view, const Place& place, float width, int most) {
    int lines = 0;
    for (const std::uint32_t s : place.sockets) {
        const SocketFacts& facts = view.plan.sockets[s];
        if (facts.sends == facts.receives) continue;
        const std::uint64_t fullest = facts.sends ? facts.most_sending : facts.most_receiving;
        if (fullest == 0) continue;
        lines = std::max(lines,
                         lining_of_queue(view, place.endpoint, facts.sends, width - 2 * kSide, most).lines);
    }
    return lines;
}

float queue_cell(const LaneView& view, const Place& place, float width, float widest) {
    float cell = widest;
    const EndpointFacts& endpoint = view.plan.endpoints[place.endpoint];
    for (const std::uint32_t s : place.sockets) {
        const SocketFacts& facts = view.plan.sockets[s];
        const bool both = facts.sends && facts.receives;
        const float room = both ? (width - 2 * kSide - kBetween) / 2 : width - 2 * kSide;
        const auto fit = [&](std::uint64_t fullest, std::uint64_t at_most, std::size_t messages) {
            const std::uint64_t bytes = fullest > 0 ? fullest : at_most;
            const Wrapping wrapping = view.plan.stream ? Wrapping::none : Wrapping::sealed;
            const float cells = room - gap_of(wrapping) * static_cast<float>(messages);
            if (bytes > 0) cell = std::clamp(cells / static_cast<float>(bytes), 0.0f, cell);
        };
        if (facts.sends) fit(facts.most_sending, facts.sent_bytes, facts.sent_messages);
        if (facts.receives) fit(facts.most_receiving, endpoint.meant_bytes, endpoint.meant.size());
    }
    return cell;
}

std::uint32_t main_socket(const LaneView& view, const Place& place) {
    std::uint32_t best = story::kNone;
    int best_rank = -1;
    for (const std::uint32_t s : place.sockets) {
        const story::Socket& socket = view.story.sockets()[s];
        if (socket.exists_ns > view.now()) continue;
        const SocketFacts& facts = view.plan.sockets[s];
        const bool closed = socket.closed_ns != model::kNever && socket.closed_ns <= view.now();
        const int rank =
            (closed ? 0 : 8) + (facts.sends || facts.receives ? 4 : 0) + (socket.listening ? 0 : 2);
        if (rank > best_rank) {
            best = s;
            best_rank = rank;
        }
    }
    return best;
}

void draw_sockets(LaneView& view, const Place& place, int side, Rect at) {
    Brush& brush = view.brush;
    const std::uint32_t main = main_socket(view, place);
    if (main == story::kNone) {
        draw_nothing(view, place, at);
        return;
    }
    const story::Socket& socket = view.story.sockets()[main];
    const float whole = brush.alpha;
    brush.alpha *= view.clock.appearing(socket.exists_ns);
    draw_socket_box(view, main, at);
    const Rect inner = at.inset(kSide, kPad);
    const Rect header = draw_socket_header(view, place, main, {inner.x, inner.y, inner.w, kHeader});
    const float below = kHeader + kGap;
    const Rect rows{inner.x, inner.y + below, inner.w, inner.h - below};
    const SocketFacts& facts = view.plan.sockets[main];
    if (socket.listening) {
        draw_backlog(view, main, rows);
    } else if (facts.sends && facts.receives) {
        draw_both_queues(view, main, rows);
    } else {
        draw_one_queue(view, main, header, rows, view.grid.queue_lines[side]);
    }
    brush.alpha = whole;
}

}  // namespace socketscope::stage

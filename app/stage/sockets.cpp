// The kernel's side of a program: its socket with state and queues; its other sockets as chips.
#include <algorithm>
#include <limits>

#include "app/stage/cells.hpp"
#include "app/stage/lines.hpp"
#include "app/stage/pack.hpp"
#include "app/stage/view.hpp"

namespace socketscope::stage {

using model::RefKind;
using story::CellState;
using style::FontRole;
using style::Ink;

namespace {

constexpr float kSide = 9, kPad = 6, kHeader = 18, kGap = 0, kCaption = 13;

CellLook look_of(CellState state) {
    switch (state) {
        case CellState::unsent:
            return CellLook::unsent;
        case CellState::sent:
            return CellLook::sent;
        case CellState::sent_again:
            return CellLook::sent_again;
        case CellState::ready:
            return CellLook::ready;
        case CellState::held:
            return CellLook::held;
        case CellState::hole:
            return CellLook::hole;
    }
    return CellLook::ready;
}

RowStyle queue_style(const LaneView& view, const story::Queue& queue, bool sending) {
    RowStyle style;
    style.wrapping = queue.stream ? Wrapping::none : Wrapping::sealed;
    style.cell_height = view.grid.queue_cell;
    style.numbers = view.grid.queue_numbers;
    style.name = sending ? "sendq" : "recvq";
    return style;
}

TimeNs arrival(const LaneView& view, const story::QueueItem& item) {
    const bool received = item.state == CellState::ready || item.state == CellState::held;
    if (received && item.packet != story::kNone) return std::min(view.plan.end_of(item.packet), view.now());
    if (item.piece.message != story::kNone) return view.story.handed_ns(item.piece.message);
    return std::numeric_limits<TimeNs>::min() / 2;
}

std::vector<Run> runs_of(LaneView& view, const story::Queue& queue, RowStyle& style) {
    constexpr std::size_t kMost = 48;
    std::vector<Run> runs;
    for (std::size_t i = 0; i < queue.items.size(); ++i) {
        const story::QueueItem& item = queue.items[i];
        if (runs.size() >= kMost) {
            style.omitted_bytes += item.piece.size;
            continue;
        }
        const CellLook look = look_of(item.state);
        // Neighbours of one message that look alike are one run; records stay apart.
        if (queue.stream && !runs.empty() && runs.back().look == look && item.piece.message != story::kNone &&
            runs.back().piece.message == item.piece.message &&
            runs.back().piece.offset + runs.back().piece.size == item.piece.offset) {
            story::Piece joined = runs.back().piece;
            joined.size += item.piece.size;
            const float alpha = runs.back().alpha;
            runs.back() = run_of(view.story, view.brush, joined, look);
            runs.back().alpha = alpha;
            continue;
        }
        Run run = run_of(view.story, view.brush, item.piece, look);
        if (item.piece.message == story::kNone) {
            run.ref = item.cause;
            run.ref.lane = view.brush.lane();
            if (look != CellLook::hole) {
                run.look = CellLook::header;
                run.word = grouped(item.piece.size) + " B";
            }
        }
        if (item.piece.size == 0) run.word = "0 B";
        run.envelope = static_cast<std::uint32_t>(i);
        run.alpha = view.clock.appearing(arrival(view, item));
        runs.push_back(std::move(run));
    }
    return runs;
}

// Records of several pieces (a header and a payload) would stand apart otherwise: pieces of one packet share an envelope.
void join_records(const story::Queue& queue, std::vector<Run>& runs) {
    if (queue.stream) return;
    for (std::size_t i = 1; i < runs.size() && i < queue.items.size(); ++i) {
        if (queue.items[i].packet != story::kNone && queue.items[i].packet == queue.items[i - 1].packet) {
            runs[i].envelope = runs[i - 1].envelope;
        }
    }
}

struct Summary {
    std::string words, brief;
    Ink ink{Ink::muted};
};

// A buffer that holds more than the program was told has grown since (tcp_wmem, tcp_rmem in tcp(7)).
bool capacity_known(const story::Queue& queue) {
    return queue.capacity > 0 && queue.bytes <= queue.capacity;
}

Summary summary_of(const LaneView& view, const story::Queue& queue, bool sending) {
    const std::string of = capacity_known(queue) ? " of " + grouped(queue.capacity) : "";
    const std::string bytes = grouped(queue.bytes);
    if (sending) {
        if (queue.bytes == 0) {
            if (view.plan.stream && !view.plan.local) return {"send queue empty", "empty", Ink::muted};
            return {"copied out at once, nothing kept", "nothing kept", Ink::muted};
        }
        const auto unsent =
            std::any_of(queue.items.begin(), queue.items.end(),
                        [](const story::QueueItem& i) { return i.state == CellState::unsent; });
        return {"send queue " + bytes + of + " B, " + (unsent ? "not all sent" : "kept until ACKed"),
                bytes + " B kept", Ink::muted};
    }
    if (queue.bytes == 0 && queue.items.empty()) return {"receive queue empty", "empty", Ink::muted};
    if (queue.held_bytes > 0) {
        return {grouped(queue.held_bytes) + " B held back by a hole", grouped(queue.held_bytes) + " B held",
                Ink::loss};
    }
    if (queue.stream) return {"receive queue " + bytes + of + " B ready", bytes + " B ready", Ink::good};
    std::size_t records = 0;
    for (std::size_t i = 0; i < queue.items.size(); ++i) {
        const std::uint32_t packet = queue.items[i].packet;
        if (i == 0 || packet == story::kNone || packet != queue.items[i - 1].packet) ++records;
    }
    const bool udp = view.story.trace().kind.type != model::SocketType::seqpacket;
    const std::string count = counted(records, udp ? "datagram" : "record", udp ? "datagrams" : "records");
    return {count + " ready", std::to_string(records) + " ready", Ink::good};
}

void draw_meter(Brush& brush, Rect at, const story::Queue& queue) {
    if (!capacity_known(queue)) return;
    Box back;
    back.at = at;
    back.round = 1;
    back.fill = {Ink::line, 0.6f};
    brush.box(back);
    const double part = std::min(1.0, static_cast<double>(queue.bytes) / static_cast<double>(queue.capacity));
    back.at.w = std::max(queue.bytes > 0 ? 2.0f : 0.0f, static_cast<float>(part) * at.w);
    back.fill = {part > 0.9 ? Ink::loss : Ink::good, 0.9f};
    brush.box(back);
}

// What left the queue within the last fade: the rest slides into its place.
void slide(const LaneView& view, std::uint32_t socket, bool sending, RowStyle& style) {
    const SocketFacts& facts = view.plan.sockets[socket];
    if (sending) {
        const auto end = std::upper_bound(facts.acked.begin(), facts.acked.end(), view.now(),
                                          [](TimeNs t, const Removal& r) { return t < r.at_ns; });
        for (auto r = end; r != facts.acked.begin();) {
            --r;
            const float left = view.clock.leaving(r->at_ns);
            if (left <= 0) break;
            const std::uint64_t before = r == facts.acked.begin() ? 0 : (r - 1)->total;
            style.slide += left * static_cast<float>(r->total - before);
        }
        return;
    }
    const auto all = view.story.receives();
    const auto& mine = view.plan.endpoints[view.story.sockets()[socket].endpoint].receives;
    const auto end = std::upper_bound(mine.begin(), mine.end(), view.now(),
                                      [&](TimeNs t, std::uint32_t r) { return t < view.story.given_ns(r); });
    for (auto r = end; r != mine.begin();) {
        const story::Receive& receive = all[*--r];
        const float left = view.clock.leaving(view.story.given_ns(*r));
        if (left <= 0) break;
        if (receive.socket != socket || receive.peeked) continue;
        for (const story::Piece& piece : view.story.pieces(receive.pieces))
            style.slide += left * static_cast<float>(piece.size);
        if (!receive.end_of_file) style.slide_wraps += left;
    }
}

// The messages that may ever lie in a queue of this program.
const std::vector<std::uint32_t>& messages_of(const EndpointFacts& facts, bool sending) {
    return sending ? facts.sent : facts.meant;
}

// In at most so many lines; a queue that holds nothing needs one.
Lining lining_of_queue(const LaneView& view, std::uint8_t endpoint, bool sending, float width, int most) {
    const LineRoom room{view.plan.stream ? Wrapping::none : Wrapping::sealed, width,
                        narrowest_cell(view.brush), widest_cell(view.grid.queue_cell)};
    return lining_of(sent_units(view, messages_of(view.plan.endpoints[endpoint], sending)), room, most);
}

void draw_slots(LaneView& view, Rect cells, float step, int lines) {
    Box slot;
    slot.round = 4;
    slot.fill = {Ink::background, 0.45f};
    for (int i = 0; i < lines; ++i) {
        slot.at = {cells.x, cells.y + static_cast<float>(i) * step, cells.w, cells.h};
        view.brush.box(slot);
    }
}

void draw_queue(LaneView& view, Rect at, int lines, std::uint32_t socket, const story::Queue& queue,
                bool sending) {
    RowStyle style = queue_style(view, queue, sending);
    const SocketFacts& facts = view.plan.sockets[socket];
    style.reserve = sending ? facts.most_sending : facts.most_receiving;
    slide(view, socket, sending, style);
    if (lines > 1) {
        style.lines = lines;
        style.cell = lining_of_queue(view, view.story.sockets()[socket].endpoint, sending, at.w, lines).cell;
    }
    const Rect cells{at.x, at.y + cells_top(style), at.w, style.cell_height};
    draw_slots(view, cells, line_height(style), lines);
    std::vector<Run> runs = runs_of(view, queue, style);
    join_records(queue, runs);
    draw_row(view.brush, at, runs, style);
    const float bottom = cells.bottom() + static_cast<float>(lines - 1) * line_height(style);
    draw_meter(view.brush, {at.x, bottom + (queue.stream ? 2.5f : 3.5f), at.w, 1.75f}, queue);
}

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

story::Queue queue_now(const LaneView& view, std::uint32_t socket, bool sending) {
    return sending ? view.story.send_queue_at(socket, view.now())
                   : view.story.receive_queue_at(socket, view.now());
}

// Side by side, each below its caption.
void draw_both_queues(LaneView& view, std::uint32_t socket, Rect rows) {
    constexpr float kBetween = 12;
    const float half = (rows.w - kBetween) / 2;
    for (const bool sending : {true, false}) {
        const story::Queue queue = queue_now(view, socket, sending);
        const Rect at{sending ? rows.x : rows.x + half + kBetween, rows.y, half, rows.h};
        draw_summary(view.brush, {at.x, at.y - 3, at.w, kCaption + 3}, summary_of(view, queue, sending),
                     Align::left);
        draw_queue(view, {at.x, at.y + kCaption, at.w, at.h - kCaption}, 1, socket, queue, sending);
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
           (grid.sealed ? 4.0f : 0.0f) + (grid.both_ways ? kCaption : 0) +
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

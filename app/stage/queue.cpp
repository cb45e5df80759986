#include "app/stage/queue.hpp"

#include <algorithm>
#include <limits>

#include "app/stage/cells.hpp"
#include "app/stage/pack.hpp"

namespace socketscope::stage {

using story::CellState;
using style::Ink;

namespace {

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

// Pieces of one packet share an envelope: a header and its payload would stand apart otherwise.
void join_records(const story::Queue& queue, std::vector<Run>& runs) {
    if (queue.stream) return;
    for (std::size_t i = 1; i < runs.size() && i < queue.items.size(); ++i) {
        if (queue.items[i].packet != story::kNone && queue.items[i].packet == queue.items[i - 1].packet) {
            runs[i].envelope = runs[i - 1].envelope;
        }
    }
}

// A buffer that holds more than the program was told has grown since (tcp_wmem, tcp_rmem in tcp(7)).
bool capacity_known(const story::Queue& queue) {
    return queue.capacity > 0 && queue.bytes <= queue.capacity;
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

void draw_slots(LaneView& view, Rect cells, float step, int lines) {
    Box slot;
    slot.round = 4;
    slot.fill = {Ink::background, 0.45f};
    for (int i = 0; i < lines; ++i) {
        slot.at = {cells.x, cells.y + static_cast<float>(i) * step, cells.w, cells.h};
        view.brush.box(slot);
    }
}

}  // namespace

story::Queue queue_now(const LaneView& view, std::uint32_t socket, bool sending) {
    return sending ? view.story.send_queue_at(socket, view.now())
                   : view.story.receive_queue_at(socket, view.now());
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

Lining lining_of_queue(const LaneView& view, std::uint8_t endpoint, bool sending, float width, int most) {
    const LineRoom room{view.plan.stream ? Wrapping::none : Wrapping::sealed, width,
                        narrowest_cell(view.brush), widest_cell(view.grid.queue_cell)};
    return lining_of(sent_units(view, messages_of(view.plan.endpoints[endpoint], sending)), room, most);
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

}  // namespace socketscope::stage

#include "tests/story/invariants.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "core/model/call.hpp"

namespace socketscope::tests {
namespace {

using model::Ref;
using model::RefKind;
using model::TimeNs;
using story::kNone;
using story::Piece;
using story::Story;

std::string piece_text(const Piece& piece) {
    return "piece #" + std::to_string(piece.message) + " [" + std::to_string(piece.offset) + " +" +
           std::to_string(piece.size) + ")";
}

std::string bad_piece(const Story& story, const Piece& piece) {
    if (piece.message == kNone) return {};
    if (piece.message >= story.messages().size()) return piece_text(piece) + " of no message";
    const std::uint64_t size = story.messages()[piece.message].size;
    if (piece.offset > size || piece.size > size - piece.offset)
        return piece_text(piece) + " leaves its message";
    return {};
}

// Every byte that a receive was given is accounted for; its bytes are those that were sent.
std::string check_receives(const Story& story, Strictness strictness) {
    for (std::size_t r = 0; r < story.receives().size(); ++r) {
        const story::Receive& receive = story.receives()[r];
        const model::CallRecord& call = story.trace().calls[receive.call];
        const std::string_view given = story.trace().bytes(call.data);
        std::size_t at = 0;
        for (const Piece& piece : story.pieces(receive.pieces)) {
            if (std::string bad = bad_piece(story, piece); !bad.empty())
                return "receive " + std::to_string(r) + ": " + bad;
            if (strictness.bytes && piece.message != kNone && at < given.size()) {
                const auto& sent = story.trace().calls[story.messages()[piece.message].call];
                const std::string_view bytes = story.trace().bytes(sent.data).substr(
                    std::min<std::size_t>(piece.offset, sent.data.size), piece.size);
                const std::size_t size = std::min(bytes.size(), given.size() - at);
                if (given.substr(at, size) != bytes.substr(0, size))
                    return "receive " + std::to_string(r) + " at " + std::to_string(at) +
                           ": not the bytes of " + piece_text(piece);
            }
            at += piece.size;
        }
        const bool discarded = receive.cut_bytes > 0 && given.empty();
        if (strictness.bytes && !discarded && at != given.size())
            return "receive " + std::to_string(r) + ": " + std::to_string(at) + " bytes accounted for, " +
                   std::to_string(given.size()) + " given";
    }
    return {};
}

std::string check_packets(const Story& story) {
    for (std::size_t p = 0; p < story.packets().size(); ++p) {
        const story::Packet& packet = story.packets()[p];
        for (const Piece& piece : story.pieces(packet.pieces))
            if (std::string bad = bad_piece(story, piece); !bad.empty())
                return "packet " + std::to_string(p) + ": " + bad;
        if (packet.first_copy != kNone && packet.first_copy >= story.packets().size())
            return "packet " + std::to_string(p) + ": its first copy does not exist";
        if (packet.first_copy == p) return "packet " + std::to_string(p) + " repeats itself";
        if (packet.stream_end() < packet.stream_begin)
            return "packet " + std::to_string(p) + ": ends before it begins";
        for (const std::uint32_t socket : {packet.socket, packet.to_socket})
            if (socket != kNone && socket >= story.sockets().size())
                return "packet " + std::to_string(p) + ": no such socket";
    }
    return {};
}

// No byte stands twice in a queue, and the sums are right.
std::string check_queue(const story::Queue& queue, const Story& story) {
    std::map<std::uint32_t, std::vector<std::pair<std::uint64_t, std::uint64_t>>> seen;
    std::uint64_t bytes = 0, held = 0;
    for (const story::QueueItem& item : queue.items) {
        if (std::string bad = bad_piece(story, item.piece); !bad.empty()) return bad;
        if (item.state != story::CellState::hole) bytes += item.piece.size;
        if (item.state == story::CellState::held) held += item.piece.size;
        if (queue.stream && item.piece.message != kNone)
            seen[item.piece.message].push_back(
                {item.piece.offset, std::uint64_t{item.piece.offset} + item.piece.size});
    }
    for (auto& [message, ranges] : seen) {
        std::sort(ranges.begin(), ranges.end());
        for (std::size_t i = 1; i < ranges.size(); ++i)
            if (ranges[i].first < ranges[i - 1].second)
                return "bytes of message " + std::to_string(message) + " stand twice in a queue";
    }
    if (bytes != queue.bytes || held != queue.held_bytes) return "the sums of a queue are wrong";
    return {};
}

std::vector<TimeNs> moments(const Story& story) {
    std::vector<TimeNs> times{story.begin_ns() - 1, story.begin_ns(), story.end_ns(),
                              story.end_ns() + 1'000'000};
    const std::size_t step = std::max<std::size_t>(1, story.events().size() / 200);
    for (std::size_t i = 0; i < story.events().size(); i += step) {
        const TimeNs t = story.events()[i].at_ns;
        times.insert(times.end(), {t - 1, t, t + 1});
    }
    std::mt19937 random(7);  // in any order: nothing depends on what was asked before
    std::shuffle(times.begin(), times.end(), random);
    return times;
}

// A byte that was sent on a stream is, at any time, in exactly one of: not handed over, queues and wire, read.
std::string check_stream_bytes(const Story& story, std::uint32_t s, TimeNs t) {
    const story::Socket& socket = story.sockets()[s];
    if (socket.peer == kNone) return {};
    const story::Queue in = story.receive_queue_at(socket.peer, t);
    if (!in.stream) return {};
    std::uint64_t handed = 0, read = 0;
    for (const story::Message& message : story.messages())
        if (message.socket == s && story.trace().calls[message.call].enter_ns <= t) handed += message.size;
    for (const story::Receive& receive : story.receives())
        if (receive.socket == socket.peer && story.trace().calls[receive.call].exit_ns <= t &&
            !receive.peeked && !receive.end_of_file)
            read += static_cast<std::uint64_t>(story.trace().calls[receive.call].result);
    if (read + in.bytes > handed)
        return "socket " + std::to_string(s) + ": " + std::to_string(read) + " read and " +
               std::to_string(in.bytes) + " waiting, but only " + std::to_string(handed) + " handed over";
    return {};
}

std::string check_moment(const Story& story, TimeNs t, Strictness strictness) {
    for (std::uint32_t s = 0; s < story.sockets().size(); ++s) {
        for (const story::Queue& queue : {story.send_queue_at(s, t), story.receive_queue_at(s, t)})
            if (std::string bad = check_queue(queue, story); !bad.empty()) return bad;
        (void)story.state_at(s, t);
        (void)story.open_at(s, t);
        (void)story.backlog_at(s, t);
        if (strictness.bytes)
            if (std::string bad = check_stream_bytes(story, s, t); !bad.empty()) return bad;
    }
    for (const story::InFlight& flying : story.in_flight_at(t)) {
        const model::PacketRecord& record = story.trace().packets[flying.packet];
        if (record.sent_ns > t || (record.delivered_ns != model::kNever && record.delivered_ns <= t) ||
            flying.way < 0 || flying.way > 1)
            return "packet " + std::to_string(flying.packet) + " is not in flight";
    }
    for (std::size_t e = 0; e < story.trace().endpoints.size(); ++e)
        (void)story.program_at(static_cast<std::uint8_t>(e), t);
    return {};
}

std::string check_texts(const Story& story) {
    const auto& events = story.events();
    const std::size_t step = std::max<std::size_t>(1, events.size() / 500);
    for (std::size_t i = 0; i < events.size(); i += step) {
        if (i > 0 && events[i].at_ns < events[i - 1].at_ns) return "events are not in order";
        (void)story.describe(events[i]);
        (void)story.why(story.ref(events[i]));
        for (const Ref& ref : story.related(story.ref(events[i])))
            if (ref.kind == RefKind::none) return "an event is related to nothing";
    }
    for (std::uint32_t s = 0; s < story.sockets().size(); ++s) {
        (void)story.why({RefKind::socket, 0, s, 0});
        (void)story.related({RefKind::socket, 0, s, 0});
        for (std::size_t i = 1; i < story.sockets()[s].states.size(); ++i)
            if (story.sockets()[s].states[i].at_ns < story.sockets()[s].states[i - 1].at_ns)
                return "states are not in order";
    }
    for (const story::Loss& loss : story.losses()) {
        if (loss.why.empty()) return "a loss without a reason";
        if (std::string bad = bad_piece(story, loss.piece); !bad.empty()) return "loss: " + bad;
    }
    return {};
}

}  // namespace

std::string broken_invariant(const Story& story, Strictness strictness) {
    if (std::string bad = check_receives(story, strictness); !bad.empty()) return bad;
    if (std::string bad = check_packets(story); !bad.empty()) return bad;
    if (std::string bad = check_texts(story); !bad.empty()) return bad;
    for (const TimeNs t : moments(story))
        if (std::string bad = check_moment(story, t, strictness); !bad.empty()) return bad;
    return {};
}

std::string states(const story::Story& story, std::uint32_t socket) {
    std::string text;
    for (const auto& state : story.sockets()[socket].states) text += (text.empty() ? "" : " ") + state.state;
    return text;
}

std::string given(const Story& story, std::size_t receive) {
    if (receive >= story.receives().size()) return "no such receive call";
    std::string text;
    for (const Piece& piece : story.pieces(story.receives()[receive].pieces)) {
        if (!text.empty()) text += " ";
        if (piece.message == kNone)
            text += "?[" + std::to_string(piece.size) + "]";
        else
            text += "#" + std::to_string(piece.message + 1) + "[" + std::to_string(piece.offset) + "+" +
                    std::to_string(piece.size) + "]";
    }
    return text;
}

}  // namespace socketscope::tests

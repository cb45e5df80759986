#include "app/panels/reasons.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/panels/facts.hpp"

namespace socketscope::panels {
namespace {

using model::Call;
using model::SocketType;
using story::PacketRole;
using story::Story;

struct StateReason {
    std::string_view state, why;
};
constexpr std::array kStates{
    StateReason{"LISTEN",
                "A listening socket never carries data. It only makes new sockets, one a connection "
                "(listen(2), RFC 9293 §3.3.2)."},
    StateReason{"SYN_SENT", "connect() has sent a SYN and waits until the peer agrees (RFC 9293 §3.5)."},
    StateReason{"SYN_RCVD",
                "The kernel has answered a SYN by itself; accept() is not needed for the handshake "
                "(listen(2), RFC 9293 §3.5)."},
    StateReason{
        "ESTABLISHED",
        "Both ends know each other's first sequence number: bytes may go both ways (RFC 9293 §3.3.2)."},
    StateReason{"FIN_WAIT_1",
                "This end has said that it sends nothing more and waits for the word that this arrived (RFC "
                "9293 §3.6)."},
    StateReason{"FIN_WAIT_2", "The peer knows that nothing more comes, and may still send (RFC 9293 §3.6)."},
    StateReason{"CLOSE_WAIT",
                "The peer sends nothing more. The connection waits for this program to close its end (RFC "
                "9293 §3.6)."},
    StateReason{"LAST_ACK",
                "This end has closed too and waits for the last acknowledgement (RFC 9293 §3.6)."},
    StateReason{"CLOSING", "Both ends closed at the same time (RFC 9293 §3.6)."},
    StateReason{"TIME_WAIT",
                "Who closes first keeps the connection a while, so that stray packets of it can't be taken "
                "for those of a new one (RFC 9293 §3.6.1)."},
    StateReason{"bound",
                "The kernel puts what comes for that address into this socket's receive queue (bind(2))."},
    StateReason{"connected",
                "A peer is fixed: send() needs no address, and only that peer is heard (connect(2))."},
};

bool is_stream(model::Kind kind) {
    return kind.type == SocketType::stream;
}

std::string_view why_send(model::Kind kind) {
    if (is_stream(kind))
        return "send() copies the bytes into the kernel's send queue and returns. It does not wait until the "
               "peer has them, and it marks no boundary (send(2), tcp(7)).";
    if (kind.domain == model::Domain::local)
        return "On a UNIX socket the message goes straight into the peer's receive queue. Is that full, the "
               "sender waits: nothing is lost (unix(7)).";
    if (kind.type == SocketType::raw)
        return "Each send is one packet. The kernel passes it on and forgets it (raw(7)).";
    return "Each send is one datagram. The kernel passes it on and forgets it: there is nothing that could "
           "send it again (udp(7)).";
}

std::string_view why_receive(model::Kind kind) {
    if (is_stream(kind))
        return "recv() takes what lies in the receive queue, at most as much as asked for, at least one "
               "byte. Nothing there: it sleeps. The peer has closed: it returns 0 (recv(2)).";
    return "One call gives one message, never a part of the next. What does not fit into the buffer is "
           "thrown away (recv(2)).";
}

std::string_view why_call(const Story& story, std::uint32_t index) {
    const model::CallRecord& call = story.trace().calls[index];
    const std::uint32_t socket = story.socket_of(index);
    const model::Kind kind = socket == story::kNone ? story.trace().kind : story.sockets()[socket].kind;
    if (model::sends(call.call)) return why_send(kind);
    if (model::receives(call.call)) return why_receive(kind);
    switch (call.call) {
        case Call::connect:
            return is_stream(kind)
                       ? "For a stream connect() sleeps until the handshake is done: one way there and one "
                         "back (connect(2))."
                       : "For datagrams connect() sends nothing. It only fixes the peer (connect(2)).";
        case Call::accept:
            return "accept() makes no connection: the kernel has done that already. It takes a finished one "
                   "from the queue, or sleeps until there is one (accept(2)).";
        case Call::listen:
            return "From here on the kernel answers handshakes by itself, and queues what is finished "
                   "(listen(2)).";
        case Call::bind:
            return "Without an address of its own nobody could send to this socket (bind(2)).";
        case Call::close:
            return "Only the descriptor goes. What lies in the send queue is still delivered; the kernel "
                   "ends the connection behind the program's back (close(2), tcp(7)).";
        case Call::shutdown:
            return "shutdown(SHUT_WR) says: nothing more from here. The other direction stays open "
                   "(shutdown(2)).";
        case Call::socket:
        case Call::socketpair:
            return "Each domain decides by itself which types it has; socket() is where it says so "
                   "(socket(2)).";
        default:
            return {};
    }
}

std::string_view why_packet(const Story& story, std::uint32_t index) {
    const bool lost = story.trace().packets[index].verdict == model::Verdict::dropped;
    switch (story.packets()[index].role) {
        case PacketRole::data:
            return lost ? "TCP keeps every byte in the send queue until it is acknowledged. What is missing "
                          "is sent again: after three repeated acknowledgements (RFC 5681 §3.2), or when the "
                          "timer runs out (RFC 6298)."
                        : "TCP numbers bytes, not messages: where the segments are cut is the kernel's "
                          "business (RFC 9293 §3.4).";
        case PacketRole::ack:
            return "An acknowledgement names the next byte that is missing. One says all that came before, "
                   "too (RFC 9293 §3.4).";
        case PacketRole::syn:
        case PacketRole::synack:
            return "Each end tells the other the number of its first byte; both must be acknowledged, hence "
                   "three packets (RFC 9293 §3.5).";
        case PacketRole::fin:
            return "A FIN ends one direction and is numbered like a byte, so that it can be sent again (RFC "
                   "9293 §3.6).";
        case PacketRole::rst:
            return "Nobody here knows this connection, or it was given up: the peer is to forget it (RFC "
                   "9293 §3.5.2).";
        case PacketRole::datagram:
            return lost ? "Nobody notices: UDP has no acknowledgements, and neither program is told (udp(7))."
                        : "A datagram arrives whole or not at all (udp(7)).";
        case PacketRole::fragment:
            return "If one fragment is missing the whole datagram is thrown away (ip(7)).";
        case PacketRole::icmp:
            return "ICMP is spoken by the kernels themselves: answers, and bad news (icmp(7)).";
        case PacketRole::window_update:
        case PacketRole::probe:
            return "The receiver says how much room it has left. At zero the sender waits and asks now and "
                   "then (RFC 9293 §3.8.6).";
        case PacketRole::other:
            break;
    }
    return {};
}

std::string_view why_socket(const player::State& state, const Story& story, std::uint32_t index) {
    const auto* now = story.state_at(index, story.begin_ns() + state.t);
    if (now == nullptr) return {};
    const auto row = std::find_if(kStates.begin(), kStates.end(),
                                  [&](const StateReason& r) { return r.state == now->state; });
    return row == kStates.end() ? std::string_view{} : row->why;
}

std::string_view why_message(const Story& story, std::uint32_t index) {
    const std::uint32_t socket = story.messages()[index].socket;
    const model::Kind kind = socket == story::kNone ? story.trace().kind : story.sockets()[socket].kind;
    return is_stream(kind) ? "A stream has no messages: the kernel forgets where one send ended. Only the "
                             "colours here remember (tcp(7), unix(7))."
                           : "These sockets keep each message by itself, from send to recv (socket(2)).";
}

// A second line, if the program has bound it to an address by now.
std::string address_now(const player::State& state, model::Ref ref) {
    const Story& story = *state.lanes[ref.lane].story;
    const story::Socket& socket = story.sockets()[ref.index];
    const auto bound = std::find_if(socket.states.begin(), socket.states.end(),
                                    [](const story::StateChange& c) { return c.state == "bound"; });
    const bool has = bound != socket.states.end() && bound->at_ns <= story.begin_ns() + state.t;
    return has && !socket.local.empty() ? "\nbound to " + socket.local : std::string{};
}

}  // namespace

std::string what_it_is(const player::State& state, model::Ref ref) {
    if (ref.lane >= state.lanes.size()) return {};
    const Story& story = *state.lanes[ref.lane].story;
    switch (ref.kind) {
        case model::RefKind::packet:
            if (ref.index >= story.packets().size()) break;
            return "Packet on the wire: " + story.describe_packet(ref.index);
        case model::RefKind::call:
            if (ref.index >= story.trace().calls.size()) break;
            return "System call: " + story.describe_call(ref.index);
        case model::RefKind::message:
        case model::RefKind::byte: {
            if (ref.index >= story.messages().size()) break;
            const auto& message = story.messages()[ref.index];
            const std::string number = std::to_string(message.number);
            return ref.kind == model::RefKind::byte
                       ? "Byte " + std::to_string(ref.offset + 1) + " of " + std::to_string(message.size) +
                             " of message " + number
                       : "Message " + number + ": what one send call handed over";
        }
        case model::RefKind::socket:
            if (ref.index >= story.sockets().size()) break;
            return "The kernel's side of a socket, with its queues" + address_now(state, ref);
        case model::RefKind::endpoint:
            return "A program: it runs its script, call by call";
        case model::RefKind::note:
        case model::RefKind::none:
            break;
    }
    return {};
}

std::string evidence_of(const player::State& state, model::Ref ref) {
    if (ref.lane >= state.lanes.size()) return {};
    const Story& story = *state.lanes[ref.lane].story;
    if (ref.kind != model::RefKind::socket || ref.index >= story.sockets().size()) return story.why(ref);
    const auto* now = story.state_at(ref.index, story.begin_ns() + state.t);
    if (now == nullptr) return "It is not there yet.";
    const std::string cause =
        name_of(state, {now->cause.kind, ref.lane, now->cause.index, now->cause.offset});
    const std::string since = model::format_ms(now->at_ns - story.begin_ns(), 3) + " ms";
    const bool seen = now->evidence == story::Evidence::observed;
    return now->state + " since " + since + (seen ? ": observed" : ": inferred") +
           (cause.empty() ? "." : (seen ? ": " : " from ") + cause + ".");
}

std::string_view reason_for(const player::State& state, model::Ref ref) {
    if (ref.lane >= state.lanes.size()) return {};
    const Story& story = *state.lanes[ref.lane].story;
    switch (ref.kind) {
        case model::RefKind::call:
            return ref.index < story.trace().calls.size() ? why_call(story, ref.index) : std::string_view{};
        case model::RefKind::packet:
            return ref.index < story.packets().size() ? why_packet(story, ref.index) : std::string_view{};
        case model::RefKind::message:
        case model::RefKind::byte:
            return ref.index < story.messages().size() ? why_message(story, ref.index) : std::string_view{};
        case model::RefKind::socket:
            return ref.index < story.sockets().size() ? why_socket(state, story, ref.index)
                                                      : std::string_view{};
        case model::RefKind::endpoint:
            return "A call that finds nothing to do puts its thread to sleep; the kernel wakes it when "
                   "something happens (socket(7), O_NONBLOCK in fcntl(2)).";
        case model::RefKind::note:
        case model::RefKind::none:
            break;
    }
    return {};
}

}  // namespace socketscope::panels

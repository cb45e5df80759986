// The story of one lane: what its trace means. Where every byte is, what each queue holds, which state each end is in,
// and why, at any time t. Pure: made from the trace alone, no sockets, no clock. Each fact says observed or inferred.
//
// Built once (O(n log n)); every query takes O(log n + what it returns). The trace must outlive the story.
// Sources: tcp(7), udp(7), unix(7), raw(7), RFC 9293, RFC 768, RFC 2018, RFC 5681.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/moment.hpp"
#include "core/model/ref.hpp"
#include "core/packet/packet.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::story {

using model::TimeNs;
inline constexpr std::uint32_t kNone = UINT32_MAX;

enum class Evidence : std::uint8_t { observed, inferred };

// Bytes [offset, offset + size) of one message. message kNone: bytes that no send call wrote (an IP header that a raw
// socket reads, the kernel's own reply).
struct Piece {
    std::uint32_t message{kNone}, offset{0}, size{0};
    bool operator==(const Piece&) const = default;
};
struct PieceRange {  // see Story::pieces()
    std::uint32_t begin{0}, count{0};
};

// What one send call handed to the kernel (as many bytes as its result says). A failed send is no message. It is in the
// kernel from the moment on at which the call was entered: Story::handed_ns().
struct Message {
    std::uint64_t stream_offset{0};  // streams: of its first byte in its direction
    std::uint32_t call{kNone};       // index into LaneTrace::calls
    std::uint32_t socket{kNone};
    std::uint32_t to_socket{kNone};  // where it went, if that is known
    std::uint32_t number{0};         // shown to people, from 1, in the order of the calls of the lane
    std::uint32_t size{0};           // while its call has not returned: what it offers
    std::uint8_t endpoint{0};
    std::uint8_t hue{0};  // 0..5, in turn
};

// What one receive call was given, when it returned: Story::given_ns().
struct Receive {
    std::uint32_t call{kNone};
    std::uint32_t socket{kNone};
    PieceRange pieces;           // what it was given, in order; empty for end of file
    std::uint32_t cut_bytes{0};  // tail of the record that was thrown away (MSG_TRUNC)
    std::uint8_t endpoint{0};
    bool end_of_file{false};
    bool peeked{false};            // MSG_PEEK: the bytes stay in the queue
    bool discarded : 1 {false};    // MSG_TRUNC on TCP: taken out of the queue, and not given to the program
    bool error_queue : 1 {false};  // MSG_ERRQUEUE: the program's own datagram, returned with an error
};

enum class PacketRole : std::uint8_t {
    data,
    ack,
    syn,
    synack,
    fin,
    rst,
    datagram,
    fragment,
    icmp,
    window_update,
    probe,
    other
};
struct Packet {                     // index = packet id; its headers: Story::headers()
    std::uint64_t stream_begin{0};  // TCP: offset of its payload in its direction
    std::uint64_t ack_offset{0};    // TCP: bytes of the other direction acknowledged up to here (cumulative)
    PieceRange pieces;              // which bytes of which messages it carries
    // That sent it; kNone: the kernel by itself (ICMP, a RST from a closed port).
    std::uint32_t socket{kNone};
    std::uint32_t to_socket{kNone};
    // Retransmission: the packet that carried these bytes (or the SYN, the FIN) first.
    std::uint32_t first_copy{kNone};
    std::uint32_t window_bytes{0};  // TCP: receive window, scaled
    std::uint16_t payload_size{0};  // behind the transport header
    std::uint16_t stream_size{0};   // TCP: of it, what lies in the stream
    std::uint8_t protocol{0};       // 6, 17, 1, 58 …
    std::uint8_t tcp_flags{0};
    PacketRole role{PacketRole::other};
    bool checksum_ok{true};  // as delivered

    std::uint64_t stream_end() const { return stream_begin + stream_size; }
};

// reset: thrown away with the connection. unread: closed before anybody read it. backlog: the listener had no room for
// another connection (listen(2)).
enum class LossPlace : std::uint8_t {
    wire,
    device,
    checksum,
    receive_queue,
    no_listener,
    truncated,
    unread,
    reset,
    backlog
};
struct Loss {
    TimeNs at_ns{0};
    LossPlace place{LossPlace::wire};
    Evidence evidence{Evidence::observed};
    std::uint32_t packet{kNone};
    // Of the first message, if the packet carried several and was repaired (Packet::pieces has them all).
    // Message kNone: a packet without payload.
    Piece piece;
    bool repaired{false};  // it arrived by another packet: TCP sent it again, or the wire made a copy
    std::string why;       // one sentence
};

struct StateChange {
    TimeNs at_ns{0};
    std::string state;
    Evidence evidence{Evidence::inferred};
    model::Ref cause;
};
struct Socket {
    model::Kind kind;
    std::int32_t fd{-1};
    std::uint8_t endpoint{0};
    TimeNs exists_ns{0};  // the kernel has it from here on: a connection is there before accept() returns it
    TimeNs opened_ns{0};  // the program has a descriptor for it; kNever: never accepted (fd is −1)
    TimeNs closed_ns{model::kNever};  // the last descriptor was closed
    std::uint32_t made_by{kNone};     // call
    std::uint32_t peer{kNone};        // connected peer, if it is one of ours
    std::uint32_t listener{kNone};    // accepted from
    bool listening{false};
    std::string local, remote;                        // addresses as known in the end; "" = none
    std::uint64_t send_buffer{0}, receive_buffer{0};  // sizes if sampled, bytes; 0 = not known
    // TCP: LISTEN, SYN_SENT, ESTABLISHED …; others: "bound", "connected", "closed".
    std::vector<StateChange> states;
};

enum class MarkKind : std::uint8_t {
    send,
    receive,
    call,
    blocked,
    packet_sent,
    packet_delivered,
    lost,
    retransmitted,
    ack,
    refused,
    control
};
// The event list and the marks of the timeline: one row each, in order of time.
struct Event {
    TimeNs at_ns{0};
    std::uint32_t index{0};  // of the call, packet, note; lost: of the loss
    model::RefKind of{model::RefKind::none};
    MarkKind kind{MarkKind::call};
    std::uint8_t endpoint{0};
};
static_assert(sizeof(Event) <= 16 && sizeof(Packet) <= 48 && sizeof(Message) <= 32 && sizeof(Receive) <= 24,
              "a recording has millions of them");

// --- what a moment looks like
enum class CellState : std::uint8_t { unsent, sent, sent_again, ready, held, hole };
struct QueueItem {  // stream: bytes in order; else one envelope each
    Piece piece;    // hole: message kNone unless its bytes are known
    CellState state{CellState::ready};
    Evidence evidence{Evidence::inferred};
    model::Ref cause;             // the event from which we know it
    std::uint32_t packet{kNone};  // that brought it, or carries it now
};
struct Queue {
    bool stream{false};
    std::vector<QueueItem> items;
    std::uint64_t bytes{0};       // payload bytes in it (holes not counted)
    std::uint64_t held_bytes{0};  // of these, behind a hole
    std::uint64_t capacity{0};    // SO_SNDBUF / SO_RCVBUF if known, else 0
};
enum class Doing : std::uint8_t { not_started, running, in_call, blocked, waiting, sleeping, done, stopped };
struct ProgramNow {
    Doing doing{Doing::not_started};
    std::uint32_t call{kNone};  // in_call, blocked: this one; else the last one that returned
    std::uint32_t line{0};      // of the script
    TimeNs since_ns{0};
};
struct InFlight {
    std::uint32_t packet{kNone};
    float way{0};  // 0 = just sent, 1 = arriving
};

class Story {
public:
    explicit Story(const trace::LaneTrace& trace);
    Story(Story&&) noexcept;
    Story& operator=(Story&&) noexcept;
    ~Story();

    const trace::LaneTrace& trace() const;
    std::span<const Message> messages() const;
    std::span<const Receive> receives() const;
    std::span<const Packet> packets() const;
    std::span<const Loss> losses() const;  // by at_ns
    std::span<const Socket> sockets() const;
    std::span<const Event> events() const;  // by at_ns
    std::span<const Piece> pieces(PieceRange range) const;
    packet::Headers headers(std::uint32_t packet) const;  // decoded on demand, of the bytes as they were sent
    std::uint32_t socket_of(std::uint32_t call) const;    // that the call was made on (or made); kNone = none
    std::uint32_t message_of(std::uint32_t call) const;   // kNone: not a send, or it failed
    std::uint32_t receive_of(std::uint32_t call) const;   // kNone: not a receive, or it failed
    TimeNs handed_ns(std::uint32_t message) const;
    TimeNs given_ns(std::uint32_t receive) const;
    TimeNs begin_ns() const;  // = trace().start_ns
    TimeNs end_ns() const;    // of the last event

    // At time t (absolute ns):
    ProgramNow program_at(std::uint8_t endpoint, TimeNs t) const;
    // The same of many programs and times, quicker: one search serves all programs at t.
    std::size_t first_call_after(TimeNs t) const;  // in trace().calls: the first that began later than t
    ProgramNow program_at(std::uint8_t endpoint, TimeNs t, std::size_t first_call_after_t) const;
    const StateChange* state_at(std::uint32_t socket, TimeNs t) const;  // nullptr before it exists
    bool open_at(std::uint32_t socket, TimeNs t) const;
    Queue send_queue_at(std::uint32_t socket, TimeNs t) const;
    Queue receive_queue_at(std::uint32_t socket, TimeNs t) const;
    // Sockets that accept() has yet to return.
    std::vector<std::uint32_t> backlog_at(std::uint32_t listener, TimeNs t) const;
    std::vector<InFlight> in_flight_at(TimeNs t) const;
    std::span<const Event> events_until(TimeNs t) const;

    // What is selected with its row: a loss is its packet, or its first byte.
    model::Ref ref(const Event& event) const;
    // For a message: the calls, packets, receives it appears in. For any ref: everything that lights up with it.
    std::vector<model::Ref> related(model::Ref ref) const;
    // Texts for lists and the inspector (no time stamps in them).
    // send(4, "HELLO ", 6) = 6; without the first `from` bytes of what a call carries: recv(4, 64) = 6 …"LO ".
    std::string describe(const Event& event, std::uint32_t from = 0) const;
    std::string describe_call(std::uint32_t call) const;  // as in C, with result and errno name
    // "bytes 7–12", "SYN", "ACK 7", "#2", "ICMP port unreachable"
    std::string describe_packet(std::uint32_t packet) const;
    std::string why(model::Ref ref) const;  // what is known of it and from which events
    std::optional<TimeNs> find(const model::Moment& moment) const;
    std::uint32_t retransmissions() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace socketscope::story

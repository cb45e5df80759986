// Everything a story knows, as plain data: filled in by the build steps (build.hpp), read by the queries.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/story/byte_ranges.hpp"
#include "core/story/name.hpp"
#include "core/story/spans.hpp"
#include "core/story/story.hpp"

namespace socketscope::story {

// How a socket moves bytes.
enum class Transport : std::uint8_t { tcp, udp, unix_stream, unix_seqpacket, unix_dgram, raw, other };

// What belongs to a socket beside what the public Socket says.
struct SocketFacts {
    Transport transport{Transport::other};
    model::Host host{model::Host::client};
    Name local;  // as bound, told by getsockname or seen on the wire
    struct Remote {
        TimeNs at_ns;
        Name name;
    };
    std::vector<Remote> remotes;  // connect() by time; a datagram socket may change its mind
    std::uint32_t out_stream{kNone}, in_stream{kNone}, inbox{kNone};
    std::vector<std::uint32_t> sends, receives;  // messages and receives of this socket, in order
    TimeNs bound_ns{model::kNever};
    TimeNs read_shut_ns{model::kNever}, write_shut_ns{model::kNever};
    // Options whose value matters at a moment.
    enum class Option : std::uint8_t {
        peek_offset,
        udp_cork,
        udp_segment,
        udp_gro,
        multicast_loop,
        header_included,
        checksum_offset
    };
    struct Setting {
        TimeNs at_ns;
        std::int64_t value;
        Option option;
    };
    std::vector<Setting> settings;  // by time
    struct Group {
        packet::Address address;
        TimeNs from_ns, until_ns;
    };
    std::vector<Group> groups;    // IP_ADD_MEMBERSHIP, IPV6_ADD_MEMBERSHIP
    bool port_chosen{false};      // by bind(), not by the kernel
    bool urgent_inline{false};    // SO_OOBINLINE
    bool resets_on_close{false};  // SO_LINGER with a time of 0
    std::int64_t linger2_s{0};    // TCP_LINGER2; 0: as net.ipv4.tcp_fin_timeout
};

struct Step {  // from here on: up to this offset
    TimeNs at_ns;
    std::uint64_t offset;
};

// One direction of a byte stream.
struct Stream {
    std::uint32_t from{kNone}, to{kNone};  // sockets
    std::vector<std::uint32_t> messages;   // by stream_offset
    std::vector<std::uint32_t> reads;      // receives that took bytes out, in order
    std::vector<std::uint64_t> read_ends;  // offset behind each of them
    // By offset: urgent bytes that were taken out of line, or that a receive call passed over, at that time (MSG_OOB).
    std::vector<Step> read_apart;
    // On a wire that recorded packets:
    bool wired{false};
    struct Flight {
        std::uint32_t packet;
        TimeNs acked_ns;
    };
    struct Held {
        TimeNs from_ns, until_ns;
        std::uint64_t begin, end;
        std::uint32_t packet;
    };
    // The packet that brought a byte first, and when it and all bytes before it were there. Each begins where the one
    // before ends, but behind a hole that was never filled.
    struct Brought {
        std::uint64_t begin;
        TimeNs ready_ns;
        std::uint32_t packet;
    };
    std::vector<Step> acked;       // as far as the sender was told
    std::vector<Flight> flights;   // packets with payload, by sent_ns
    std::vector<Held> held;        // out of order, by from_ns
    std::vector<Brought> brought;  // by begin
    Spans open_flights, open_held;
    ByteRanges lost;                 // never arrived: each told with the packet that was lost first
    TimeNs reset_ns{model::kNever};  // the send queue was thrown away
    TimeNs gone_ns{model::kNever};   // the receive queue was thrown away
};

// One message that came to a socket which keeps messages apart.
// overtaken: a later one was read first, and the queue is first in, first out. missing: a receive call found the queue
// empty though it had arrived. Both were dropped by a full queue. filtered: not for this socket (ICMP_FILTER).
enum class Fate : std::uint8_t { waiting, read, overtaken, missing, filtered, unread };
struct Arrival {
    TimeNs at_ns{0};  // in the queue from here on
    std::uint32_t message{kNone};
    std::uint32_t packet{kNone};   // that completed it
    std::uint32_t receive{kNone};  // that took it out
    Fate fate{Fate::waiting};
    // Which part of what its packet or message carries, where several come to queues by themselves: a segment
    // (UDP_SEGMENT), or the payload of a datagram that a raw socket wrote and others get with its header.
    std::uint16_t part{0};
};
// What arrived, where it is not one whole message: several joined, or a part of one (udp_sends.hpp).
struct Content {
    std::string bytes;
    std::vector<Piece> pieces;
};
struct Inbox {
    std::uint32_t socket{kNone};
    std::uint32_t damaged{0};       // that were dropped for their checksum: SO_RXQ_OVFL counts them too
    std::vector<Arrival> arrivals;  // in the order of the queue
    Spans open;
};

// One TCP connection on the wire. end[0] sent the first SYN.
struct ConnectionEnd {
    model::Host host{model::Host::client};
    packet::Address address;
    std::uint32_t socket{kNone};
    std::uint32_t stream{kNone};  // what this end sends
    std::uint32_t isn{0};
    bool isn_known{false};
    std::int8_t window_scale{-1};
    std::uint64_t fin_offset{UINT64_MAX};  // stream offset at which its FIN stands
};
struct Connection {
    ConnectionEnd end[2];
    std::vector<std::uint32_t> packets;  // by sent_ns
};

// What a UDP socket sent to its own host, for the raw sockets there (raw(7)).
struct KeptInHost {
    model::Host host{model::Host::client};
    packet::Address from, to;
    TimeNs at_ns{0};
    std::uint32_t message{kNone};
    std::vector<Piece> content;  // if it is not one whole message
};

struct Facts {
    explicit Facts(const trace::LaneTrace& lane) : trace(&lane) {}

    const trace::LaneTrace* trace;
    std::vector<Message> messages;
    std::vector<Receive> receives;
    std::vector<Packet> packets;
    std::vector<Loss> losses;
    std::vector<Socket> sockets;
    std::vector<Event> events;
    std::vector<Piece> pieces;
    TimeNs end_ns{0};

    std::vector<SocketFacts> socket_facts;                   // parallel to sockets
    std::vector<std::uint32_t> call_socket;                  // by call
    std::vector<std::vector<std::uint32_t>> endpoint_calls;  // by endpoint: its script's calls, by enter_ns
    std::vector<std::vector<std::uint32_t>> endpoint_notes;  // by endpoint: control lines, by at_ns
    std::vector<TimeNs> message_left_ns;  // by message, record sockets: when the wire had read all of it
    std::vector<Stream> streams;
    std::vector<Inbox> inboxes;
    std::vector<Connection> connections;
    std::vector<std::uint32_t> packet_connection;  // by packet
    std::vector<std::uint32_t> flight_order;       // packets by sent_ns
    Spans flights;
    // Raw: by the packet that completed fragments, all of them as one, and the first message of what they carry.
    struct Joined {
        std::string bytes;
        std::uint32_t message{kNone};
    };
    std::unordered_map<std::uint32_t, Joined> joined;
    std::vector<KeptInHost> kept_in_host;
    std::unordered_map<std::uint64_t, Content> contents;  // see content_of()
    // Who has pieces of a message, grouped by message: first packets (kPacketUse | packet), then receives.
    std::vector<std::uint32_t> message_uses_begin, message_uses;

    const model::CallRecord& call(std::uint32_t index) const { return trace->calls[index]; }
    const model::PacketRecord& record(std::uint32_t packet) const { return trace->packets[packet]; }
    TimeNs handed_ns(std::uint32_t message) const { return call(messages[message].call).enter_ns; }
    TimeNs given_ns(const Receive& receive) const { return call(receive.call).exit_ns; }
    TimeNs given_ns(std::uint32_t receive) const { return given_ns(receives[receive]); }
    model::Host host(std::uint8_t endpoint) const {
        return endpoint < trace->endpoints.size() ? trace->endpoints[endpoint].host : model::Host::client;
    }
    bool ours(std::uint32_t call_index) const { return (call(call_index).flags & model::kOurOwnCall) != 0; }
};
inline constexpr std::uint32_t kPacketUse = 0x8000'0000;

inline constexpr std::uint16_t kPayloadOfRaw = 1;
inline constexpr std::uint16_t kAllSegments = 0xffff;

// By the packet that brought it, or, where none did, by its first message; and by the part of these.
inline std::uint64_t content_key(const Arrival& arrival) {
    constexpr std::uint64_t kNoPacket = std::uint64_t{1} << 63;
    const std::uint64_t part = std::uint64_t{arrival.part} << 32;
    return arrival.packet != kNone ? part | arrival.packet : kNoPacket | part | arrival.message;
}
inline const Content* content_of(const Facts& facts, const Arrival& arrival) {
    if (facts.contents.empty()) return nullptr;
    const auto found = facts.contents.find(content_key(arrival));
    return found == facts.contents.end() ? nullptr : &found->second;
}
// Calls visit(piece) for bytes [begin, end) of what arrived, as pieces of the messages that they came from.
template <typename Visit>
void for_arrived(const Facts& facts, const Arrival& arrival, std::uint32_t begin, std::uint32_t end,
                 Visit visit) {
    const Content* content = content_of(facts, arrival);
    if (content == nullptr) {
        const std::uint32_t size = arrival.message == kNone ? 0 : facts.messages[arrival.message].size;
        visit(Piece{arrival.message, begin, std::min(end, size) - std::min(begin, size)});
        return;
    }
    std::uint32_t at = 0;
    for (Piece piece : content->pieces) {
        const std::uint32_t from = std::max(begin, at), to = std::min(end, at + piece.size);
        const std::uint32_t skipped = from - at;
        at += piece.size;
        if (from >= to) continue;
        piece.offset += skipped;
        piece.size = to - from;
        visit(piece);
    }
}

// Calls visit(use, piece) for each piece of message m that a packet or a receive has.
template <typename Visit>
void for_uses(const Facts& facts, std::uint32_t m, Visit visit) {
    for (std::uint32_t i = facts.message_uses_begin[m]; i < facts.message_uses_begin[m + 1]; ++i) {
        const std::uint32_t use = facts.message_uses[i];
        const PieceRange range =
            (use & kPacketUse) != 0 ? facts.packets[use & ~kPacketUse].pieces : facts.receives[use].pieces;
        for (std::uint32_t k = 0; k < range.count; ++k)
            if (const Piece& piece = facts.pieces[range.begin + k]; piece.message == m) visit(use, piece);
    }
}

// The value of an option at t; `unset` if it was never set until then.
inline std::int64_t setting_at(const SocketFacts& known, SocketFacts::Option option, TimeNs t,
                               std::int64_t unset) {
    for (const SocketFacts::Setting& setting : known.settings)
        if (setting.option == option && setting.at_ns <= t) unset = setting.value;
    return unset;
}

// Whom a datagram or raw socket was connected to; empty: nobody.
inline Name peer_at(const SocketFacts& known, TimeNs t) {
    const auto after = std::find_if(known.remotes.rbegin(), known.remotes.rend(),
                                    [t](const SocketFacts::Remote& remote) { return remote.at_ns <= t; });
    return after == known.remotes.rend() ? Name{} : after->name;
}

// The message that a send call handed over, the receive that a receive call is; kNone: none. Both lists are in the
// order of their calls.
template <typename List>
std::uint32_t of_call(const List& list, std::uint32_t call) {
    const auto found = std::lower_bound(list.begin(), list.end(), call,
                                        [](const auto& item, std::uint32_t c) { return item.call < c; });
    return found != list.end() && found->call == call ? static_cast<std::uint32_t>(found - list.begin())
                                                      : kNone;
}

// A call that has not returned is open for ever.
inline TimeNs exit_or_forever(const model::CallRecord& call) {
    return call.exit_ns == model::kNever ? INT64_MAX : call.exit_ns;
}
inline TimeNs or_forever(TimeNs at_ns) {
    return at_ns == model::kNever ? INT64_MAX : at_ns;
}

// When an arrival left the queue; kNever: it is still there.
TimeNs gone_at(const Facts& facts, const Inbox& inbox, const Arrival& arrival);
// The offset that holds at t (0 before the first step).
std::uint64_t value_at(const std::vector<Step>& steps, TimeNs t);
void raise(std::vector<Step>& steps, TimeNs at_ns, std::uint64_t offset);  // adds a step if it is a step up

// On a wire: bytes that had left the sender, and bytes that were in order at the receiver.
std::uint64_t sent_at(const Facts& facts, const Stream& stream, TimeNs t);
std::uint64_t front_at(const Facts& facts, const Stream& stream, TimeNs t);
// Where the bytes that the ith packet brought first end.
std::uint64_t brought_end(const Facts& facts, const Stream& stream, std::size_t i);
// Bytes of a stream handed to the kernel by calls that had returned at t.
std::uint64_t handed_at(const Facts& facts, const Stream& stream, TimeNs t);
std::uint64_t read_at(const Facts& facts, const Stream& stream, TimeNs t);
// Calls visit(piece) for the messages that bytes [begin, end) of the stream came from.
template <typename Visit>
void for_pieces(const Facts& facts, const Stream& stream, std::uint64_t begin, std::uint64_t end,
                Visit visit);
// Calls visit(begin, end) for what is left of bytes [begin, end) without those taken out of line until t.
template <typename Visit>
void for_in_line(const Stream& stream, std::uint64_t begin, std::uint64_t end, TimeNs t, Visit visit) {
    for (const Step& apart : stream.read_apart) {
        if (apart.at_ns > t || apart.offset < begin || apart.offset >= end) continue;
        if (begin < apart.offset) visit(begin, apart.offset);
        begin = apart.offset + 1;
    }
    if (begin < end) visit(begin, end);
}
// Appends these pieces to facts.pieces.
PieceRange add_pieces(Facts& facts, const Stream& stream, std::uint64_t begin, std::uint64_t end);
PieceRange add_piece(Facts& facts, Piece piece);

template <typename Visit>
void for_pieces(const Facts& facts, const Stream& stream, std::uint64_t begin, std::uint64_t end,
                Visit visit) {
    auto at = std::upper_bound(
        stream.messages.begin(), stream.messages.end(), begin,
        [&](std::uint64_t offset, std::uint32_t m) { return offset < facts.messages[m].stream_offset; });
    if (at != stream.messages.begin()) --at;
    while (begin < end) {
        Piece piece;
        std::uint64_t stop = end;
        if (at != stream.messages.end()) {
            const Message& message = facts.messages[*at];
            const std::uint64_t message_end = message.stream_offset + message.size;
            if (begin >= message_end) {
                ++at;
                continue;
            }
            stop = std::min(end, begin < message.stream_offset ? message.stream_offset : message_end);
            if (begin >= message.stream_offset) {
                piece.message = *at;
                piece.offset = static_cast<std::uint32_t>(begin - message.stream_offset);
            }
        }
        stop = std::min<std::uint64_t>(stop, begin + UINT32_MAX);
        piece.size = static_cast<std::uint32_t>(stop - begin);
        visit(piece);
        begin = stop;
    }
}

}  // namespace socketscope::story

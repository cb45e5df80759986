// The steps by which a story is made from a trace, in this order; each reads what the earlier ones found.
#pragma once

#include <string>

#include "core/story/facts.hpp"

namespace socketscope::story {

class RawSends;

void build_sockets(Facts& facts);   // sockets.cpp: which descriptor was which socket, when
void build_messages(Facts& facts);  // messages.cpp: what each send handed over and each receive was given
void build_packets(Facts& facts);   // packets.cpp: headers, roles, ICMP errors
void build_tcp(Facts& facts);       // tcp.cpp: connections, streams on the wire, states
void build_pairs(Facts& facts);     // pairs.cpp: connections that no packet shows (unix, loopback)
void match_raw_sends(Facts& facts, RawSends& sends);  // raw_packets.cpp: which packets raw sockets sent
void build_udp(Facts& facts, RawSends& raw);          // udp.cpp
void build_unix(Facts& facts);                        // unix.cpp
void build_raw(Facts& facts, RawSends& sends);        // raw.cpp: what raw sockets were given
void name_the_rest(Facts& facts);  // messages.cpp: what was given from somewhere that no step knows
void build_losses(Facts& facts);   // losses.cpp: what no transport step has told yet; order
void build_events(Facts& facts);   // events.cpp

// --- shared by the steps
std::uint32_t add_stream(Facts& facts, std::uint32_t from, std::uint32_t to);
// read_stream.cpp: gives the receives of stream.to their pieces.
void read_stream(Facts& facts, Stream& stream);
Inbox& inbox_of(Facts& facts, std::uint32_t socket);
// Gives the receives of the inbox's socket their messages, first in first out, by comparing what each was given.
// `Skip::lost`: what was passed over can't come later (UDP). `Skip::later`: senders overlapped, their order is not
// known.
enum class Skip : std::uint8_t { lost, later };
struct Reading {
    Skip skip{Skip::later};
    std::string_view (*bytes)(const Facts&, const Arrival&);  // all of what arrived
    PieceRange (*give)(Facts&, const Arrival&, std::uint32_t begin, std::uint32_t size);  // of it, as pieces
    // The name that its sender had; empty: none, or not known. nullptr: not asked.
    const Name& (*sender)(const Facts&, const Arrival&){nullptr};
};
void read_inbox(Facts& facts, Inbox& inbox, const Reading& reading);
std::string_view message_bytes(const Facts& facts, const Arrival& arrival);
PieceRange give_message(Facts& facts, const Arrival& arrival, std::uint32_t begin, std::uint32_t size);
// Tells as lost what the receive call had no room for, of so many bytes. A raw socket may read an IP header in front of
// the message.
void cut_tail(Facts& facts, const Receive& receive, const Arrival& arrival, std::uint32_t whole);
void add_loss(Facts& facts, Loss loss);
void add_state(Facts& facts, std::uint32_t socket, StateChange change);
// The flags argument of a send or receive call.
std::int64_t flags_of(const model::CallRecord& call);
// Bytes that a message handed over, and the name it was sent to (from the call, or from connect()).
std::string_view bytes_of(const Facts& facts, std::uint32_t message);
Name destination_of(const Facts& facts, const Message& message);
// Why the wire did not deliver: one sentence.
std::string wire_reason(const Facts& facts, const model::PacketRecord& record);

}  // namespace socketscope::story

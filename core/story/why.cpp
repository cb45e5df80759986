// What is known of a thing, and from which events: one or two sentences with the man page or the RFC.
#include <algorithm>

#include "core/model/call.hpp"
#include "core/model/errno_text.hpp"
#include "core/story/program.hpp"
#include "core/story/query.hpp"
#include "core/story/words.hpp"

namespace socketscope::story {
namespace {

using model::Ref;
using model::RefKind;

std::string at(const Facts& facts, TimeNs t) {
    return "at " + model::format_ms(t - facts.trace->start_ns, 1) + " ms";
}
std::string packet_name(std::uint32_t packet) {
    return "packet " + std::to_string(packet + 1);
}
std::string socket_name(const Facts& facts, std::uint32_t s) {
    const Socket& socket = facts.sockets[s];
    const std::string owner = socket.endpoint < facts.trace->endpoints.size()
                                  ? facts.trace->endpoints[socket.endpoint].name + "’s "
                                  : std::string();
    return owner +
           (socket.fd >= 0 ? "socket " + std::to_string(socket.fd) : "connection that waits for accept()");
}

std::string why_receive(const Facts& facts, std::uint32_t r) {
    const Receive& receive = facts.receives[r];
    const model::CallRecord& call = facts.call(receive.call);
    const bool stream = receive.socket != kNone && facts.socket_facts[receive.socket].in_stream != kNone;
    if (receive.end_of_file)
        return "Observed: it returned 0, the end of the stream: the peer will send nothing more (recv(2)).";
    std::string text = "Observed: it was given " + bytes_word(call.data.size);
    std::string from;
    for (std::uint32_t i = 0; i < receive.pieces.count; ++i) {
        const Piece& piece = facts.pieces[receive.pieces.begin + i];
        if (piece.message == kNone) continue;
        from += (from.empty() ? "" : ", ") + std::string("#") +
                std::to_string(facts.messages[piece.message].number);
    }
    if (!from.empty()) text += ", which came from " + from;
    text += stream ? ": a stream has no boundaries, so a read takes what is there, up to its length (tcp(7), "
                     "recv(2))."
                   : ": one call, one message (recv(2)).";
    if (receive.cut_bytes > 0)
        text += " " + bytes_word(receive.cut_bytes) + " did not fit and were thrown away (MSG_TRUNC).";
    if (receive.peeked) text += " MSG_PEEK left it in the queue.";
    return text;
}

std::string why_call(const Facts& facts, std::uint32_t index) {
    if (index >= facts.trace->calls.size()) return {};
    const model::CallRecord& call = facts.call(index);
    const model::CallRow& row = model::row(call.call);
    if (call.exit_ns == model::kNever)
        return "Observed: it was called and has not returned (" + std::string(row.man) + ").";
    if (call.result < 0)
        return "Observed: the kernel refused it. " + model::errno_sentence(call.error) + " (" +
               std::string(row.man) + ").";
    if (const std::uint32_t r = of_call(facts.receives, index); r != kNone) return why_receive(facts, r);
    std::string text = "Observed: it " + std::string(row.does) + " (" + std::string(row.man) + ").";
    if (model::sends(call.call) && call.result < call.args.first)
        text += " The kernel took only " + bytes_word(static_cast<std::uint64_t>(call.result)) + " of " +
                std::to_string(call.args.first) + ": its buffer had no more room.";
    if (blocked(facts, index))
        text += " It had to wait " + model::format_duration(call.exit_ns - call.enter_ns) + ".";
    return text;
}

std::string meaning(const Facts& facts, const Packet& packet) {
    switch (packet.role) {
        case PacketRole::syn:
            return packet.payload_size == 0 ? "It asks for a connection (RFC 9293 §3.5)."
                                            : "It asks for a connection and brings the first bytes along: "
                                              "TCP Fast Open (RFC 7413).";
        case PacketRole::synack:
            return "It agrees to the connection (RFC 9293 §3.5).";
        case PacketRole::fin:
            return "Its sender will send nothing more (RFC 9293 §3.6).";
        case PacketRole::rst:
            return "It ends the connection at once (RFC 9293 §3.5.2).";
        case PacketRole::probe:
            return "It asks for an answer: is the window open, is anybody there (RFC 9293 §3.8.4, §3.8.6.1)?";
        case PacketRole::window_update:
            return "The receiver has room again (RFC 9293 §3.8.6).";
        case PacketRole::ack:
            return packet.window_bytes == 0
                       ? "It acknowledges bytes, and says that there is no room for more (RFC 9293 §3.8.6)."
                       : "It acknowledges all bytes up to " + std::to_string(packet.ack_offset) +
                             " (RFC 9293 §3.4).";
        case PacketRole::data:
            return "It carries bytes of the stream; their place follows from its sequence number (RFC 9293 "
                   "§3.4).";
        case PacketRole::datagram:
            return "One send call, one datagram (udp(7), RFC 768).";
        case PacketRole::fragment:
            return "A part of a datagram that was larger than the link takes (RFC 791 §3.2).";
        case PacketRole::icmp:
            return packet.socket == kNone ? "The kernel of that host wrote it by itself (icmp(7))."
                                          : "A raw socket sent it (raw(7)).";
        case PacketRole::other:
            break;
    }
    (void)facts;
    return {};
}

std::string why_packet(const Facts& facts, std::uint32_t index) {
    if (index >= facts.packets.size()) return {};
    const Packet& packet = facts.packets[index];
    const model::PacketRecord& record = facts.record(index);
    std::string text = "Observed on the wire " + at(facts, record.sent_ns);
    if (record.verdict == model::Verdict::delivered) text += ", delivered " + at(facts, record.delivered_ns);
    text += ".";
    if (const std::string what = meaning(facts, packet); !what.empty()) text += " " + what;
    if (packet.first_copy != kNone)
        text += " It repeats " + packet_name(packet.first_copy) +
                ", which was not acknowledged (RFC 9293 §3.8.1).";
    if ((record.flags & model::kDuplicate) != 0)
        text += " The wire made this copy of " + packet_name(record.copy_of) + ".";
    if ((record.flags & model::kCorrupted) != 0) text += " The wire changed it on the way.";
    for (const Loss& loss : facts.losses)
        if (loss.packet == index) {
            text += " Lost: " + loss.why;
            break;
        }
    return text;
}

std::string where_received(const Facts& facts, std::uint32_t m, std::uint32_t offset, bool one_byte) {
    std::uint32_t packet = kNone, receive = kNone;
    for_uses(facts, m, [&](std::uint32_t use, const Piece& piece) {
        if (one_byte && (offset < piece.offset || offset >= piece.offset + piece.size)) return;
        if ((use & kPacketUse) != 0) {
            const std::uint32_t p = use & ~kPacketUse;
            const bool arrived =
                facts.record(p).verdict == model::Verdict::delivered && facts.packets[p].checksum_ok;
            if (packet == kNone && arrived) packet = p;
        } else if (receive == kNone && !facts.receives[use].peeked && !facts.receives[use].error_queue) {
            receive = use;
        }
    });
    std::string text;
    if (packet != kNone)
        text += " " + packet_name(packet) + " delivered " + at(facts, facts.record(packet).delivered_ns);
    if (receive != kNone) {
        const model::CallRecord& call = facts.call(facts.receives[receive].call);
        text += (text.empty() ? " " : " and ") + std::string(model::row(call.call).name) +
                "() that returned " + std::to_string(call.result) + " " + at(facts, call.exit_ns);
    }
    return text;
}

std::string what_is_not_known(const Facts& facts, std::uint32_t m) {
    const std::uint32_t socket = facts.messages[m].socket;
    const Transport transport = socket == kNone ? Transport::other : facts.socket_facts[socket].transport;
    const bool left = m < facts.message_left_ns.size() && facts.message_left_ns[m] != model::kNever;
    if (transport == Transport::raw && left)
        return " It went to the sender’s own host; no socket of ours there was given it.";
    std::string text = " What became of it is not known: no packet of the wire and no receive call shows it";
    if (transport == Transport::udp && !left)
        text +=
            ". Nothing that its host sent later came out on the wire either, and the device counted no "
            "drop that could be it";
    return text + ".";
}

std::string why_message(const Facts& facts, std::uint32_t m, std::uint32_t offset, bool one_byte) {
    if (m >= facts.messages.size()) return {};
    const Message& message = facts.messages[m];
    const model::CallRecord& call = facts.call(message.call);
    std::string text = "Observed: " + std::string(model::row(call.call).name) + "() handed " +
                       (one_byte ? "it to the kernel as byte " + std::to_string(offset + 1) + " of " +
                                       bytes_word(message.size)
                                 : bytes_word(message.size) + " to the kernel") +
                       " " + at(facts, facts.handed_ns(m)) + " (send(2)).";
    if (const std::string where = where_received(facts, m, offset, one_byte); !where.empty())
        text += " Where it went is inferred from" + where + ".";
    bool lost = false;
    for (const Loss& loss : facts.losses)
        if (loss.piece.message == m && !loss.repaired &&
            (!one_byte || (offset >= loss.piece.offset && offset - loss.piece.offset < loss.piece.size))) {
            text += " Lost: " + loss.why;
            lost = true;
            break;
        }
    bool used = false;
    for_uses(facts, m, [&](std::uint32_t, const Piece&) { used = true; });
    if (!lost && !used && message.to_socket == kNone && call.exit_ns != model::kNever)
        text += what_is_not_known(facts, m);
    return text;
}

std::string why_socket(const Facts& facts, std::uint32_t s) {
    if (s >= facts.sockets.size()) return {};
    const Socket& socket = facts.sockets[s];
    std::string text = socket_name(facts, s) + " (" + model::to_string(socket.kind) + ")";
    if (!socket.local.empty()) text += " at " + socket.local;
    if (!socket.remote.empty()) text += ", connected with " + socket.remote;
    text += ".";
    if (socket.states.empty()) return text;
    const StateChange& last = socket.states.back();
    text += " Its last state, " + last.state + ", is " +
            (last.evidence == Evidence::observed ? "observed: " : "inferred from ");
    if (last.cause.kind == RefKind::packet)
        text += packet_name(last.cause.index) + " " + at(facts, last.at_ns);
    if (last.cause.kind == RefKind::call)
        text += describe_call(facts, last.cause.index) + " " + at(facts, last.at_ns);
    const bool tcp = facts.socket_facts[s].transport == Transport::tcp;
    return text + (tcp ? " (RFC 9293 §3.3.2)." : ".");
}

std::string why_note(const Facts& facts, std::uint32_t n) {
    using model::Note;
    if (n >= facts.trace->notes.size()) return {};
    switch (facts.trace->notes[n].what) {
        case Note::program_start:
            return "Observed: the program’s thread begins.";
        case Note::program_end:
            return "Observed: the program’s thread ends; what it left open is closed.";
        case Note::wait_begin:
        case Note::wait_end:
            return "A control line of the script, no system call: it waits for another program.";
        case Note::sleep_begin:
        case Note::sleep_end:
            return "A control line of the script, no system call: it lets time pass.";
        case Note::sigpipe:
            return "Observed: the call raised SIGPIPE. It kills a program that does not ignore it "
                   "(signal(7), send(2)).";
        case Note::expectation:
            return "The script says what it expects; this is what came.";
        case Note::script_error:
            return "A line of the script could not be carried out.";
        case Note::remark:
            return "This machine could not give the lane all that its lesson asks for.";
        case Note::overflow:
            return "A bound of the recording was reached: these events were not written.";
        case Note::count:
            break;
    }
    return {};
}

}  // namespace

std::string why(const Facts& facts, Ref ref) {
    switch (ref.kind) {
        case RefKind::call:
            return why_call(facts, ref.index);
        case RefKind::packet:
            return why_packet(facts, ref.index);
        case RefKind::message:
            return why_message(facts, ref.index, 0, false);
        case RefKind::byte:
            return why_message(facts, ref.index, ref.offset, true);
        case RefKind::socket:
            return why_socket(facts, ref.index);
        case RefKind::note:
            return why_note(facts, ref.index);
        case RefKind::endpoint:
            return "Observed: a thread of its own ran this script, call by call.";
        case RefKind::none:
            break;
    }
    return {};
}

}  // namespace socketscope::story

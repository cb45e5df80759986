// Calls, packets and events as one line of text.
#include <algorithm>
#include <cstring>

#include "core/model/call.hpp"
#include "core/model/constants.hpp"
#include "core/model/errno_text.hpp"
#include "core/story/control.hpp"
#include "core/story/query.hpp"
#include "core/story/words.hpp"

namespace socketscope::story {
namespace {

using model::Call;
using model::CallRecord;
using model::Family;

constexpr std::size_t kShownBytes = 24;

// A path without its folders: that of a run is a private one with a random name.
std::string short_name(const Name& name) {
    const std::size_t slash = name.path.rfind('/');
    return slash == std::string::npos || name.path[0] == '@' ? name.text() : "…" + name.path.substr(slash);
}

// The payload of a call, without its first `from` bytes where the rest has some: …"1 message 1 message 1 me"…
std::string payload(std::string_view data, std::uint32_t from) {
    return from > 0 && from < data.size() ? "…" + quoted(data.substr(from), kShownBytes)
                                          : quoted(data, kShownBytes);
}

std::string flags_behind(std::int64_t flags) {
    return flags == 0 ? "" : ", " + model::flags_text(Family::message, flags);
}

// In the order of the call's prototype; flags 0 are left out.
std::string arguments(const Facts& facts, const CallRecord& call, std::uint32_t from) {
    std::string fd = std::to_string(call.fd);
    const std::string_view data = facts.trace->bytes(call.data);
    const std::string address = short_name(parse_name(address_of(*facts.trace, call)));
    const std::string behind = address.empty() ? "" : ", " + address;
    switch (call.call) {
        case Call::socket:
        case Call::socketpair:
            return model::constant_name(Family::domain, call.args.first) + ", " +
                   model::type_text(call.args.second) + ", " + std::to_string(call.args.third);
        case Call::listen:
            return fd + ", " + std::to_string(call.args.first);
        case Call::send:
        case Call::sendto:
        case Call::sendmsg:
            return fd + ", " + payload(data, from) + ", " + std::to_string(call.args.first) +
                   flags_behind(call.args.second) + behind;
        case Call::write:
            return fd + ", " + payload(data, from) + ", " + std::to_string(call.args.first);
        case Call::recv:
        case Call::recvfrom:
        case Call::recvmsg:
            return fd + ", " + std::to_string(call.args.first) + flags_behind(call.args.second);
        case Call::read:
            return fd + ", " + std::to_string(call.args.first);
        case Call::shutdown:
            return fd + ", " + model::constant_name(Family::how, call.args.first);
        case Call::setsockopt:
            return fd + ", " + option_level(call.args.first) + ", " +
                   option_name(call.args.first, call.args.second) + ", " +
                   option_value(call.args.first, call.args.second, facts.trace->bytes(call.extra)) + ", " +
                   std::to_string(call.extra.size);
        case Call::getsockopt:
            return fd + ", " + option_level(call.args.first) + ", " +
                   option_name(call.args.first, call.args.second);
        case Call::ioctl:
            return fd + ", " + model::constant_name(Family::request, call.args.first);
        case Call::unlink:
            return quoted(facts.trace->bytes(call.extra), 120);
        case Call::poll:
            return std::to_string(call.args.first) + " ms";
        case Call::accept:
        case Call::close:
        case Call::dup:
        case Call::getsockname:
        case Call::getpeername:
            return fd;
        default:
            return fd + behind;
    }
}

// pollfd of Linux: int fd, short events, short revents.
std::string poll_answer(std::string_view extra) {
    std::string text;
    for (std::size_t at = 0; at + 8 <= extra.size(); at += 8) {
        std::int32_t fd = 0;
        std::int16_t events = 0;
        std::memcpy(&fd, extra.data() + at, sizeof fd);
        std::memcpy(&events, extra.data() + at + 6, sizeof events);
        if (fd >= 0 && events != 0)
            text += (text.empty() ? "" : ", ") + std::to_string(fd) + ": " +
                    model::flags_text(Family::events, static_cast<std::uint16_t>(events));
    }
    return text;
}

std::string behind_result(const Facts& facts, const CallRecord& call, std::uint32_t from) {
    const std::string address = short_name(parse_name(address_of(*facts.trace, call)));
    const std::string_view data = facts.trace->bytes(call.data);
    switch (call.call) {
        case Call::recv:
        case Call::read:
            return data.empty() ? "" : " " + payload(data, from);
        case Call::recvfrom:
        case Call::recvmsg: {
            std::string text = data.empty() ? "" : " " + payload(data, from);
            if (!address.empty()) text += " from " + address;
            if (call.call == Call::recvmsg && call.args.third != 0)
                text += " " + model::flags_text(Family::message, call.args.third);
            return text;
        }
        case Call::accept:
            return address.empty() ? "" : " from " + address;
        case Call::getsockname:
        case Call::getpeername:
            return address.empty() ? "" : " " + address;
        case Call::poll: {
            const std::string answer = poll_answer(facts.trace->bytes(call.extra));
            return answer.empty() ? "" : " (" + answer + ")";
        }
        case Call::ioctl:
            return " (" + std::to_string(call.args.second) + ")";
        case Call::getsockopt:
            return " " + option_value(call.args.first, call.args.second, facts.trace->bytes(call.extra));
        case Call::socketpair: {
            std::int32_t fds[2] = {-1, -1};
            const std::string_view extra = facts.trace->bytes(call.extra);
            if (extra.size() < sizeof fds) return "";
            std::memcpy(fds, extra.data(), sizeof fds);
            return " (" + std::to_string(fds[0]) + ", " + std::to_string(fds[1]) + ")";
        }
        default:
            return "";
    }
}

std::string byte_range(const Packet& packet) {
    const std::uint64_t first = packet.stream_begin + 1;  // people count from 1
    if (packet.stream_end() == first) return "byte " + std::to_string(first);
    return "bytes " + std::to_string(first) + "–" + std::to_string(packet.stream_end());
}

std::string message_names(const Facts& facts, PieceRange range) {
    std::string text;
    std::uint32_t last = kNone;
    for (std::uint32_t i = 0; i < range.count; ++i) {
        const std::uint32_t message = facts.pieces[range.begin + i].message;
        if (message == kNone || message == last) continue;
        text += (text.empty() ? "#" : " #") + std::to_string(facts.messages[message].number);
        last = message;
    }
    return text;
}

// Whether it acknowledges the FIN of the other end, which takes a place behind the last byte (RFC 9293 §3.4).
bool acknowledges_fin(const Facts& facts, std::uint32_t index) {
    const std::uint32_t connection = facts.packet_connection[index];
    if (connection == kNone) return false;
    const model::PacketRecord& record = facts.record(index);
    const Connection& c = facts.connections[connection];
    const ConnectionEnd& peer = record.from == c.end[0].host ? c.end[1] : c.end[0];
    if (peer.fin_offset == UINT64_MAX) return false;
    const auto headers = packet::decode(facts.trace->bytes(record.bytes), packet::Checksums::skip);
    return headers.ack == static_cast<std::uint32_t>(peer.isn + 2 + peer.fin_offset);
}

std::string describe_tcp(const Facts& facts, std::uint32_t index) {
    const Packet& packet = facts.packets[index];
    switch (packet.role) {
        case PacketRole::syn: {  // with bytes: TCP Fast Open
            const std::string names = message_names(facts, packet.pieces);
            return packet.payload_size == 0
                       ? "SYN"
                       : "SYN, " + byte_range(packet) + (names.empty() ? "" : " " + names);
        }
        case PacketRole::synack:
            return "SYN ACK";
        case PacketRole::rst:
            return "RST";
        case PacketRole::probe:
            return "probe";
        case PacketRole::window_update:
            return "window " + std::to_string(packet.window_bytes);
        case PacketRole::fin:
            return "FIN";
        case PacketRole::data: {
            const std::string names = message_names(facts, packet.pieces);
            return byte_range(packet) + (names.empty() ? "" : " " + names) +
                   ((packet.tcp_flags & packet::kFin) != 0 ? " FIN" : "");
        }
        default:
            break;
    }
    if (acknowledges_fin(facts, index)) return "ACK of FIN";
    // As in the header, the byte that is expected next, counted from 1 (RFC 9293 §3.4).
    std::string text = packet.ack_offset == 0 ? "ACK" : "ACK " + std::to_string(packet.ack_offset + 1);
    if (packet.window_bytes == 0) text += " window 0";
    return text;
}

// "echo request 1", without the family and the size that the inspector has room for.
std::string short_summary(const packet::Headers& headers) {
    const std::string text = packet::summary(headers);
    const std::size_t echo = headers.is_icmp() ? text.find("echo ") : std::string::npos;
    return echo == std::string::npos ? text : text.substr(echo, text.find(',') - echo);
}

std::string describe_note(const Facts& facts, const model::NoteRecord& note) {
    std::string text(facts.trace->bytes(note.text));
    switch (note.what) {
        case model::Note::program_start:
            return "the program starts";
        case model::Note::program_end:
            return note.value == 0 ? "the program ends" : "the program was stopped";
        case model::Note::wait_begin:
            return "waits for " + text;
        case model::Note::wait_end:
            return "goes on";
        case model::Note::sleep_begin:
            return "sleeps " + model::format_duration(note.value);
        case model::Note::sleep_end:
            return "wakes up";
        case model::Note::sigpipe:
            return "SIGPIPE" + (text.empty() ? text : " by " + text);
        case model::Note::expectation:
            return (note.value != 0 ? "as expected: " : "not as expected: ") + text;
        case model::Note::script_error:
            return "error in the script: " + text;
        case model::Note::remark:
            return "not quite as the lesson asks: " + text;
        case model::Note::overflow:
            return std::to_string(note.value) + " events are missing";
        case model::Note::count:
            break;
    }
    return text;
}

std::string describe_loss(const Facts& facts, const Loss& loss) {
    std::string what = loss.packet != kNone ? describe_packet(facts, loss.packet) : std::string();
    if (what.empty() && loss.piece.message != kNone)
        what =
            bytes_word(loss.piece.size) + " of #" + std::to_string(facts.messages[loss.piece.message].number);
    return what + " lost: " + loss.why;
}

}  // namespace

std::string describe_call(const Facts& facts, std::uint32_t index, std::uint32_t from) {
    if (index >= facts.trace->calls.size()) return {};
    const CallRecord& call = facts.call(index);
    std::string text = std::string(model::row(call.call).name) + "(" + arguments(facts, call, from) + ")";
    if (call.exit_ns == model::kNever) return text + " …";
    text += " = " + std::to_string(call.result);
    return call.result < 0 ? text + " " + model::errno_name(call.error)
                           : text + behind_result(facts, call, from);
}

std::string describe_packet(const Facts& facts, std::uint32_t index) {
    if (index >= facts.packets.size()) return {};
    const Packet& packet = facts.packets[index];
    const model::PacketRecord& record = facts.record(index);
    if ((record.flags & model::kPayloadOnly) == 0 && packet.protocol == 6 &&
        packet.role != PacketRole::fragment)
        return describe_tcp(facts, index) + (packet.first_copy != kNone ? " again" : "");
    const std::string names = message_names(facts, packet.pieces);
    std::string text = names;
    if ((record.flags & model::kPayloadOnly) != 0) {
        if (text.empty()) text = bytes_word(packet.payload_size);
    } else {
        const auto headers = packet::decode(facts.trace->bytes(record.bytes), packet::Checksums::skip);
        if (headers.fragment)
            text += (text.empty() ? "" : " ") + std::string("fragment at ") +
                    std::to_string(headers.fragment_offset);
        else if (names.empty() || packet.role == PacketRole::icmp)
            text = short_summary(headers) + (names.empty() ? "" : " " + names);
    }
    return (record.flags & model::kDuplicate) != 0 ? text + " ×2" : text;
}

std::string describe(const Facts& facts, const Event& event, std::uint32_t from) {
    using model::RefKind;
    if (event.kind == MarkKind::lost)
        return event.index < facts.losses.size() ? describe_loss(facts, facts.losses[event.index]) : "lost";
    switch (event.of) {
        case RefKind::call: {
            if (event.index >= facts.trace->calls.size()) return {};
            if (event.kind != MarkKind::blocked) return describe_call(facts, event.index, from);
            const CallRecord& call = facts.call(event.index);
            return std::string(model::row(call.call).name) + "(" + arguments(facts, call, from) + ") waits";
        }
        case RefKind::packet: {
            const std::string text = describe_packet(facts, event.index);
            return event.kind == MarkKind::packet_delivered ? text + " arrives" : text;
        }
        case RefKind::note:
            return event.index < facts.trace->notes.size()
                       ? describe_note(facts, facts.trace->notes[event.index])
                       : std::string();
        default:
            return {};
    }
}

}  // namespace socketscope::story

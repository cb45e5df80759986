#include "app/panels/facts.hpp"

#include <fmt/format.h>

#include "app/panels/reasons.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::panels {

namespace {

using story::kNone;
using story::Story;

std::string since(const Story& story, model::TimeNs at) {
    return at == model::kNever ? "never" : model::format_ms(at - story.trace().start_ns, 3) + " ms";
}

std::string program_name(const Story& story, std::uint8_t endpoint) {
    const auto& endpoints = story.trace().endpoints;
    return endpoint < endpoints.size() ? endpoints[endpoint].name : "?";
}

std::string printable(std::string_view bytes, std::size_t limit) {
    std::string text = "\"";
    for (const char byte : bytes.substr(0, limit)) {
        const auto code = static_cast<unsigned char>(byte);
        text += code >= 0x20 && code < 0x7f ? std::string(1, byte) : byte == '\n' ? "\\n" : "·";
    }
    return text + (bytes.size() > limit ? "…\"" : "\"");
}

void add_call_result(Sheet& sheet, const Story& story, const model::CallRecord& call) {
    if (call.exit_ns == model::kNever) {
        sheet.facts.push_back({"result", "it has not returned", false, true});
        return;
    }
    if (call.error) {
        const auto* row = model::find_errno(call.error);
        sheet.facts.push_back({"result", "−1, " + model::errno_name(call.error), true, true});
        if (row) sheet.facts.push_back({"meaning", std::string(row->means), false, false});
        if (row && !row->helps.empty())
            sheet.facts.push_back({"what helps", std::string(row->helps), false, false});
    } else {
        sheet.facts.push_back({"result", std::to_string(call.result), true, false});
    }
    sheet.facts.push_back(
        {"returned",
         since(story, call.exit_ns) + ", after " + model::format_duration(call.exit_ns - call.enter_ns),
         false, false});
}

void mark_pieces(Sheet& sheet, const Story& story, story::PieceRange range, std::size_t offset) {
    for (const auto& piece : story.pieces(range)) {
        if (piece.message != kNone) {
            const auto& message = story.messages()[piece.message];
            sheet.marks.push_back({offset,
                                   piece.size,
                                   message.hue,
                                   fmt::format("message {}", message.number),
                                   {model::RefKind::byte, 0, piece.message, piece.offset}});
        }
        offset += piece.size;
    }
}

Sheet call_sheet(const Story& story, std::uint32_t index) {
    const auto& call = story.trace().calls[index];
    const auto& row = model::row(call.call);
    Sheet sheet;
    sheet.title = story.describe_call(index);
    sheet.facts.push_back({"program",
                           call.line
                               ? fmt::format("{}, line {}", program_name(story, call.endpoint),
                                             story.trace().endpoints[call.endpoint].file_line(call.line))
                               : program_name(story, call.endpoint),
                           false, false});
    sheet.facts.push_back({"call", fmt::format("{}: {}", row.man, row.does), false, false});
    sheet.facts.push_back({"entered", since(story, call.enter_ns), false, false});
    add_call_result(sheet, story, call);
    if (call.flags & model::kRaisedSigpipe)
        sheet.facts.push_back(
            {"signal", "SIGPIPE: it kills a program that ignores nothing (send(2))", false, true});
    if (call.flags & model::kInterrupted)
        sheet.facts.push_back({"stopped", "ended by a signal of Socketscope", false, false});
    if (call.flags & model::kOurOwnCall)
        sheet.facts.push_back({"made by", "Socketscope, to look; not by the script", false, false});
    if (call.flags & model::kPayloadCut)
        sheet.facts.push_back({"bytes", "only the first were recorded", false, false});
    sheet.bytes = story.trace().bytes(call.data);
    if (const auto message = story.message_of(index); message != kNone)
        sheet.marks.push_back({0,
                               story.messages()[message].size,
                               story.messages()[message].hue,
                               fmt::format("message {}", story.messages()[message].number),
                               {model::RefKind::byte, 0, message, 0}});
    if (const auto receive = story.receive_of(index); receive != kNone)
        mark_pieces(sheet, story, story.receives()[receive].pieces, 0);
    return sheet;
}

std::string fate(const Story& story, const model::PacketRecord& packet) {
    using model::Cause;
    switch (packet.verdict) {
        case model::Verdict::delivered:
            return "delivered at " + since(story, packet.delivered_ns);
        case model::Verdict::in_flight:
            return "still on the wire";
        case model::Verdict::dropped:
            break;
    }
    switch (packet.cause) {
        case Cause::rule:
            if (packet.rule && packet.rule <= story.trace().link.rules.size())
                return "lost on the wire, by the rule: " + story.trace().link.rules[packet.rule - 1].text;
            return "lost on the wire, by a rule";
        case Cause::chance:
            return "lost on the wire, by chance";
        case Cause::queue_full:
            return "lost: the queue in front of the wire was full";
        case Cause::person:
            return "dropped by hand";
        case Cause::device:
            return "the kernel did not take it: " + model::errno_sentence(packet.error);
        case Cause::wire_closed:
            return "on the wire when the run ended";
        case Cause::none:
            break;
    }
    return "lost on the wire";
}

// Packets are counted from 1, as in the story's sentences.
Sheet packet_sheet(const Story& story, std::uint32_t index) {
    const auto& record = story.trace().packets[index];
    const auto& packet = story.packets()[index];
    Sheet sheet;
    sheet.title = fmt::format("Packet {}: {}", index + 1, story.describe_packet(index));
    sheet.facts.push_back(
        {"from", record.from == model::Host::client ? "client host" : "server host", false, false});
    sheet.facts.push_back({"sent", since(story, record.sent_ns), false, false});
    sheet.facts.push_back({"fate", fate(story, record), false, record.verdict == model::Verdict::dropped});
    if (packet.first_copy != kNone)
        sheet.facts.push_back(
            {"again", fmt::format("retransmission of packet {}", packet.first_copy + 1), false, false});
    if (record.flags & model::kDuplicate)
        sheet.facts.push_back(
            {"copy", fmt::format("the wire duplicated packet {}", record.copy_of + 1), false, false});
    if (record.flags & model::kCorrupted)
        sheet.facts.push_back({"damaged", "the wire flipped a bit", false, true});
    if (record.flags & model::kHeld)
        sheet.facts.push_back({"held", "others may have overtaken it", false, false});
    sheet.bytes = story.trace().bytes(record.bytes);
    if (record.flags & model::kPayloadOnly) {
        sheet.facts.push_back(
            {"bytes", "the datagram's payload: on this rung no headers are seen", false, false});
        mark_pieces(sheet, story, packet.pieces, 0);
        return sheet;
    }
    for (const auto& field : packet::fields(sheet.bytes)) {
        sheet.details.push_back({field.name,
                                 field.source.empty() ? field.value : field.value + "  · " + field.source,
                                 true, false});
        sheet.marks.push_back({field.offset, field.size, -1, field.name + ": " + field.value, {}});
    }
    mark_pieces(sheet, story, packet.pieces, story.headers(index).payload_offset);
    return sheet;
}

Sheet message_sheet(const Story& story, std::uint32_t index, std::optional<std::uint32_t> byte) {
    const auto& message = story.messages()[index];
    const auto bytes = story.trace().bytes(story.trace().calls[message.call].data).substr(0, message.size);
    Sheet sheet;
    sheet.title = byte ? fmt::format("Byte {} of message {}", *byte + 1, message.number)
                       : fmt::format("Message {}: {}", message.number, printable(bytes, 24));
    sheet.facts.push_back(
        {"sent by",
         fmt::format("{}, {}", program_name(story, message.endpoint), story.describe_call(message.call)),
         false, false});
    sheet.facts.push_back({"in the kernel", "from " + since(story, story.handed_ns(index)), false, false});
    std::size_t packets = 0, lost = 0;
    for (const auto& ref : story.related({model::RefKind::message, 0, index, 0}))
        if (ref.kind == model::RefKind::packet && ref.index < story.trace().packets.size()) {
            ++packets;
            lost += story.trace().packets[ref.index].verdict == model::Verdict::dropped;
        }
    if (packets)
        sheet.facts.push_back(
            {"packets", lost ? fmt::format("{}, of these lost: {}", packets, lost) : std::to_string(packets),
             false, lost > 0});
    for (std::uint32_t r = 0; r < story.receives().size(); ++r) {
        const auto& receive = story.receives()[r];
        for (const auto& piece : story.pieces(receive.pieces)) {
            if (piece.message != index ||
                (byte && (*byte < piece.offset || *byte >= piece.offset + piece.size)))
                continue;
            sheet.facts.push_back(
                {"received by",
                 fmt::format("{} at {}: {} bytes of it", program_name(story, receive.endpoint),
                             since(story, story.given_ns(r)), piece.size),
                 false, false});
        }
        if (sheet.facts.size() > 40) break;  // a list to read, not a log
    }
    sheet.bytes = bytes;
    const std::string name = fmt::format("message {}", message.number);
    sheet.marks.push_back(
        {0, bytes.size(), byte ? -1 : message.hue, name, {model::RefKind::byte, 0, index, 0}});
    if (byte) sheet.marks.push_back({*byte, 1, message.hue, name, {model::RefKind::byte, 0, index, *byte}});
    return sheet;
}

Sheet socket_sheet(const player::State& state, const Story& story, std::uint32_t index) {
    const auto& socket = story.sockets()[index];
    const model::TimeNs now = story.trace().start_ns + state.t;
    Sheet sheet;
    sheet.title = fmt::format("Socket {} of {}", socket.fd, program_name(story, socket.endpoint));
    sheet.facts.push_back({"kind", model::to_string(socket.kind), true, false});
    if (const auto* change = story.state_at(index, now))
        sheet.facts.push_back(
            {"state", change->state + (change->evidence == story::Evidence::inferred ? " (inferred)" : ""),
             false, false});
    if (!socket.local.empty()) sheet.facts.push_back({"address", socket.local, true, false});
    if (!socket.remote.empty()) sheet.facts.push_back({"peer", socket.remote, true, false});
    const auto queue_text = [](const story::Queue& queue) {
        std::string text = fmt::format("{} bytes", queue.bytes);
        if (queue.held_bytes) text += fmt::format(", {} of them behind a hole", queue.held_bytes);
        if (queue.capacity) text += fmt::format("; buffer {} bytes", queue.capacity);
        return text;
    };
    if (story.open_at(index, now)) {
        sheet.facts.push_back({"send queue", queue_text(story.send_queue_at(index, now)), false, false});
        sheet.facts.push_back(
            {"receive queue", queue_text(story.receive_queue_at(index, now)), false, false});
    } else {
        sheet.facts.push_back({"open", "not at this moment", false, false});
    }
    for (const auto& change : socket.states)
        sheet.details.push_back({since(story, change.at_ns), change.state, false, false});
    return sheet;
}

Sheet program_sheet(const player::State& state, const Story& story, std::uint32_t index) {
    const auto now = story.program_at(static_cast<std::uint8_t>(index), story.trace().start_ns + state.t);
    static constexpr const char* kDoing[] = {
        "has not started",           "is running", "is in a call", "is blocked in a call",
        "waits for another program", "sleeps",     "has ended",    "was stopped"};
    Sheet sheet;
    sheet.title = "Program " + program_name(story, static_cast<std::uint8_t>(index));
    sheet.facts.push_back(
        {"now", kDoing[static_cast<std::size_t>(now.doing)], false, now.doing == story::Doing::blocked});
    if (now.call != kNone) sheet.facts.push_back({"call", story.describe_call(now.call), true, false});
    sheet.facts.push_back({"since", since(story, now.since_ns), false, false});
    if (now.line)
        sheet.facts.push_back(
            {"line", std::to_string(story.trace().endpoints[index].file_line(now.line)), false, false});
    return sheet;
}

Sheet note_sheet(const Story& story, std::uint32_t index) {
    const auto& note = story.trace().notes[index];
    Sheet sheet;
    sheet.title =
        story.describe({note.at_ns, index, model::RefKind::note, story::MarkKind::control, note.endpoint});
    sheet.facts.push_back({"program", program_name(story, note.endpoint), false, false});
    sheet.facts.push_back({"at", since(story, note.at_ns), false, false});
    if (note.line)
        sheet.facts.push_back({"line",
                               std::to_string(story.trace().endpoints[note.endpoint].file_line(note.line)),
                               false, false});
    return sheet;
}

std::optional<Sheet> make_sheet(const player::State& state, const Story& story, model::Ref ref) {
    const auto& trace = story.trace();
    switch (ref.kind) {
        case model::RefKind::call:
            if (ref.index < trace.calls.size()) return call_sheet(story, ref.index);
            break;
        case model::RefKind::packet:
            if (ref.index < trace.packets.size()) return packet_sheet(story, ref.index);
            break;
        case model::RefKind::message:
            if (ref.index < story.messages().size()) return message_sheet(story, ref.index, std::nullopt);
            break;
        case model::RefKind::byte:
            if (ref.index < story.messages().size() && ref.offset < story.messages()[ref.index].size)
                return message_sheet(story, ref.index, ref.offset);
            break;
        case model::RefKind::socket:
            if (ref.index < story.sockets().size()) return socket_sheet(state, story, ref.index);
            break;
        case model::RefKind::endpoint:
            if (ref.index < trace.endpoints.size()) return program_sheet(state, story, ref.index);
            break;
        case model::RefKind::note:
            if (ref.index < trace.notes.size()) return note_sheet(story, ref.index);
            break;
        case model::RefKind::none:
            break;
    }
    return std::nullopt;
}

}  // namespace

std::string name_of(const player::State& state, model::Ref ref) {
    if (ref.lane >= state.lanes.size()) return {};
    const Story& story = *state.lanes[ref.lane].story;
    const auto& trace = story.trace();
    switch (ref.kind) {
        case model::RefKind::call:
            if (ref.index >= trace.calls.size()) break;
            return program_name(story, trace.calls[ref.index].endpoint) + ": " +
                   story.describe_call(ref.index);
        case model::RefKind::packet:
            if (ref.index >= trace.packets.size()) break;
            return story.describe_packet(ref.index) +
                   (trace.packets[ref.index].verdict == model::Verdict::dropped ? ", lost" : "");
        case model::RefKind::message:
        case model::RefKind::byte:
            if (ref.index >= story.messages().size()) break;
            return fmt::format("#{} of {}", story.messages()[ref.index].number,
                               program_name(story, story.messages()[ref.index].endpoint));
        case model::RefKind::socket:
            if (ref.index >= story.sockets().size()) break;
            return fmt::format("{} of {}", story.sockets()[ref.index].fd,
                               program_name(story, story.sockets()[ref.index].endpoint));
        case model::RefKind::endpoint:
            return program_name(story, static_cast<std::uint8_t>(ref.index));
        case model::RefKind::note:
        case model::RefKind::none:
            break;
    }
    return {};
}

std::optional<Sheet> sheet_of(const player::State& state, model::Ref ref) {
    if (ref.lane >= state.lanes.size()) return std::nullopt;
    const Story& story = *state.lanes[ref.lane].story;
    auto sheet = make_sheet(state, story, ref);
    if (!sheet) return sheet;
    sheet->why = evidence_of(state, ref);
    sheet->reason = reason_for(state, ref);
    return sheet;
}

}  // namespace socketscope::panels

#include "app/cli/run_json.hpp"

#include <nlohmann/json.hpp>

#include "app/cli/call_args.hpp"
#include "app/cli/json_writer.hpp"
#include "core/model/call.hpp"
#include "core/model/errno_text.hpp"
#include "core/trace/event_fields.hpp"

namespace socketscope::cli {

namespace {

using Json = nlohmann::ordered_json;

// A time since the lane's start; null for "never".
Json since(const trace::LaneTrace& lane, model::TimeNs at_ns) {
    return at_ns == model::kNever ? Json(nullptr) : Json(at_ns - lane.start_ns);
}

Json index_or_null(std::uint32_t index) {
    return index == story::kNone ? Json(nullptr) : Json(index);
}

Json call_json(const trace::LaneTrace& lane, const model::CallRecord& call) {
    Json entry{{"endpoint", lane.endpoints[call.endpoint].name},
               {"line", lane.endpoints[call.endpoint].file_line(call.line)},
               {"call", model::row(call.call).name},
               {"args", call_args(lane, call)},
               {"result", call.exit_ns == model::kNever ? Json(nullptr) : Json(call.result)},
               {"errno", call.error ? Json(model::errno_name(call.error)) : Json(nullptr)},
               {"enter_ns", since(lane, call.enter_ns)},
               {"exit_ns", since(lane, call.exit_ns)}};
    if (call.flags & model::kOurOwnCall) entry["ours"] = true;
    if (call.flags & model::kRaisedSigpipe) entry["sigpipe"] = true;
    if (call.flags & model::kInterrupted) entry["stopped"] = true;
    return entry;
}

template <class Enum, std::size_t N>
std::string_view word(const trace::Words<Enum, N>& words, Enum value) {
    return words.words[static_cast<std::size_t>(value)];
}

JsonEntry packet_json(const trace::LaneTrace& lane, const story::Story& story, std::uint32_t number) {
    const model::PacketRecord& packet = lane.packets[number];
    Json entry{{"id", number},
               {"from", word(trace::kHosts, packet.from)},
               {"sent_ns", since(lane, packet.sent_ns)},
               {"verdict", word(trace::kVerdicts, packet.verdict)},
               {"delivered_ns", packet.verdict == model::Verdict::delivered ? since(lane, packet.delivered_ns)
                                                                            : Json(nullptr)},
               {"what", story.describe_packet(number)}};
    if (packet.cause != model::Cause::none) entry["cause"] = word(trace::kCauses, packet.cause);
    if (packet.rule) entry["rule"] = lane.link.rules.at(packet.rule - 1).text;
    if (packet.flags & model::kDuplicate) entry["copy_of"] = packet.copy_of;
    if (packet.flags & model::kPayloadOnly) entry["payload_only"] = true;
    const std::uint32_t first = story.packets()[number].first_copy;
    if (first != story::kNone) entry["retransmission_of"] = first;
    JsonEntry::Bytes delivered;
    if (packet.flags & model::kCorrupted) delivered = {"delivered_bytes", lane.bytes(packet.delivered_bytes)};
    return {std::move(entry), {{{"bytes", lane.bytes(packet.bytes)}, delivered}}};
}

JsonEntry sent_json(const trace::LaneTrace& lane, const story::Message& message) {
    const auto& call = lane.calls[message.call];
    return {{{"message", message.number},
             {"endpoint", lane.endpoints[message.endpoint].name},
             {"call", message.call},
             {"size", message.size}},
            {{{"bytes", lane.bytes(call.data).substr(0, message.size)}}}};
}

JsonEntry received_json(const trace::LaneTrace& lane, const story::Story& story,
                        const story::Receive& receive) {
    Json pieces = Json::array();
    for (const auto& piece : story.pieces(receive.pieces)) {
        pieces.push_back(
            {{"message",
              piece.message == story::kNone ? Json(nullptr) : Json(story.messages()[piece.message].number)},
             {"offset", piece.offset},
             {"size", piece.size}});
    }
    Json entry{{"endpoint", lane.endpoints[receive.endpoint].name},
               {"call", receive.call},
               {"size", receive.discarded ? 0 : lane.calls[receive.call].data.size},
               {"pieces", pieces}};
    if (receive.end_of_file) entry["end_of_file"] = true;
    if (receive.cut_bytes) entry["cut_bytes"] = receive.cut_bytes;
    if (receive.peeked) entry["peeked"] = true;
    if (receive.error_queue) entry["error_queue"] = true;
    const std::string_view bytes =
        receive.discarded ? std::string_view{} : lane.bytes(lane.calls[receive.call].data);
    return {std::move(entry), {{{"bytes", bytes}}}};
}

std::string_view place_word(story::LossPlace place) {
    switch (place) {
        case story::LossPlace::wire:
            return "wire";
        case story::LossPlace::device:
            return "device";
        case story::LossPlace::checksum:
            return "checksum";
        case story::LossPlace::receive_queue:
            return "receive_queue";
        case story::LossPlace::no_listener:
            return "no_listener";
        case story::LossPlace::truncated:
            return "truncated";
        case story::LossPlace::unread:
            return "unread";
        case story::LossPlace::reset:
            return "reset";
        case story::LossPlace::backlog:
            return "backlog";
    }
    return "";
}

Json lost_json(const trace::LaneTrace& lane, const story::Story& story, const story::Loss& loss) {
    Json entry{{"at_ns", since(lane, loss.at_ns)},
               {"place", place_word(loss.place)},
               {"evidence", loss.evidence == story::Evidence::observed ? "observed" : "inferred"},
               {"packet", index_or_null(loss.packet)},
               {"repaired", loss.repaired},
               {"why", loss.why}};
    if (loss.piece.message != story::kNone) {
        entry["message"] = story.messages()[loss.piece.message].number;
        entry["offset"] = loss.piece.offset;
        entry["size"] = loss.piece.size;
    }
    return entry;
}

Json state_json(const trace::LaneTrace& lane, const story::StateChange& change) {
    Json entry{{"at_ns", since(lane, change.at_ns)},
               {"state", change.state},
               {"evidence", change.evidence == story::Evidence::observed ? "observed" : "inferred"}};
    if (change.cause.kind == model::RefKind::call) entry["call"] = change.cause.index;
    if (change.cause.kind == model::RefKind::packet) entry["packet"] = change.cause.index;
    return entry;
}

Json socket_json(const trace::LaneTrace& lane, const story::Socket& socket) {
    Json states = Json::array();
    for (const auto& change : socket.states) states.push_back(state_json(lane, change));
    return {{"endpoint", lane.endpoints[socket.endpoint].name},
            {"fd", socket.fd < 0 ? Json(nullptr) : Json(socket.fd)},
            {"kind", model::to_string(socket.kind)},
            {"local", socket.local},
            {"remote", socket.remote},
            {"made_by", index_or_null(socket.made_by)},
            {"peer", index_or_null(socket.peer)},
            {"listener", index_or_null(socket.listener)},
            {"opened_ns", since(lane, socket.opened_ns)},
            {"closed_ns", since(lane, socket.closed_ns)},
            {"states", states}};
}

Json expectation_json(const trace::LaneTrace& lane, const trace::ExpectationResult& result) {
    return {{"endpoint", lane.endpoints[result.endpoint].name},
            {"line", lane.endpoints[result.endpoint].file_line(result.line)},
            {"held", result.held},
            {"expected", result.expected},
            {"seen", result.seen}};
}

Json remark_json(const trace::LaneTrace& lane, const model::NoteRecord& note) {
    const std::string text(lane.bytes(note.text));
    if (note.line == 0) return {{"text", text}};
    const trace::Endpoint& program = lane.endpoints[note.endpoint];
    return {{"endpoint", program.name}, {"line", program.file_line(note.line)}, {"text", text}};
}

void write_lane(const trace::LaneTrace& lane, JsonWriter& out) {
    const story::Story story(lane);
    Json head{
        {"kind", model::to_string(lane.kind)}, {"start_ns", lane.start_ns}, {"complete", lane.complete}};
    if (!lane.refused.empty()) head["refused"] = lane.refused;
    head["retransmitted"] = story.retransmissions();
    for (const model::SampleRecord& sample : lane.samples)
        if (sample.what == model::Sample::device_drops)
            head["device_drops"][sample.endpoint == 0 ? "client" : "server"] = sample.value;
    if (lane.dropped_events) head["dropped_events"] = lane.dropped_events;
    out.open(head);
    out.list("calls", lane.calls, [&](const auto& call) { return call_json(lane, call); });
    out.list("packets", lane.packets,
             [&, number = 0U](const auto&) mutable { return packet_json(lane, story, number++); });
    out.list("sockets", story.sockets(), [&](const auto& socket) { return socket_json(lane, socket); });
    out.list("sent", story.messages(), [&](const auto& message) { return sent_json(lane, message); });
    out.list("received", story.receives(),
             [&](const auto& receive) { return received_json(lane, story, receive); });
    out.list("lost", story.losses(), [&](const auto& loss) { return lost_json(lane, story, loss); });
    out.list("expectations", lane.expectations,
             [&](const auto& result) { return expectation_json(lane, result); });
    std::vector<model::NoteRecord> remarks;
    for (const auto& note : lane.notes)
        if (note.what == model::Note::script_error || note.what == model::Note::remark)
            remarks.push_back(note);
    if (!remarks.empty())
        out.list("remarks", remarks, [&](const auto& note) { return remark_json(lane, note); });
    out.raw("}");
}

}  // namespace

void write_run_json(const trace::Trace& trace, const JsonWriter::Sink& write) {
    JsonWriter out(write);
    out.open({{"title", trace.title}, {"rung", trace.rung}, {"kernel", trace.kernel}, {"seed", trace.seed}});
    out.raw(",\n\"lanes\": [");
    bool first = true;
    for (const auto& lane : trace.lanes) {
        out.raw(first ? "\n" : ",\n");
        write_lane(lane, out);
        first = false;
    }
    out.raw("]}\n");
    out.end();
}

}  // namespace socketscope::cli

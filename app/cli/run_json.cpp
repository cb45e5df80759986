#include "app/cli/run_json.hpp"

#include <nlohmann/json.hpp>

#include "app/cli/call_args.hpp"
#include "core/model/call.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4];
        text += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

// A time since the lane's start; null for "never".
Json since(const trace::LaneTrace& lane, model::TimeNs at_ns) {
    return at_ns == model::kNever ? Json(nullptr) : Json(at_ns - lane.start_ns);
}

Json index_or_null(std::uint32_t index) {
    return index == story::kNone ? Json(nullptr) : Json(index);
}

Json call_json(const trace::LaneTrace& lane, const model::CallRecord& call) {
    Json entry{{"endpoint", lane.endpoints[call.endpoint].name},
               {"line", call.line},
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

std::string_view verdict_word(model::Verdict verdict) {
    switch (verdict) {
        case model::Verdict::in_flight:
            return "in_flight";
        case model::Verdict::delivered:
            return "delivered";
        case model::Verdict::dropped:
            return "dropped";
    }
    return "";
}

std::string_view cause_word(model::Cause cause) {
    switch (cause) {
        case model::Cause::none:
            return "";
        case model::Cause::rule:
            return "rule";
        case model::Cause::chance:
            return "chance";
        case model::Cause::queue_full:
            return "queue_full";
        case model::Cause::person:
            return "person";
        case model::Cause::device:
            return "device";
        case model::Cause::wire_closed:
            return "wire_closed";
    }
    return "";
}

Json packet_json(const trace::LaneTrace& lane, const story::Story& story, const model::PacketRecord& packet) {
    Json entry{{"id", packet.id},
               {"from", packet.from == model::Host::client ? "client" : "server"},
               {"sent_ns", since(lane, packet.sent_ns)},
               {"verdict", verdict_word(packet.verdict)},
               {"delivered_ns", packet.verdict == model::Verdict::delivered ? since(lane, packet.delivered_ns)
                                                                            : Json(nullptr)},
               {"what", story.describe_packet(packet.id)},
               {"bytes", hex(lane.bytes(packet.bytes))}};
    if (packet.cause != model::Cause::none) entry["cause"] = cause_word(packet.cause);
    if (packet.rule) entry["rule"] = lane.link.rules.at(packet.rule - 1).text;
    if (packet.flags & model::kDuplicate) entry["copy_of"] = packet.copy_of;
    if (packet.flags & model::kCorrupted) entry["delivered_bytes"] = hex(lane.bytes(packet.delivered_bytes));
    if (packet.flags & model::kPayloadOnly) entry["payload_only"] = true;
    const std::uint32_t first = story.packets()[packet.id].first_copy;
    if (first != story::kNone) entry["retransmission_of"] = first;
    return entry;
}

Json sent_json(const trace::LaneTrace& lane, const story::Message& message) {
    const auto& call = lane.calls[message.call];
    return {{"message", message.number},
            {"endpoint", lane.endpoints[message.endpoint].name},
            {"call", message.call},
            {"size", message.size},
            {"bytes", hex(lane.bytes(call.data).substr(0, message.size))}};
}

Json received_json(const trace::LaneTrace& lane, const story::Story& story, const story::Receive& receive) {
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
               {"size", lane.calls[receive.call].data.size},
               {"bytes", hex(lane.bytes(lane.calls[receive.call].data))},
               {"pieces", pieces}};
    if (receive.end_of_file) entry["end_of_file"] = true;
    if (receive.cut_bytes) entry["cut_bytes"] = receive.cut_bytes;
    if (receive.peeked) entry["peeked"] = true;
    return entry;
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

Json lane_json(const trace::LaneTrace& lane) {
    Json entry{
        {"kind", model::to_string(lane.kind)}, {"start_ns", lane.start_ns}, {"complete", lane.complete}};
    if (!lane.refused.empty()) entry["refused"] = lane.refused;
    for (const char* list : {"calls", "packets", "sent", "received", "lost"}) entry[list] = Json::array();
    const story::Story story(lane);
    for (const auto& call : lane.calls) entry["calls"].push_back(call_json(lane, call));
    for (const auto& packet : lane.packets) entry["packets"].push_back(packet_json(lane, story, packet));
    for (const auto& message : story.messages()) entry["sent"].push_back(sent_json(lane, message));
    for (const auto& receive : story.receives())
        entry["received"].push_back(received_json(lane, story, receive));
    for (const auto& loss : story.losses()) entry["lost"].push_back(lost_json(lane, story, loss));
    entry["retransmitted"] = story.retransmissions();
    entry["expectations"] = Json::array();
    for (const auto& result : lane.expectations) {
        entry["expectations"].push_back({{"endpoint", lane.endpoints[result.endpoint].name},
                                         {"line", result.line},
                                         {"held", result.held},
                                         {"expected", result.expected},
                                         {"seen", result.seen}});
    }
    if (lane.dropped_events) entry["dropped_events"] = lane.dropped_events;
    return entry;
}

}  // namespace

nlohmann::ordered_json run_json(const trace::Trace& trace) {
    Json answer{{"title", trace.title},
                {"rung", trace.rung},
                {"kernel", trace.kernel},
                {"seed", trace.seed},
                {"lanes", Json::array()}};
    for (const auto& lane : trace.lanes) answer["lanes"].push_back(lane_json(lane));
    return answer;
}

}  // namespace socketscope::cli

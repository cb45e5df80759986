// The fields of each sort of line of a trace file, in the order in which they are written. docs/trace-format.md
// documents them for people.
#pragma once

#include <utility>

#include "core/model/call.hpp"
#include "core/trace/fields.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::trace {

inline constexpr Words<model::Host, 2> kHosts{{"client", "server"}};
inline constexpr Words<model::Verdict, 3> kVerdicts{{"in_flight", "delivered", "dropped"}};
inline constexpr Words<model::Cause, 7> kCauses{
    {"none", "rule", "chance", "queue_full", "person", "device", "wire_closed"}};
inline constexpr Words<model::Sample, static_cast<std::size_t>(model::Sample::count)> kSamples{
    {"send_buffer", "receive_buffer", "tcp_state", "tcp_retransmits", "tcp_unacked", "tcp_cwnd",
     "receive_drops", "device_drops"}};
inline constexpr Words<model::Note, static_cast<std::size_t>(model::Note::count)> kNotes{
    {"program_start", "program_end", "wait_begin", "wait_end", "sleep_begin", "sleep_end", "sigpipe",
     "expectation", "script_error", "remark", "overflow"}};
inline constexpr Words<model::RuleAction, 5> kActions{{"drop", "hold", "duplicate", "corrupt", "swap"}};
inline constexpr Words<model::PacketClass, 9> kClasses{
    {"any", "data", "syn", "synack", "ack", "fin", "rst", "fragment", "icmp"}};

template <class Enum, std::size_t N>
constexpr bool names_all(const Words<Enum, N>& names, Enum last) {
    return !names.words.back().empty() && static_cast<std::size_t>(last) + 1 == N;
}
static_assert(names_all(kVerdicts, model::Verdict::dropped) && names_all(kCauses, model::Cause::wire_closed));
static_assert(names_all(kSamples, model::Sample::device_drops) && names_all(kNotes, model::Note::overflow));
static_assert(names_all(kActions, model::RuleAction::swap) && names_all(kClasses, model::PacketClass::icmp));

template <class V>
void fields(V& v, model::CallRecord& call) {
    v.custom(
        "call", [&] { return model::row(call.call).name; },
        [&](JsonReader& in) {
            const auto known = model::parse_call(in.word());
            if (!known) in.fail("a system call of the script language");
            call.call = *known;
        });
    v.number("endpoint", call.endpoint);
    v.number("enter_ns", call.enter_ns);
    v.number("exit_ns", call.exit_ns, model::kNever);
    v.number("result", call.result, 0);
    v.number("error", call.error, 0);
    v.number("fd", call.fd, -1);
    v.number("line", call.line, 0);
    v.number("flags", call.flags, 0);
    v.numbers("args", call.args.first, call.args.second, call.args.third);
    v.bytes_once("data", call.data, &LastBytes::data);
    v.bytes_once("extra", call.extra, &LastBytes::extra);
}

struct NumberedPacket {
    std::uint32_t number{0};  // its index in LaneTrace::packets
    model::PacketRecord record;
};
template <class V>
void fields(V& v, NumberedPacket& numbered) {
    model::PacketRecord& packet = numbered.record;
    v.number("packet", numbered.number);
    v.word("from", kHosts, packet.from);
    v.number("sent_ns", packet.sent_ns);
    v.number("due_ns", packet.due_ns);
    v.number("delivered_ns", packet.delivered_ns, model::kNever);
    v.word("verdict", kVerdicts, packet.verdict);
    v.word("cause", kCauses, packet.cause);
    v.number("copy_of", packet.copy_of, model::PacketRecord::kNoPacket);
    v.number("rule", packet.rule, 0);
    v.number("error", packet.error, 0);
    v.number("flags", packet.flags, 0);
    v.bytes("bytes", packet.bytes);
    v.bytes("delivered_bytes", packet.delivered_bytes);
}

template <class V>
void fields(V& v, model::SampleRecord& sample) {
    v.word("sample", kSamples, sample.what);
    v.number("endpoint", sample.endpoint);
    v.number("at_ns", sample.at_ns);
    v.number("value", sample.value);
    v.number("fd", sample.fd, -1);
}

template <class V>
void fields(V& v, model::NoteRecord& note) {
    v.word("note", kNotes, note.what);
    v.number("endpoint", note.endpoint);
    v.number("at_ns", note.at_ns);
    v.number("value", note.value, 0);
    v.number("line", note.line, 0);
    v.text("text", note.text);
}

template <class V>
void fields(V& v, ExpectationResult& result) {
    v.number("expectation", result.line);
    v.number("endpoint", result.endpoint);
    v.boolean("held", result.held);
    v.string("expected", result.expected);
    v.string("seen", result.seen);
}

template <class V>
void fields(V& v, model::LinkRule& rule) {
    v.word("action", kActions, rule.action);
    v.word("what", kClasses, rule.what);
    v.number("nth", rule.nth);
    v.word("from", kHosts, rule.from);
    v.number("hold_ns", rule.hold_ns, 0);
    v.string("text", rule.text);
}

template <class V>
void fields(V& v, model::LinkSpec& link) {
    const model::LinkSpec usual;
    v.number("delay_ns", link.delay_ns, 0);
    v.number("jitter_ns", link.jitter_ns, 0);
    v.real("loss", link.loss);
    v.real("reorder", link.reorder);
    v.number("reorder_hold_ns", link.reorder_hold_ns, usual.reorder_hold_ns);
    v.real("duplicate", link.duplicate);
    v.real("corrupt", link.corrupt);
    v.number("rate_bps", link.rate_bps, 0);
    v.number("queue_packets", link.queue_packets, usual.queue_packets);
    v.list("rules", link.rules);
}

template <class V>
void fields(V& v, Endpoint& endpoint) {
    v.string("name", endpoint.name);
    v.word("host", kHosts, endpoint.host);
    v.string("script", endpoint.script);
    v.number("first_line", endpoint.first_line, 1);
}

template <class V>
void fields(V& v, HostAddress& address) {
    v.word("host", kHosts, address.host);
    v.string("ip", address.ip);
}

template <class V>
void fields(V& v, Setting& setting) {
    v.string("name", setting.name);
    v.string("value", setting.value);
}

// A lane's first line: what is known before it runs.
struct LaneBegin {
    LaneTrace& lane;
};
template <class V>
void fields(V& v, LaneBegin& begin) {
    LaneTrace& lane = begin.lane;
    v.custom(
        "lane",
        [&] {
            return model::to_string(
                {lane.kind.domain, lane.kind.type, model::row(lane.kind).default_protocol});
        },
        [&](JsonReader& in) {
            const auto kind = model::parse_kind(in.word());
            if (!kind) in.fail("a kind of socket (" + model::kind_names() + ")");
            lane.kind = *kind;
        });
    v.number("protocol", lane.kind.protocol);
    v.number("start_ns", lane.start_ns);
    v.list("endpoints", lane.endpoints);
    v.list("addresses", lane.addresses);
    v.nested("link", lane.link);
    v.list("settings", lane.settings);
}
// A lane's last line.
struct LaneEnd {
    LaneTrace& lane;
};
template <class V>
void fields(V& v, LaneEnd& end) {
    v.number("lane_end", end.lane.end_ns);
    v.boolean("complete", end.lane.complete);
    v.string("refused", end.lane.refused);
    v.number("dropped_events", end.lane.dropped_events, 0);
}

// The file's first line.
struct TraceBegin {
    Trace& trace;
    std::string format;
    int version{0};
};
template <class V>
void fields(V& v, TraceBegin& begin) {
    v.string("format", begin.format);
    v.number("version", begin.version);
    v.string("title", begin.trace.title);
    v.string("source_name", begin.trace.source_name);
    v.string("rung", begin.trace.rung);
    v.string("kernel", begin.trace.kernel);
    v.string("recorded_at", begin.trace.recorded_at);
    v.number("seed", begin.trace.seed);
    v.string("source", begin.trace.source);
}
// Its last line.
struct TraceEnd {
    std::uint64_t lines{0};
};
template <class V>
void fields(V& v, TraceEnd& end) {
    v.number("trace_end", end.lines);
}

}  // namespace socketscope::trace

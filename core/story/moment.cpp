// Finds the moments that lessons name.
#include <algorithm>

#include "core/story/query.hpp"

namespace socketscope::story {
namespace {

using model::Moment;

std::optional<TimeNs> find_call(const Facts& facts, const Moment& moment) {
    std::uint32_t seen = 0;
    for (std::size_t e = 0; e < facts.endpoint_calls.size() && e < facts.trace->endpoints.size(); ++e) {
        if (facts.trace->endpoints[e].name != moment.endpoint) continue;
        for (const std::uint32_t i : facts.endpoint_calls[e]) {
            const model::CallRecord& call = facts.call(i);
            if (call.call != moment.call || ++seen != moment.nth) continue;
            if (moment.at_enter) return call.enter_ns;
            return call.exit_ns == model::kNever ? std::nullopt : std::optional(call.exit_ns);
        }
    }
    return std::nullopt;
}

std::optional<TimeNs> find_packet(const Facts& facts, const Moment& moment) {
    std::uint32_t seen = 0;
    for (const std::uint32_t p : facts.flight_order) {
        const model::PacketRecord& record = facts.record(p);
        if (record.from != moment.from || (record.flags & (model::kDuplicate | model::kFromBefore)) != 0)
            continue;
        const bool payload_only = (record.flags & model::kPayloadOnly) != 0;
        const bool counts =
            payload_only
                ? moment.what == model::PacketClass::data || moment.what == model::PacketClass::any
                : packet::belongs_to(
                      packet::decode(facts.trace->bytes(record.bytes), packet::Checksums::skip), moment.what);
        if (!counts || ++seen != moment.nth) continue;
        if (moment.stage == Moment::Stage::sent) return record.sent_ns;
        if (moment.stage == Moment::Stage::delivered)
            return record.verdict == model::Verdict::delivered ? std::optional(record.delivered_ns)
                                                               : std::nullopt;
        if (record.verdict == model::Verdict::dropped)
            return record.delivered_ns == model::kNever ? record.sent_ns : record.delivered_ns;
        for (const Loss& loss : facts.losses)  // delivered, and lost behind the wire
            if (loss.packet == p) return loss.at_ns;
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<TimeNs> find_retransmission(const Facts& facts, std::uint32_t nth) {
    std::uint32_t seen = 0;
    for (const std::uint32_t p : facts.flight_order)
        if (facts.packets[p].first_copy != kNone && ++seen == nth) return facts.record(p).sent_ns;
    return std::nullopt;
}

std::optional<TimeNs> find_form(const Facts& facts, const Moment& moment) {
    switch (moment.form) {
        case Moment::Form::start:
            return facts.trace->start_ns;
        case Moment::Form::end:
            return facts.end_ns;
        case Moment::Form::call:
            return find_call(facts, moment);
        case Moment::Form::packet:
            return find_packet(facts, moment);
        case Moment::Form::lost:
            if (moment.nth < 1 || moment.nth > facts.losses.size()) return std::nullopt;
            return facts.losses[moment.nth - 1].at_ns;
        case Moment::Form::retransmission:
            return find_retransmission(facts, moment.nth);
    }
    return std::nullopt;
}

}  // namespace

std::optional<TimeNs> find(const Facts& facts, const Moment& moment) {
    const auto found = find_form(facts, moment);
    return found ? std::optional(*found + moment.offset_ns) : std::nullopt;
}

}  // namespace socketscope::story

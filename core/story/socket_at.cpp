// State of a socket, its backlog, and the packets on the wire at a moment.
#include <algorithm>

#include "core/story/query.hpp"

namespace socketscope::story {

const StateChange* state_at(const Facts& facts, std::uint32_t socket, TimeNs t) {
    if (socket >= facts.sockets.size()) return nullptr;
    const auto& states = facts.sockets[socket].states;
    const auto after = std::upper_bound(states.begin(), states.end(), t,
                                        [](TimeNs time, const StateChange& s) { return time < s.at_ns; });
    return after == states.begin() ? nullptr : &*std::prev(after);
}

bool open_at(const Facts& facts, std::uint32_t socket, TimeNs t) {
    if (socket >= facts.sockets.size()) return false;
    const Socket& s = facts.sockets[socket];
    return s.opened_ns != model::kNever && s.opened_ns <= t && t < or_forever(s.closed_ns);
}

std::vector<std::uint32_t> backlog_at(const Facts& facts, std::uint32_t listener, TimeNs t) {
    std::vector<std::uint32_t> waiting;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const Socket& socket = facts.sockets[s];
        if (socket.listener != listener || listener == kNone || socket.exists_ns > t) continue;
        if (or_forever(socket.opened_ns) <= t || or_forever(socket.closed_ns) <= t) continue;
        const StateChange* state = state_at(facts, s, t);
        if (state != nullptr && state->state != "SYN_RCVD" && state->state != "CLOSED") waiting.push_back(s);
    }
    return waiting;
}

std::vector<InFlight> in_flight_at(const Facts& facts, TimeNs t) {
    const auto& order = facts.flight_order;
    const auto begun = std::upper_bound(order.begin(), order.end(), t, [&](TimeNs time, std::uint32_t p) {
        return time < facts.record(p).sent_ns;
    });
    std::vector<InFlight> flying;
    facts.flights.visit_open(
        static_cast<std::size_t>(begun - order.begin()), t,
        [&](std::size_t i) { return facts.record(order[i]).delivered_ns; },
        [&](std::size_t i) {
            const model::PacketRecord& record = facts.record(order[i]);
            const TimeNs arrives = record.delivered_ns != model::kNever ? record.delivered_ns : record.due_ns;
            const double span = static_cast<double>(std::max<TimeNs>(arrives - record.sent_ns, 1));
            const double way = static_cast<double>(t - record.sent_ns) / span;
            flying.push_back({order[i], static_cast<float>(std::clamp(way, 0.0, 1.0))});
        });
    return flying;
}

}  // namespace socketscope::story

#include "app/stage/plan.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>

#include "core/model/call.hpp"

namespace socketscope::stage {

namespace {

// No socket of the lane came to be, and the kernel said why.
std::uint32_t first_refused_call(const story::Story& story) {
    if (!story.sockets().empty()) return story::kNone;
    const auto& calls = story.trace().calls;
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
        if (model::row(calls[i].call).effect == model::CallClass::makes_socket && calls[i].result < 0)
            return i;
    }
    return story::kNone;
}

std::uint64_t received_bytes(const story::Story& story, std::uint32_t receive) {
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(story.trace().calls[story.receives()[receive].call].result, 0));
}

std::uint8_t receiver_of(const story::Story& story, const story::Message& message) {
    if (message.to_socket != story::kNone) return story.sockets()[message.to_socket].endpoint;
    const auto& endpoints = story.trace().endpoints;
    for (std::size_t e = 0; e < endpoints.size(); ++e) {
        if (endpoints[e].host != endpoints[message.endpoint].host) return static_cast<std::uint8_t>(e);
    }
    for (std::size_t e = 0; e < endpoints.size(); ++e) {
        if (e != message.endpoint) return static_cast<std::uint8_t>(e);
    }
    return message.endpoint;
}

}  // namespace

void RunningTotal::add(std::uint64_t bytes) {
    if (count_ == 0) kept_.push_back(0);
    sum_ += bytes;
    if (++count_ % kEvery == 0) kept_.push_back(sum_);
}

LanePlan::Impl::Impl(const story::Story& of) : story(&of) {
    const trace::LaneTrace& trace = of.trace();
    local = trace.kind.domain == model::Domain::local;
    stream = trace.kind.type == model::SocketType::stream;
    refused_call = first_refused_call(of);
    refused = !trace.refused.empty() || refused_call != story::kNone || trace.endpoints.empty();

    const auto pair = std::find_if(trace.calls.begin(), trace.calls.end(), [](const model::CallRecord& call) {
        return call.call == model::Call::socketpair && call.result == 0 && call.exit_ns != model::kNever;
    });
    if (local && pair != trace.calls.end()) pair_ns = pair->exit_ns;

    sockets.resize(of.sockets().size());
    endpoints.resize(trace.endpoints.size());
    add_messages();
    add_receives();
    place_programs();
    choose_reader();
    order_packets();
    measure_crowds();
    measure_queues();
}

void LanePlan::Impl::add_messages() {
    for (std::uint32_t m = 0; m < story->messages().size(); ++m) {
        const story::Message& message = story->messages()[m];
        if (message.socket < sockets.size()) {
            SocketFacts& facts = sockets[message.socket];
            facts.sends = true;
            facts.sent_bytes += message.size;
            ++facts.sent_messages;
        }
        endpoints[message.endpoint].sent.push_back(m);
        endpoints[message.endpoint].sent_total.add(message.size);
        endpoints[message.endpoint].sent_bytes += message.size;
        EndpointFacts& to = endpoints[receiver_of(*story, message)];
        to.meant.push_back(m);
        to.meant_total.add(message.size);
        to.meant_bytes += message.size;
        if (message.to_socket < sockets.size()) sockets[message.to_socket].receives = true;
    }
}

void LanePlan::Impl::add_receives() {
    for (std::uint32_t r = 0; r < story->receives().size(); ++r) {
        const story::Receive& receive = story->receives()[r];
        std::uint64_t bytes = 0;
        for (const story::Piece& piece : story->pieces(receive.pieces)) bytes += piece.size;
        endpoints[receive.endpoint].receives.push_back(r);
        endpoints[receive.endpoint].given_bytes += bytes;
        endpoints[receive.endpoint].sees_end |= receive.end_of_file;
        if (receive.socket < sockets.size()) {
            sockets[receive.socket].receives = true;
            sockets[receive.socket].given_bytes += bytes;
        }
    }
    const auto earlier = [this](std::uint32_t a, std::uint32_t b) {
        return story->given_ns(a) < story->given_ns(b);
    };
    for (EndpointFacts& facts : endpoints) {
        std::stable_sort(facts.receives.begin(), facts.receives.end(), earlier);
        for (const std::uint32_t r : facts.receives) facts.receives_total.add(received_bytes(*story, r));
    }
}

void LanePlan::Impl::place_programs() {
    const auto& programs = story->trace().endpoints;
    for (std::size_t e = 0; e < programs.size(); ++e) {
        Place place{static_cast<std::uint8_t>(e), {}, false};
        for (std::uint32_t s = 0; s < sockets.size(); ++s)
            if (story->sockets()[s].endpoint == e) place.sockets.push_back(s);
        sides[programs[e].host == model::Host::client ? 0 : 1].push_back(std::move(place));
    }
    const int full = sides[0].empty() ? 1 : 0;
    if (local && sides[1 - full].empty() && !sides[full].empty()) spread(std::move(sides[full]));
}

// Everybody on one side of one host: the first stands at one end, the others at the other, and a program that talks to
// itself stands at both.
void LanePlan::Impl::spread(std::vector<Place> all) {
    sides[0] = {all.front()};
    sides[1].assign(all.begin() + 1, all.end());
    if (all.size() > 1) return;
    Place twin{all.front().endpoint, {}, true};
    auto& own = sides[0].front().sockets;
    if (own.size() > 1) {
        twin.sockets.assign(own.begin() + 1, own.end());
        own.resize(1);
    }
    sides[1] = {std::move(twin)};
}

void LanePlan::Impl::choose_reader() {
    std::uint64_t given[2]{};
    for (int side = 0; side < 2; ++side)
        for (const Place& place : sides[side]) given[side] += endpoints[place.endpoint].given_bytes;
    reader_side = given[1] == 0 && given[0] > 0 ? 0 : 1;
    // A program that talks to itself stands at both ends; it is the reader at one of them only.
    const auto twin = [](const Place& place) { return place.again; };
    given_back = given[1 - reader_side] > 0 && std::none_of(sides[1].begin(), sides[1].end(), twin);
}

void LanePlan::Impl::order_packets() {
    const auto& records = story->trace().packets;
    const auto& packets_of_story = story->packets();
    for (std::uint32_t p = 0; p < packets_of_story.size(); ++p) {
        const int from = records[p].from == model::Host::client ? 0 : 1;
        packets_from[from] = true;
        if (packets_of_story[p].pieces.count > 0) data_from[from] = true;
    }
    by_end.resize(packets_of_story.size());
    std::iota(by_end.begin(), by_end.end(), 0U);
    std::stable_sort(by_end.begin(), by_end.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return end_of(a) < end_of(b); });

    for (const std::uint32_t p : by_end) {
        const story::Packet& packet = packets_of_story[p];
        if (packet.to_socket >= sockets.size() || records[p].verdict != model::Verdict::delivered) continue;
        std::vector<Removal>& acked = sockets[packet.to_socket].acked;
        if (packet.ack_offset > (acked.empty() ? 0 : acked.back().total))
            acked.push_back({records[p].delivered_ns, packet.ack_offset});
    }
}

void LanePlan::Impl::measure_crowds() {
    const auto& records = story->trace().packets;
    packets.resize(records.size());
    // That travelled, in the order of sending: the client's, the server's, and what is held back beside them.
    std::vector<std::uint32_t> sent[3];
    for (std::uint32_t p = 0; p < records.size(); ++p) {
        const bool held = (records[p].flags & model::kHeld) != 0;
        std::vector<std::uint32_t>& mine = sent[held ? 2 : records[p].from == model::Host::client ? 0 : 1];
        packets[p].rank = static_cast<std::uint32_t>(mine.size());
        if (records[p].verdict != model::Verdict::dropped) mine.push_back(p);
    }
    for (const std::vector<std::uint32_t>& mine : sent) {
        std::priority_queue<TimeNs, std::vector<TimeNs>, std::greater<>> ends;
        std::vector<std::uint16_t> there(mine.size());  // on the wire just after the nth was sent
        for (std::size_t i = 0; i < mine.size(); ++i) {
            while (!ends.empty() && ends.top() <= records[mine[i]].sent_ns) ends.pop();
            ends.push(end_of(mine[i]));
            there[i] = static_cast<std::uint16_t>(std::min<std::size_t>(ends.size(), kMostCrowd));
        }
        // A burst: flights that overlap, or nearly so. All of it is drawn alike, from its first packet to its last.
        std::size_t first = 0;
        TimeNs until = 0;
        std::uint16_t most = 0;
        const auto close = [&](std::size_t end) {
            for (; first < end; ++first) packets[mine[first]].crowd = most;
            most = 0;
        };
        for (std::size_t i = 0; i < mine.size(); ++i) {
            const TimeNs sent_ns = records[mine[i]].sent_ns;
            if (sent_ns > until) close(i);
            most = std::max(most, there[i]);
            const TimeNs end =
                std::min(end_of(mine[i]), std::max(records[mine[i]].due_ns, sent_ns) + model::kSecond);
            until = std::max(until, end + (end - sent_ns) / 4);
        }
        close(mine.size());
    }
    for (const story::Packet& packet : story->packets()) {
        longest_stream = std::max(longest_stream, packet.stream_end());
        // What a raw socket sends is headers in part: all of it was handed over by send().
        std::uint32_t handed = packet.payload_size;
        for (const story::Piece& piece : story->pieces(packet.pieces)) handed = std::max(handed, piece.size);
        largest_payload = std::max(largest_payload, handed);
    }
}

// Cells keep their width over the whole lane if the row is made for the fullest moment. Worth it for short texts only.
void LanePlan::Impl::measure_queues() {
    constexpr std::uint64_t kShort = 96;
    constexpr std::size_t kFewEvents = 2000;
    if (story->events().size() > kFewEvents) return;
    const auto length = [](const story::Queue& queue) {
        std::uint64_t bytes = 0;
        for (const story::QueueItem& item : queue.items) bytes += item.piece.size;
        return bytes;
    };
    for (std::uint32_t s = 0; s < sockets.size(); ++s) {
        SocketFacts& facts = sockets[s];
        const std::uint64_t meant = endpoints[story->sockets()[s].endpoint].meant_bytes;
        for (const story::Event& event : story->events()) {
            if (facts.sends && facts.sent_bytes <= kShort) {
                facts.most_sending =
                    std::max(facts.most_sending, length(story->send_queue_at(s, event.at_ns)));
            }
            if (facts.receives && meant <= kShort) {
                facts.most_receiving =
                    std::max(facts.most_receiving, length(story->receive_queue_at(s, event.at_ns)));
            }
        }
    }
}

TimeNs LanePlan::Impl::end_of(std::uint32_t packet) const {
    const model::PacketRecord& record = story->trace().packets[packet];
    if (record.verdict == model::Verdict::in_flight || record.delivered_ns == model::kNever) {
        return std::numeric_limits<TimeNs>::max();
    }
    return record.delivered_ns;
}

LanePlan::LanePlan(const story::Story& story) : impl_(std::make_unique<Impl>(story)) {}
LanePlan::LanePlan(LanePlan&&) noexcept = default;
LanePlan& LanePlan::operator=(LanePlan&&) noexcept = default;
LanePlan::~LanePlan() = default;

}  // namespace socketscope::stage

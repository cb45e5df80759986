#include "core/story/story.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/program.hpp"
#include "core/story/query.hpp"
#include "core/story/raw_sends.hpp"

namespace socketscope::story {

struct Story::Impl {
    explicit Impl(const trace::LaneTrace& trace) : facts(trace) {
        build_sockets(facts);
        build_messages(facts);
        build_packets(facts);
        build_tcp(facts);
        build_pairs(facts);
        RawSends raw_sends(facts);
        match_raw_sends(facts, raw_sends);
        build_udp(facts, raw_sends);
        build_unix(facts);
        build_raw(facts, raw_sends);
        name_the_rest(facts);
        build_losses(facts);
        build_events(facts);
        for (const Packet& packet : facts.packets) retransmissions += packet.first_copy != kNone;
    }
    Facts facts;
    std::uint32_t retransmissions{0};
};

Story::Story(const trace::LaneTrace& trace) : impl_(std::make_unique<Impl>(trace)) {}
Story::Story(Story&&) noexcept = default;
Story& Story::operator=(Story&&) noexcept = default;
Story::~Story() = default;

const trace::LaneTrace& Story::trace() const {
    return *impl_->facts.trace;
}
std::span<const Message> Story::messages() const {
    return impl_->facts.messages;
}
std::span<const Receive> Story::receives() const {
    return impl_->facts.receives;
}
std::span<const Packet> Story::packets() const {
    return impl_->facts.packets;
}
std::span<const Loss> Story::losses() const {
    return impl_->facts.losses;
}
std::span<const Socket> Story::sockets() const {
    return impl_->facts.sockets;
}
std::span<const Event> Story::events() const {
    return impl_->facts.events;
}
TimeNs Story::begin_ns() const {
    return impl_->facts.trace->start_ns;
}
TimeNs Story::end_ns() const {
    return impl_->facts.end_ns;
}
std::uint32_t Story::retransmissions() const {
    return impl_->retransmissions;
}

std::span<const Piece> Story::pieces(PieceRange range) const {
    const std::span<const Piece> all = impl_->facts.pieces;
    return range.begin > all.size()
               ? std::span<const Piece>{}
               : all.subspan(range.begin, std::min<std::size_t>(range.count, all.size() - range.begin));
}

packet::Headers Story::headers(std::uint32_t packet) const {
    if (packet >= impl_->facts.packets.size()) return {};
    const model::PacketRecord& record = impl_->facts.record(packet);
    return (record.flags & model::kPayloadOnly) != 0 ? packet::Headers{}
                                                     : packet::decode(trace().bytes(record.bytes));
}

std::uint32_t Story::socket_of(std::uint32_t call) const {
    return call < impl_->facts.call_socket.size() ? impl_->facts.call_socket[call] : kNone;
}
std::uint32_t Story::message_of(std::uint32_t call) const {
    return of_call(impl_->facts.messages, call);
}
std::uint32_t Story::receive_of(std::uint32_t call) const {
    return of_call(impl_->facts.receives, call);
}

TimeNs Story::handed_ns(std::uint32_t message) const {
    return impl_->facts.handed_ns(message);
}
TimeNs Story::given_ns(std::uint32_t receive) const {
    return impl_->facts.given_ns(receive);
}

ProgramNow Story::program_at(std::uint8_t endpoint, TimeNs t) const {
    return program_at(endpoint, t, first_call_after(t));
}
std::size_t Story::first_call_after(TimeNs t) const {
    return story::first_call_after(impl_->facts, t);
}
ProgramNow Story::program_at(std::uint8_t endpoint, TimeNs t, std::size_t first_call_after_t) const {
    return story::program_at(impl_->facts, endpoint, t, first_call_after_t);
}
const StateChange* Story::state_at(std::uint32_t socket, TimeNs t) const {
    return story::state_at(impl_->facts, socket, t);
}
bool Story::open_at(std::uint32_t socket, TimeNs t) const {
    return story::open_at(impl_->facts, socket, t);
}
Queue Story::send_queue_at(std::uint32_t socket, TimeNs t) const {
    return story::send_queue_at(impl_->facts, socket, t);
}
Queue Story::receive_queue_at(std::uint32_t socket, TimeNs t) const {
    return story::receive_queue_at(impl_->facts, socket, t);
}
std::vector<std::uint32_t> Story::backlog_at(std::uint32_t listener, TimeNs t) const {
    return story::backlog_at(impl_->facts, listener, t);
}
std::vector<InFlight> Story::in_flight_at(TimeNs t) const {
    return story::in_flight_at(impl_->facts, t);
}
std::span<const Event> Story::events_until(TimeNs t) const {
    const auto& events = impl_->facts.events;
    const auto after = std::upper_bound(events.begin(), events.end(), t,
                                        [](TimeNs time, const Event& event) { return time < event.at_ns; });
    return std::span<const Event>(events).first(static_cast<std::size_t>(after - events.begin()));
}

model::Ref Story::ref(const Event& event) const {
    return story::ref(impl_->facts, event);
}
std::vector<model::Ref> Story::related(model::Ref ref) const {
    return story::related(impl_->facts, ref);
}
std::string Story::describe(const Event& event, std::uint32_t from) const {
    return story::describe(impl_->facts, event, from);
}
std::string Story::describe_call(std::uint32_t call) const {
    return story::describe_call(impl_->facts, call);
}
std::string Story::describe_packet(std::uint32_t packet) const {
    return story::describe_packet(impl_->facts, packet);
}
std::string Story::why(model::Ref ref) const {
    return story::why(impl_->facts, ref);
}
std::optional<TimeNs> Story::find(const model::Moment& moment) const {
    return story::find(impl_->facts, moment);
}

}  // namespace socketscope::story

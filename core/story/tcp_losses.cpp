#include "core/story/tcp_losses.hpp"

#include <algorithm>

#include "core/story/build.hpp"

namespace socketscope::story {

void TcpLosses::add(std::uint32_t p, LossPlace place, TimeNs at_ns, std::string why) {
    Loss loss;
    loss.at_ns = at_ns;
    loss.place = place;
    loss.packet = p;
    loss.evidence =
        place == LossPlace::wire || place == LossPlace::device ? Evidence::observed : Evidence::inferred;
    const Packet& packet = facts_.packets[p];
    if (packet.pieces.count > 0) loss.piece = facts_.pieces[packet.pieces.begin];
    loss.why = std::move(why);
    losses_.push_back(std::move(loss));
}

void TcpLosses::tell(std::span<const std::uint32_t> delivered, const Reassembly* const (&arrived)[2]) {
    add_dropped();
    add_ignored_syns(delivered);
    std::stable_sort(losses_.begin(), losses_.end(),
                     [](const Loss& a, const Loss& b) { return a.at_ns < b.at_ns; });
    for (Loss& loss : losses_)
        loss.repaired = repaired(loss.packet, delivered, *arrived[end_of(loss.packet)]);
    sort_ranges();
    for (Loss& loss : losses_) {
        if (loss.repaired) {
            facts_.losses.push_back(std::move(loss));
            continue;
        }
        const std::vector<Piece> pieces = name_once(loss.packet, *arrived[end_of(loss.packet)]);
        const std::size_t times = times_lost(loss.packet);
        if (!pieces.empty() && times > 1)
            loss.why += " What it carried was sent " + std::to_string(times) + " times, and lost each time.";
        loss.piece = pieces.empty() ? Piece{} : pieces.front();
        facts_.losses.push_back(loss);
        for (std::size_t i = 1; i < pieces.size(); ++i) {
            loss.piece = pieces[i];
            facts_.losses.push_back(loss);
        }
    }
}

Stream* TcpLosses::stream_of(std::uint32_t p) const {
    const std::uint32_t stream = connection_.end[end_of(p)].stream;
    return stream == kNone ? nullptr : &facts_.streams[stream];
}

// Bytes that several packets carried, and none brought, are lost once: they are told with the first of these.
std::vector<Piece> TcpLosses::name_once(std::uint32_t p, const Reassembly& arrived) {
    std::vector<Piece> pieces;
    Stream* stream = stream_of(p);
    if (stream == nullptr) return pieces;
    const Packet& packet = facts_.packets[p];
    const auto name = [&](std::uint64_t begin, std::uint64_t end) {
        for_pieces(facts_, *stream, begin, end, [&](const Piece& piece) {
            if (piece.message != kNone) pieces.push_back(piece);
        });
    };
    arrived.for_missing(packet.stream_begin, packet.stream_end(),
                        [&](std::uint64_t begin, std::uint64_t end) {
                            stream->lost.for_missing(begin, end, name);
                            stream->lost.add(begin, end);
                        });
    return pieces;
}

void TcpLosses::sort_ranges() {
    for (const Loss& loss : losses_) {
        const Packet& packet = facts_.packets[loss.packet];
        if (loss.repaired || packet.stream_size == 0) continue;
        begins_[end_of(loss.packet)].push_back(packet.stream_begin);
        ends_[end_of(loss.packet)].push_back(packet.stream_end());
    }
    for (int end = 0; end < 2; ++end) {
        std::sort(begins_[end].begin(), begins_[end].end());
        std::sort(ends_[end].begin(), ends_[end].end());
    }
}

// How many lost packets carried some of these bytes: all that begin before their end, but those that end before their
// begin.
std::size_t TcpLosses::times_lost(std::uint32_t p) const {
    const Packet& packet = facts_.packets[p];
    const auto& begins = begins_[end_of(p)];
    const auto& ends = ends_[end_of(p)];
    const auto begun = std::lower_bound(begins.begin(), begins.end(), packet.stream_end()) - begins.begin();
    const auto ended = std::upper_bound(ends.begin(), ends.end(), packet.stream_begin) - ends.begin();
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(begun - ended, 0));
}

int TcpLosses::end_of(std::uint32_t p) const {
    return facts_.record(p).from == connection_.end[0].host ? 0 : 1;
}

void TcpLosses::add_dropped() {
    for (const std::uint32_t p : connection_.packets) {
        const model::PacketRecord& record = facts_.record(p);
        if (record.verdict != model::Verdict::dropped) continue;
        add(p, record.cause == model::Cause::device ? LossPlace::device : LossPlace::wire,
            record.delivered_ns == model::kNever ? record.sent_ns : record.delivered_ns,
            wire_reason(facts_, record));
    }
}

// A SYN that arrived and got no answer before it was sent again: the listener had no room for it.
void TcpLosses::add_ignored_syns(std::span<const std::uint32_t> delivered) {
    std::vector<std::uint32_t> syns;  // of the opener, that arrived whole
    TimeNs last_sent_ns = 0;
    for (const std::uint32_t p : connection_.packets)
        if (opens(p)) last_sent_ns = facts_.record(p).sent_ns;
    for (const std::uint32_t p : delivered)
        if (opens(p) && facts_.packets[p].checksum_ok) syns.push_back(p);
    for (std::size_t i = 0; i < syns.size(); ++i) {
        const TimeNs from_ns = facts_.record(syns[i]).delivered_ns;
        const TimeNs until_ns = i + 1 < syns.size() ? facts_.record(syns[i + 1]).delivered_ns : last_sent_ns;
        if (last_sent_ns <= from_ns || answered_between(from_ns, until_ns)) continue;
        add(syns[i], LossPlace::backlog, from_ns,
            "It arrived, but the kernel did not answer: the queue of connections that wait for accept() was "
            "full (listen(2)).");
    }
}

bool TcpLosses::opens(std::uint32_t p) const {
    const std::uint8_t flags = facts_.packets[p].tcp_flags;
    return end_of(p) == 0 && (facts_.record(p).flags & model::kDuplicate) == 0 &&
           (flags & (packet::kSyn | packet::kAck)) == packet::kSyn;
}

bool TcpLosses::answered_between(TimeNs from_ns, TimeNs until_ns) const {
    return std::any_of(connection_.packets.begin(), connection_.packets.end(), [&](std::uint32_t p) {
        const TimeNs sent_ns = facts_.record(p).sent_ns;
        return end_of(p) == 1 && sent_ns >= from_ns && sent_ns < until_ns;
    });
}

// Whether all that a lost packet carried arrived in the end by another one.
bool TcpLosses::repaired(std::uint32_t lost, std::span<const std::uint32_t> delivered,
                         const Reassembly& arrived) const {
    const Packet& packet = facts_.packets[lost];
    const int from = end_of(lost);
    if (packet.stream_end() > packet.stream_begin) {
        bool missing = false;
        arrived.for_missing(packet.stream_begin, packet.stream_end(),
                            [&](std::uint64_t, std::uint64_t) { missing = true; });
        return !missing;
    }
    return std::any_of(delivered.begin(), delivered.end(), [&](std::uint32_t p) {
        const Packet& other = facts_.packets[p];
        constexpr std::uint8_t kMarks = packet::kSyn | packet::kFin | packet::kRst;
        return p != lost && end_of(p) == from && other.checksum_ok &&
               (other.tcp_flags & packet.tcp_flags & kMarks) == (packet.tcp_flags & kMarks) &&
               other.ack_offset >= packet.ack_offset;
    });
}

}  // namespace socketscope::story

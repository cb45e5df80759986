#include "core/story/segments.hpp"

#include <algorithm>
#include <iterator>

#include "core/story/sequence.hpp"

namespace socketscope::story {

using packet::Headers;

void Segments::read(std::uint32_t p, int end, const Headers& headers) {
    Packet& packet = facts_.packets[p];
    learn_isn(end, headers);
    place(packet, end, headers);
    place_ack(packet, end, headers);
    packet.role = role(packet, end, headers);
    Way& way = way_[end];
    way.last_ack = packet.ack_offset;
    way.last_window = packet.window_bytes;
    way.spoke = (headers.tcp_flags & packet::kSyn) == 0;
    if ((facts_.record(p).flags & model::kDuplicate) == 0)
        find_first(p, end, headers);  // else the wire sent it
}

std::int64_t Segments::ack_offset(const Headers& headers, int end) const {
    return unwrap(way_[end].sent, headers.ack, connection_.end[end].isn);
}

void Segments::learn_isn(int end, const Headers& headers) {
    ConnectionEnd& from = connection_.end[end];
    const bool rst = (headers.tcp_flags & packet::kRst) != 0;
    if ((headers.tcp_flags & packet::kSyn) != 0) {
        if (!from.isn_known) from.isn = headers.seq;
        from.isn_known = true;
        if (headers.window_scale >= 0) from.window_scale = headers.window_scale;
    } else if (!from.isn_known && !rst) {
        from.isn = headers.seq - 1;  // the beginning was not recorded: count from here
        from.isn_known = true;
    }
    ConnectionEnd& to = connection_.end[1 - end];
    if (!to.isn_known && (headers.tcp_flags & packet::kAck) != 0 && !rst) {
        to.isn = headers.ack - 1;
        to.isn_known = true;
    }
}

void Segments::place(Packet& packet, int end, const Headers& headers) {
    before_acked_ = false;
    const bool syn = (headers.tcp_flags & packet::kSyn) != 0;
    if (syn && headers.payload_size == 0) return;
    // A SYN takes a place of its own before the bytes that it may carry (RFC 7413 §4.2).
    const std::uint32_t seq = headers.seq + (syn ? 1 : 0);
    const std::int64_t begin = unwrap(way_[end].sent, seq, connection_.end[end].isn);
    packet.stream_begin = at_least_0(begin);
    packet.stream_size =
        static_cast<std::uint16_t>(at_least_0(begin + headers.payload_size) - packet.stream_begin);
    before_acked_ = !syn && begin < static_cast<std::int64_t>(way_[end].acked);
    const std::uint32_t stream = connection_.end[end].stream;
    if (packet.stream_end() > packet.stream_begin && stream != kNone)
        packet.pieces = add_pieces(facts_, facts_.streams[stream], packet.stream_begin, packet.stream_end());
}

void Segments::place_ack(Packet& packet, int end, const Headers& headers) const {
    const bool scaled = connection_.end[0].window_scale >= 0 && connection_.end[1].window_scale >= 0 &&
                        (headers.tcp_flags & packet::kSyn) == 0;
    packet.window_bytes = std::uint32_t{headers.window} << (scaled ? connection_.end[end].window_scale : 0);
    if ((headers.tcp_flags & packet::kAck) == 0 || !connection_.end[1 - end].isn_known) return;
    const std::uint64_t offset = at_least_0(ack_offset(headers, 1 - end));
    packet.ack_offset = std::min(offset, connection_.end[1 - end].fin_offset);
}

PacketRole Segments::role(const Packet& packet, int end, const Headers& headers) const {
    if ((headers.tcp_flags & packet::kRst) != 0) return PacketRole::rst;
    if ((headers.tcp_flags & packet::kSyn) != 0)
        return (headers.tcp_flags & packet::kAck) != 0 ? PacketRole::synack : PacketRole::syn;
    // A zero-window or keep-alive probe repeats the last acknowledged sequence number (RFC 9293 §3.8.4, §3.8.6.1).
    if (before_acked_ && headers.payload_size == 0 && (headers.tcp_flags & packet::kFin) == 0)
        return PacketRole::probe;
    if (headers.payload_size > 0) return PacketRole::data;
    if ((headers.tcp_flags & packet::kFin) != 0) return PacketRole::fin;
    const bool same_ack = packet.ack_offset == way_[end].last_ack && headers.sack_count == 0;
    const bool wider = way_[end].spoke && packet.window_bytes > way_[end].last_window;
    return same_ack && wider ? PacketRole::window_update : PacketRole::ack;
}

// Bytes, a SYN or a FIN that an earlier segment carried first: this one repeats it.
void Segments::find_first(std::uint32_t p, int end, const Headers& headers) {
    Way& way = way_[end];
    Packet& packet = facts_.packets[p];
    const auto mark = [&](std::uint32_t& first) {
        if (first == kNone)
            first = p;
        else
            packet.first_copy = first;
    };
    if ((headers.tcp_flags & packet::kSyn) != 0) mark(way.first_syn);
    if (packet.stream_end() > packet.stream_begin) {
        if (packet.stream_begin < way.sent) {
            const auto after =
                std::upper_bound(way.firsts.begin(), way.firsts.end(), packet.stream_begin,
                                 [](std::uint64_t at, const Way::First& first) { return at < first.begin; });
            packet.first_copy = after == way.firsts.begin() ? kNone : std::prev(after)->packet;
        }
        if (packet.stream_end() > way.sent)
            way.firsts.push_back({std::max(packet.stream_begin, way.sent), p});
        way.sent = std::max(way.sent, packet.stream_end());
    }
    if ((headers.tcp_flags & packet::kFin) != 0) {
        connection_.end[end].fin_offset = packet.stream_end();
        if (packet.first_copy == kNone) mark(way.first_fin);
    }
}

}  // namespace socketscope::story

#include "core/story/icmp_errors.hpp"

#include "core/story/raw_packets.hpp"

namespace socketscope::story {
namespace {

constexpr std::size_t kIcmpHeader = 8;

std::string addresses(const packet::Address& from, const packet::Address& to) {
    return from.to_string() + " " + to.to_string();
}

}  // namespace

IcmpErrors::IcmpErrors(const Facts& facts, Wanted wanted) : facts_(facts) {
    for (const std::uint32_t p : facts.flight_order) {
        if (facts.packets[p].role != PacketRole::icmp) continue;
        const std::string_view bytes = facts.trace->bytes(facts.record(p).bytes);
        const auto headers = packet::decode(bytes, packet::Checksums::skip);
        const auto quoted = packet::decode_quoted(bytes, headers);
        if (!quoted || !wanted(headers, *quoted)) continue;
        const std::string_view quote = bytes.substr(std::size_t{headers.transport_offset} + kIcmpHeader);
        by_quote_.emplace(quoted_part(quote), errors_.size());
        by_addresses_[addresses(quoted->from, quoted->to)].push_back(errors_.size());
        const bool copy = (facts.record(p).flags & model::kDuplicate) != 0;
        errors_.push_back({p, *quoted, copy});
    }
}

std::uint32_t IcmpErrors::take(IcmpError& error, TimeNs complete_ns) const {
    if (error.taken || facts_.record(error.packet).sent_ns < complete_ns) return kNone;
    error.taken = true;
    return error.packet;
}

std::uint32_t IcmpErrors::take(const Datagram& datagram) {
    if (errors_.empty()) return kNone;
    const auto [first, last] =
        by_quote_.equal_range(quoted_part(packet_as_delivered(facts_, datagram.packets.front())));
    for (auto found = first; found != last; ++found)
        if (const std::uint32_t p = take(errors_[found->second], datagram.complete_ns); p != kNone) return p;
    // Of a datagram in fragments the header of the whole is quoted, which was not on the wire.
    if (datagram.packets.size() < 2) return kNone;
    const auto found = by_addresses_.find(addresses(datagram.from, datagram.to));
    if (found == by_addresses_.end()) return kNone;
    for (const std::size_t error : found->second)
        if (const std::uint32_t p = take(errors_[error], datagram.complete_ns); p != kNone) return p;
    return kNone;
}

}  // namespace socketscope::story

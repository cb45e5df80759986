#include "core/story/raw_losses.hpp"

#include <algorithm>
#include <string>

#include "core/story/build.hpp"
#include "core/story/fragments.hpp"
#include "core/story/icmp_errors.hpp"
#include "core/story/raw_packets.hpp"
#include "core/story/udp_losses.hpp"

namespace socketscope::story {
namespace {

// By packet: its loss is told already, or the wire made a copy of it.
std::vector<bool> told_or_copied(const Facts& facts) {
    std::vector<bool> settled(facts.packets.size(), false);
    for (const Loss& loss : facts.losses)
        if (loss.packet != kNone) settled[loss.packet] = true;
    for (std::uint32_t p = 0; p < facts.packets.size(); ++p)
        if (const model::PacketRecord& record = facts.record(p);
            (record.flags & model::kDuplicate) != 0 && record.copy_of < settled.size())
            settled[record.copy_of] = true;
    return settled;
}

bool unknown_protocol(const packet::Headers& headers) {
    constexpr int kUnreachable = 3, kProtocolUnreachable = 2;     // ICMP
    constexpr int kParameterProblem = 4, kUnknownNextHeader = 1;  // ICMPv6
    return headers.version == 4
               ? headers.icmp_type == kUnreachable && headers.icmp_code == kProtocolUnreachable
               : headers.icmp_type == kParameterProblem && headers.icmp_code == kUnknownNextHeader;
}

bool from_raw_socket(const Facts& facts, std::uint32_t p) {
    const std::uint32_t s = facts.packets[p].socket;
    return s != kNone && facts.socket_facts[s].transport == Transport::raw;
}

}  // namespace

void lose_parted(Facts& facts, const RawSends& sends) {
    const std::vector<bool> settled = told_or_copied(facts);
    for (const std::uint8_t protocol : sends.protocols())
        for (const Datagram& datagram : join_fragments(facts, protocol)) {
            if (datagram.packets.size() < 2 || datagram.complete_ns != model::kNever) continue;
            if (std::any_of(datagram.packets.begin(), datagram.packets.end(),
                            [&](std::uint32_t packet) { return settled[packet]; }))
                continue;
            Datagram told = datagram;
            told.content = written_by_raw(facts, datagram);
            if (!told.content.empty()) lost_on_the_way(facts, told);
        }
}

void lose_refused(Facts& facts) {
    IcmpErrors refusals(
        facts, [](const packet::Headers& error, const packet::Headers&) { return unknown_protocol(error); });
    if (refusals.all().empty()) return;
    for (const std::uint32_t p : facts.flight_order) {
        if (facts.record(p).verdict != model::Verdict::delivered || !from_raw_socket(facts, p)) continue;
        Datagram datagram;
        datagram.packets = {p};
        datagram.completed_by = p;
        datagram.complete_ns = facts.record(p).delivered_ns;
        const std::uint32_t refusal = refusals.take(datagram);
        if (refusal == kNone) continue;
        const PieceRange range = facts.packets[p].pieces;
        const auto first = facts.pieces.begin() + range.begin;
        datagram.content.assign(first, first + range.count);
        lose(facts, datagram, LossPlace::no_listener, Evidence::observed,
             "Nobody at that host takes this protocol: its kernel answered with an ICMP error (packet " +
                 std::to_string(refusal + 1) + ").");
    }
}

}  // namespace socketscope::story

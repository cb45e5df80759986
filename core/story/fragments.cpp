#include "core/story/fragments.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace socketscope::story {
namespace {

using packet::Headers;

std::string_view payload(const Facts& facts, std::uint32_t p, const Headers& headers) {
    return facts.trace->bytes(facts.record(p).bytes).substr(headers.payload_offset, headers.payload_size);
}

struct Part {
    std::uint32_t packet;
    std::uint32_t begin, end;  // of the IP payload
    bool last;
    bool copy;
};
struct Group {
    std::vector<Part> parts;
    Headers first_headers;
    std::uint32_t first{kNone};
};
using GroupKey = std::tuple<int, std::string, std::uint32_t>;

// When all of [0, total) had arrived: the parts in the order of their delivery.
void complete(const Facts& facts, const Group& group, Datagram& datagram) {
    std::uint32_t total = UINT32_MAX;
    std::vector<Part> arrived;
    for (const Part& part : group.parts) {
        if (part.last) total = part.end;
        if (facts.record(part.packet).verdict == model::Verdict::delivered) arrived.push_back(part);
    }
    std::stable_sort(arrived.begin(), arrived.end(), [&](const Part& a, const Part& b) {
        return facts.record(a.packet).delivered_ns < facts.record(b.packet).delivered_ns;
    });
    std::map<std::uint32_t, std::uint32_t> covered;
    std::uint32_t front = 0;
    for (const Part& part : arrived) {
        covered[part.begin] = std::max(covered[part.begin], part.end);
        for (const auto& [begin, end] : covered)
            if (begin <= front) front = std::max(front, end);
        if (!facts.packets[part.packet].checksum_ok ||
            (facts.record(part.packet).flags & model::kCorrupted) != 0)
            datagram.intact = false;
        if (front < total) continue;
        datagram.complete_ns = facts.record(part.packet).delivered_ns;
        datagram.completed_by = part.packet;
        return;
    }
}

Datagram whole(const Facts& facts, std::uint32_t p, const Headers& headers) {
    Datagram datagram;
    datagram.packets = {p};
    datagram.from = headers.from;
    datagram.to = headers.to;
    datagram.size = headers.payload_size;
    datagram.first_bytes = payload(facts, p, headers);
    datagram.intact = facts.packets[p].checksum_ok;
    datagram.completed_by = p;
    if (facts.record(p).verdict == model::Verdict::delivered)
        datagram.complete_ns = facts.record(p).delivered_ns;
    return datagram;
}

Datagram joined(const Facts& facts, const Group& group) {
    Datagram datagram;
    const Headers& headers = group.first_headers;
    datagram.from = headers.from;
    datagram.to = headers.to;
    datagram.size = headers.is_udp() && headers.udp_length >= 8 ? headers.udp_length - 8U : 0;
    datagram.first_bytes = payload(facts, group.first, headers);
    for (const Part& part : group.parts) datagram.packets.push_back(part.packet);
    datagram.completed_by = group.first;
    complete(facts, group, datagram);
    return datagram;
}

}  // namespace

std::uint32_t payload_offset_in_datagram(const Facts& facts, std::uint32_t p) {
    if ((facts.record(p).flags & model::kPayloadOnly) != 0) return 0;
    const auto headers = packet::decode(facts.trace->bytes(facts.record(p).bytes), packet::Checksums::skip);
    const std::uint32_t header = headers.is_udp() ? 8 : 0;
    return headers.fragment_offset < header ? 0 : headers.fragment_offset - header;
}

std::vector<Datagram> join_fragments(const Facts& facts, std::uint8_t protocol) {
    std::vector<Datagram> datagrams;
    std::map<GroupKey, Group> groups;
    const auto flush = [&](const Group& group) {
        if (group.first != kNone) datagrams.push_back(joined(facts, group));
    };
    for (const std::uint32_t p : facts.flight_order) {
        if (facts.packets[p].protocol != protocol || (facts.record(p).flags & model::kPayloadOnly) != 0)
            continue;
        const auto headers =
            packet::decode(facts.trace->bytes(facts.record(p).bytes), packet::Checksums::skip);
        if (headers.from.version == 0) continue;
        if (!headers.fragment) {
            datagrams.push_back(whole(facts, p, headers));
            continue;
        }
        const GroupKey key{static_cast<int>(facts.record(p).from), headers.from.host() + headers.to.host(),
                           headers.fragment_id};
        Group& group = groups[key];
        const bool copy = (facts.record(p).flags & model::kDuplicate) != 0;
        const bool first = headers.fragment_offset == 0;
        if (first && !copy && group.first != kNone) {  // the identification is used again
            flush(group);
            group = {};
        }
        if (first && group.first == kNone) {
            group.first = p;
            group.first_headers = headers;
        }
        const std::uint32_t ip_payload =
            headers.payload_size + std::uint32_t{headers.payload_offset} - headers.transport_offset;
        group.parts.push_back({p, headers.fragment_offset, headers.fragment_offset + ip_payload,
                               !headers.more_fragments, copy});
    }
    for (const auto& [key, group] : groups) flush(group);
    std::stable_sort(datagrams.begin(), datagrams.end(), [&](const Datagram& a, const Datagram& b) {
        return facts.record(a.packets.front()).sent_ns < facts.record(b.packets.front()).sent_ns;
    });
    return datagrams;
}

}  // namespace socketscope::story

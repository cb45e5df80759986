// TCP: RFC 9293 §3.1; window scale and time stamps RFC 7323; SACK RFC 2018.
#include "core/packet/octets.hpp"
#include "core/packet/protocol.hpp"

namespace socketscope::packet {
namespace {

enum Option : std::uint8_t {
    kEnd = 0,
    kNop = 1,
    kMss = 2,
    kWindowScale = 3,
    kSackPermitted = 4,
    kSack = 5,
    kTimestamps = 8
};

// Calls visit(kind, offset, size) for each well-formed option in bytes [begin, end).
template <typename Visit>
void for_each_option(std::string_view bytes, std::size_t begin, std::size_t end, Visit visit) {
    for (std::size_t at = begin; at < end;) {
        const std::uint8_t kind = octet(bytes, at);
        if (kind == kEnd) return;
        const std::size_t size = kind == kNop ? 1 : octet(bytes, at + 1);
        if (size < 1 || (kind != kNop && size < 2) || at + size > end) return;
        visit(kind, at, size);
        at += size;
    }
}

std::string option_value(std::string_view packet, std::uint8_t kind, std::size_t at, std::size_t size) {
    if (kind == kMss) return bytes_word(be16(packet, at + 2));
    if (kind == kWindowScale) return "× " + std::to_string(1U << (octet(packet, at + 2) & 0xf));
    if (kind == kTimestamps)
        return std::to_string(be32(packet, at + 2)) + ", echo " + std::to_string(be32(packet, at + 6));
    if (kind != kSack) return "";
    std::string text;
    for (std::size_t block = at + 2; block + 8 <= at + size; block += 8)
        text += (text.empty() ? "" : ", ") + std::to_string(be32(packet, block)) + "–" +
                std::to_string(be32(packet, block + 4));
    return text;
}

struct OptionRow {
    std::uint8_t kind;
    std::string_view name, source;
};
constexpr OptionRow kOptions[] = {
    {kMss, "option: maximum segment size", "RFC 9293 §3.7.1"},
    {kWindowScale, "option: window scale", "RFC 7323 §2"},
    {kSackPermitted, "option: SACK permitted", "RFC 2018 §2"},
    {kSack, "option: SACK", "RFC 2018 §3"},
    {kTimestamps, "option: time stamps", "RFC 7323 §3"},
};

}  // namespace

void decode_tcp(const Segment& segment, Headers& headers) {
    const std::string_view bytes = segment.bytes;
    headers.from.port = be16(bytes, 0);
    headers.to.port = be16(bytes, 2);
    headers.seq = be32(bytes, 4);
    headers.ack = be32(bytes, 8);
    headers.tcp_flags = octet(bytes, 13);
    headers.window = be16(bytes, 14);
    const std::size_t header_size = static_cast<std::size_t>(octet(bytes, 12) >> 4) * 4;
    if (header_size < 20 || header_size > bytes.size()) {
        if (segment.whole) headers.malformed = true;
        headers.payload_size = 0;
        return;
    }
    headers.payload_offset = static_cast<std::uint16_t>(headers.transport_offset + header_size);
    headers.payload_size = static_cast<std::uint16_t>(bytes.size() - header_size);
    if (segment.judge)
        headers.checksum_ok =
            checksum(bytes, pseudo_header(segment.packet, headers, kTcp, bytes.size())) == 0;
    for_each_option(bytes, 20, header_size, [&](std::uint8_t kind, std::size_t at, std::size_t size) {
        if (kind == kMss && size == 4) headers.mss = be16(bytes, at + 2);
        if (kind == kWindowScale && size == 3) {
            const std::uint8_t shift = octet(bytes, at + 2);
            headers.window_scale = static_cast<std::int8_t>(shift > 14 ? 14 : shift);  // RFC 7323 §2.3
        }
        if (kind != kSack) return;
        for (std::size_t block = at + 2; block + 8 <= at + size && headers.sack_count < 4; block += 8)
            headers.sack[headers.sack_count++] = {be32(bytes, block), be32(bytes, block + 4)};
    });
}

void list_tcp(FieldList& list, const Headers& headers) {
    const std::string_view packet = list.packet();
    const std::size_t at = headers.transport_offset;
    const std::string_view source = "RFC 9293 §3.1";
    list.add("source port", std::to_string(headers.from.port), at, 2, source);
    list.add("destination port", std::to_string(headers.to.port), at + 2, 2, source);
    list.add("sequence number", std::to_string(headers.seq), at + 4, 4, source);
    list.add("acknowledgment number", std::to_string(headers.ack), at + 8, 4, source);
    list.add("header length", bytes_word(static_cast<std::size_t>(octet(packet, at + 12) >> 4) * 4), at + 12,
             1, source);
    list.add("flags", flag_names(headers.tcp_flags), at + 13, 1, source);
    list.add("window", std::to_string(headers.window) + " (as sent, not scaled)", at + 14, 2, source);
    list.add("checksum", hex(be16(packet, at + 16), 4) + (headers.checksum_ok ? " (right)" : " (wrong)"),
             at + 16, 2, source);
    list.add("urgent pointer", std::to_string(be16(packet, at + 18)), at + 18, 2, source);
    for_each_option(packet, at + 20, headers.payload_offset,
                    [&](std::uint8_t kind, std::size_t option, std::size_t size) {
                        if (kind == kNop) return;
                        for (const OptionRow& row : kOptions)
                            if (row.kind == kind) {
                                list.add(std::string(row.name), option_value(packet, kind, option, size),
                                         option, size, row.source);
                                return;
                            }
                        list.add("option " + std::to_string(kind), bytes_word(size), option, size, source);
                    });
}

std::string flag_names(std::uint8_t tcp_flags) {
    struct Row {
        std::uint8_t bit;
        std::string_view name;
    };
    constexpr Row kFlags[] = {{kSyn, "SYN"}, {kFin, "FIN"}, {kRst, "RST"}, {kPsh, "PSH"},
                              {kAck, "ACK"}, {kUrg, "URG"}, {kEce, "ECE"}, {kCwr, "CWR"}};
    std::string text;
    for (const Row& row : kFlags)
        if (tcp_flags & row.bit) text += (text.empty() ? "" : " ") + std::string(row.name);
    return text.empty() ? "none" : text;
}

}  // namespace socketscope::packet

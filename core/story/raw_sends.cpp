#include "core/story/raw_sends.hpp"

#include <algorithm>

#include "core/story/build.hpp"

namespace socketscope::story {
namespace {

using packet::Headers;

constexpr std::size_t kChecksumEnd = 4;  // ICMP and ICMPv6: type, code, checksum

// The kernel fills in the checksum of ICMPv6 (RFC 3542 §3.1).
bool same_payload(std::string_view sent, std::string_view behind_ip, const Headers& headers) {
    if (sent.size() != behind_ip.size()) return false;
    if (headers.protocol != 58 || sent.size() < kChecksumEnd) return sent == behind_ip;
    return sent.substr(0, 2) == behind_ip.substr(0, 2) &&
           sent.substr(kChecksumEnd) == behind_ip.substr(kChecksumEnd);
}

// IP_HDRINCL: the kernel fills in length, identification and checksum (raw(7)).
bool same_packet(std::string_view sent, std::string_view bytes) {
    constexpr std::size_t kHeader = 20;
    return sent.size() == bytes.size() && sent.size() >= kHeader &&
           sent.substr(kHeader) == bytes.substr(kHeader);
}

// Bytes that the kernel filled in on the way (checksum, identification) come from no send call.
void give_message_as_read(Facts& facts, const Piece& message, std::string_view read, PieceRange& range) {
    const std::string_view sent = bytes_of(facts, message.message).substr(message.offset);
    const std::size_t size = std::min(read.size(), sent.size());
    for (std::size_t begin = 0; begin < size;) {
        const bool same = sent[begin] == read[begin];
        std::size_t end = begin;
        while (end < size && (sent[end] == read[end]) == same) ++end;
        Piece piece{kNone, 0, static_cast<std::uint32_t>(end - begin)};
        if (same) {
            piece.message = message.message;
            piece.offset = message.offset + static_cast<std::uint32_t>(begin);
        }
        facts.pieces.push_back(piece);
        ++range.count;
        begin = end;
    }
}

}  // namespace

RawSends::RawSends(const Facts& facts)
    : facts_(facts), sends_(facts.sockets.size()), next_(sends_.size(), 0) {
    const auto handed = hand_over(facts, Transport::raw);
    for (std::uint32_t s = 0; s < handed.size(); ++s)
        for (const Handed& one : handed[s]) {
            Sent sent{one, {}, brings_header(facts, first_message(facts, s, one))};
            if (one.count > 1)
                for (const Piece& piece : pieces_of(facts, s, one))
                    sent.joined += story::bytes_of(facts, piece.message);
            sends_[s].push_back(std::move(sent));
        }
}

std::string_view RawSends::bytes_of(std::uint32_t socket, const Sent& sent) const {
    if (sent.handed.count > 1) return sent.joined;
    return story::bytes_of(facts_, first_message(facts_, socket, sent.handed));
}

TimeNs RawSends::handed_ns(std::uint32_t socket, const Sent& sent) const {
    return facts_.handed_ns(first_message(facts_, socket, sent.handed));
}

RawSends::Sent* RawSends::find(std::uint32_t socket, std::string_view packet, std::string_view behind_ip,
                               const Headers& headers, TimeNs sent_ns) {
    for (std::size_t i = next_[socket]; i < sends_[socket].size(); ++i) {
        Sent& sent = sends_[socket][i];
        if (handed_ns(socket, sent) > sent_ns) return nullptr;
        if (sent.handed.left || sent.handed.waits) continue;
        const std::string_view bytes = bytes_of(socket, sent);
        if (sent.own_header ? same_packet(bytes, packet) : same_payload(bytes, behind_ip, headers))
            return &sent;
    }
    return nullptr;
}

void RawSends::leave(std::uint32_t socket, Sent& sent) {
    sent.handed.left = true;
    next_[socket] = static_cast<std::size_t>(&sent - sends_[socket].data()) + 1;
}

PieceRange give_as_read(Facts& facts, std::string_view read, std::size_t header,
                        const std::vector<Piece>& messages) {
    PieceRange range{static_cast<std::uint32_t>(facts.pieces.size()), 0};
    const auto give_nobodys = [&](std::size_t size) {
        if (size == 0) return;
        facts.pieces.push_back({kNone, 0, static_cast<std::uint32_t>(size)});
        ++range.count;
    };
    std::size_t at = std::min(read.size(), header);
    give_nobodys(at);
    for (const Piece& message : messages) {
        const std::string_view part = read.substr(std::min(at, read.size()), message.size);
        if (message.message == kNone)
            give_nobodys(part.size());
        else
            give_message_as_read(facts, message, part, range);
        at += message.size;
    }
    return range;
}

}  // namespace socketscope::story

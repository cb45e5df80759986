#include "core/story/raw_sends.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

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

std::optional<std::size_t> kernel_checksum_at(const Facts& facts, std::uint32_t socket, TimeNs at_ns) {
    constexpr std::size_t kIcmp6ChecksumAt = 2;  // behind type and code (RFC 4443 §2.1)
    const model::Kind kind = facts.sockets[socket].kind;
    if (kind.domain != model::Domain::inet6) return std::nullopt;
    if (kind.protocol == kProtocolIcmp6) return kIcmp6ChecksumAt;
    const std::int64_t offset =
        setting_at(facts.socket_facts[socket], SocketFacts::Option::checksum_offset, at_ns, -1);
    return offset < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(offset));
}

bool begins_as_sent(std::string_view sent, std::string_view behind_ip,
                    std::optional<std::size_t> checksum_at) {
    constexpr std::size_t kChecksum = 2;  // bytes
    const std::size_t until = std::min(checksum_at.value_or(behind_ip.size()), behind_ip.size());
    const std::size_t from = std::min(until + kChecksum, behind_ip.size());
    return sent.size() >= behind_ip.size() && sent.starts_with(behind_ip.substr(0, until)) &&
           sent.substr(from).starts_with(behind_ip.substr(from));
}

RawSends::RawSends(const Facts& facts)
    : facts_(facts), sends_(facts.sockets.size()), next_(sends_.size(), 0) {
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s)
        if (facts.socket_facts[s].transport == Transport::raw) sockets_.push_back(s);
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

std::set<std::uint8_t> RawSends::protocols() const {
    std::set<std::uint8_t> protocols;
    for (const std::uint32_t s : sockets_)
        protocols.insert(static_cast<std::uint8_t>(facts_.sockets[s].kind.protocol));
    return protocols;
}

std::string_view RawSends::bytes_of(std::uint32_t socket, const Sent& sent) const {
    if (sent.handed.count > 1) return sent.joined;
    return story::bytes_of(facts_, first_message(facts_, socket, sent.handed));
}

TimeNs RawSends::handed_ns(std::uint32_t socket, const Sent& sent) const {
    return facts_.handed_ns(first_message(facts_, socket, sent.handed));
}

RawSends::Sent* RawSends::find(std::uint32_t socket, std::string_view packet, std::string_view behind_ip,
                               TimeNs sent_ns) {
    for (std::size_t i = next_[socket]; i < sends_[socket].size(); ++i) {
        Sent& sent = sends_[socket][i];
        if (handed_ns(socket, sent) > sent_ns) return nullptr;
        if (sent.handed.left || sent.handed.waits) continue;
        const std::string_view bytes = bytes_of(socket, sent);
        const auto same_payload = [&] {
            return bytes.size() == behind_ip.size() &&
                   begins_as_sent(bytes, behind_ip,
                                  kernel_checksum_at(facts_, socket, handed_ns(socket, sent)));
        };
        if (sent.own_header ? same_packet(bytes, packet) : same_payload()) return &sent;
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

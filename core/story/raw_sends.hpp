// What each raw socket handed over, and which packets of the wire it is (raw(7)).
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/story/handed.hpp"

namespace socketscope::story {

class RawSends {
public:
    explicit RawSends(const Facts& facts);

    struct Sent {
        Handed handed;
        std::string joined;  // the bytes, if several sends gave them
        bool own_header{false};
    };
    const std::vector<std::uint32_t>& sockets() const { return sockets_; }  // all raw ones
    std::set<std::uint8_t> protocols() const;
    std::span<Sent> of(std::uint32_t socket) { return sends_[socket]; }
    std::string_view bytes_of(std::uint32_t socket, const Sent& sent) const;
    TimeNs handed_ns(std::uint32_t socket, const Sent& sent) const;

    // The first that has not left and is this packet, which has these bytes behind its IP header; nullptr: none.
    Sent* find(std::uint32_t socket, std::string_view packet, std::string_view behind_ip, TimeNs sent_ns);
    void leave(std::uint32_t socket, Sent& sent);

private:
    const Facts& facts_;
    std::vector<std::uint32_t> sockets_;
    std::vector<std::vector<Sent>> sends_;  // by socket
    std::vector<std::size_t> next_;         // by socket: those before have left, or never will
};

// Where in what a socket sends the kernel writes the checksum: ICMPv6, and IPV6_CHECKSUM (RFC 3542 §3.1).
std::optional<std::size_t> kernel_checksum_at(const Facts& facts, std::uint32_t socket, TimeNs at_ns);
// Whether these bytes behind an IP header, all of the packet or its beginning, are those that were sent, but for that
// checksum.
bool begins_as_sent(std::string_view sent, std::string_view behind_ip,
                    std::optional<std::size_t> checksum_at);
// What a raw socket read, as pieces: so many bytes of headers that no send call wrote, then those of these messages.
PieceRange give_as_read(Facts& facts, std::string_view read, std::size_t header,
                        const std::vector<Piece>& messages);

}  // namespace socketscope::story

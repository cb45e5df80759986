#include "core/story/udp_sends.hpp"

#include <algorithm>

#include "core/story/build.hpp"

namespace socketscope::story {

UdpSends::UdpSends(const Facts& facts)
    : facts_(facts), sends_(hand_over(facts, Transport::udp)), next_(facts.sockets.size(), 0) {}

TimeNs UdpSends::handed_ns(std::uint32_t socket, std::size_t index) const {
    return facts_.handed_ns(first_message(facts_, socket, sends_[socket][index]));
}

bool UdpSends::begins(std::uint32_t socket, const Handed& handed, std::string_view bytes) const {
    if (whole_message(facts_, socket, handed))
        return bytes_of(facts_, first_message(facts_, socket, handed)).starts_with(bytes);
    for (const Piece& piece : pieces_of(facts_, socket, handed)) {
        const std::string_view part = bytes_of(facts_, piece.message).substr(piece.offset, piece.size);
        const std::size_t known = std::min(part.size(), bytes.size());
        if (part.substr(0, known) != bytes.substr(0, known)) return false;
        bytes.remove_prefix(known);
    }
    return bytes.empty();
}

std::size_t UdpSends::find(const Datagram& datagram, std::uint32_t socket, TimeNs sent_ns) const {
    const auto goes_there = [&](const Message& message) {
        const Name to = destination_of(facts_, message);
        if (datagram.to.version == 0 || to.ip.version == 0) return true;  // not known
        if (to.ip.port != datagram.to.port) return false;
        return same_host(to.ip, datagram.to) || any_host(to.ip);  // ip(7): to INADDR_ANY is to this host
    };
    const std::vector<Handed>& sends = sends_[socket];
    constexpr std::size_t kFar = 4096;
    const std::size_t end = std::min(sends.size(), next_[socket] + kFar);
    for (std::size_t i = next_[socket]; i < end; ++i) {
        if (handed_ns(socket, i) > sent_ns) return kNotFound;
        if (sends[i].size != datagram.size || sends[i].left || sends[i].waits) continue;
        if (begins(socket, sends[i], datagram.first_bytes) &&
            goes_there(facts_.messages[first_message(facts_, socket, sends[i])]))
            return i;
    }
    return kNotFound;
}

void UdpSends::leave(std::uint32_t socket, std::size_t index, bool in_order) {
    std::vector<Handed>& sends = sends_[socket];
    sends[index].left = true;
    std::size_t& next = next_[socket];
    if (in_order) next = index + 1;
    while (next < sends.size() && sends[next].left) ++next;
}

}  // namespace socketscope::story

// Which of the datagrams that a UDP socket handed over are on the wire, and which packets they are.
#pragma once

#include <span>
#include <vector>

#include "core/story/fragments.hpp"
#include "core/story/handed.hpp"

namespace socketscope::story {

class UdpSends {
public:
    explicit UdpSends(const Facts& facts);

    std::span<Handed> of(std::uint32_t socket) { return sends_[socket]; }
    static constexpr std::size_t kNotFound = SIZE_MAX;
    // The first that has not left, has these bytes and this destination, and was handed over before the packet was
    // sent.
    std::size_t find(const Datagram& datagram, std::uint32_t socket, TimeNs sent_ns) const;
    // It is on the wire. A socket's datagrams keep their order, so that those before it never will be (but behind a
    // relay, which reads what goes to one address and then what goes to another).
    void leave(std::uint32_t socket, std::size_t index, bool in_order);
    TimeNs handed_ns(std::uint32_t socket, std::size_t index) const;

private:
    bool begins(std::uint32_t socket, const Handed& handed, std::string_view bytes) const;

    const Facts& facts_;
    std::vector<std::vector<Handed>> sends_;  // by socket
    std::vector<std::size_t> next_;           // by socket: those before have left, or never will
};

}  // namespace socketscope::story

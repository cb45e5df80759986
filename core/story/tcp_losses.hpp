// What a TCP connection lost on the way, and whether it arrived in the end.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/story/facts.hpp"
#include "core/story/reassembly.hpp"

namespace socketscope::story {

class TcpLosses {
public:
    TcpLosses(Facts& facts, const Connection& connection) : facts_(facts), connection_(connection) {}

    // Found while the connection is followed. What the wire dropped is found by tell().
    void add(std::uint32_t packet, LossPlace place, TimeNs at_ns, std::string why);
    // All is known now. `delivered`: packets in the order in which they arrived; `arrived`: the bytes that each end
    // sends, at the other end.
    void tell(std::span<const std::uint32_t> delivered, const Reassembly* const (&arrived)[2]);

private:
    int end_of(std::uint32_t packet) const;
    bool opens(std::uint32_t packet) const;
    bool answered_between(TimeNs from_ns, TimeNs until_ns) const;
    void add_dropped();
    void add_ignored_syns(std::span<const std::uint32_t> delivered);
    Stream* stream_of(std::uint32_t packet) const;
    std::vector<Piece> name_once(std::uint32_t packet, const Reassembly& arrived);
    void sort_ranges();
    std::size_t times_lost(std::uint32_t packet) const;
    bool repaired(std::uint32_t lost, std::span<const std::uint32_t> delivered,
                  const Reassembly& arrived) const;

    Facts& facts_;
    const Connection& connection_;
    std::vector<Loss> losses_;
    std::vector<std::uint64_t> begins_[2], ends_[2];  // of the packets whose bytes never arrived, each sorted
};

}  // namespace socketscope::story

// The ICMP errors of the wire, by the datagram that each complains about: an error quotes it (RFC 792, RFC 4443 §3).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/story/fragments.hpp"

namespace socketscope::story {

struct IcmpError {
    std::uint32_t packet;
    packet::Headers quoted;
    bool taken{false};  // by a datagram; a copy that the wire made answers none
};

class IcmpErrors {
public:
    // Only those that `wanted` wants, by the headers of the error and of what it quotes.
    using Wanted = bool (*)(const packet::Headers& error, const packet::Headers& quoted);
    IcmpErrors(const Facts& facts, Wanted wanted);
    IcmpErrors(const IcmpErrors&) = delete;  // the indexes view facts' bytes

    std::span<const IcmpError> all() const { return errors_; }  // by the time of sending
    // The packet of the first error about this datagram, sent after it was complete; kNone: there is none. Each error
    // is about one datagram, so the next of two equal datagrams gets the next error.
    std::uint32_t take(const Datagram& datagram);

private:
    std::uint32_t take(IcmpError& error, TimeNs complete_ns) const;

    const Facts& facts_;
    std::vector<IcmpError> errors_;
    std::multimap<std::string_view, std::size_t> by_quote_;  // equal ones by the time of sending
    std::unordered_map<std::string, std::vector<std::size_t>> by_addresses_;
};

}  // namespace socketscope::story

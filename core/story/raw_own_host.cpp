#include "core/story/raw_own_host.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/udp_arrivals.hpp"
#include "core/story/udp_losses.hpp"

namespace socketscope::story {
namespace {

// Of a packet that nobody recorded only what a receive call was given is known: the IP header in front (IPv4) is the
// kernel's.
std::size_t header_size(const Facts& facts, std::uint32_t socket, std::string_view given) {
    if (facts.sockets[socket].kind.domain == model::Domain::inet6 || given.empty()) return 0;
    return std::min<std::size_t>((static_cast<unsigned char>(given[0]) & 0xfU) * 4U, given.size());
}

class OwnHost {
public:
    OwnHost(Facts& facts, RawSends& sends)
        : facts_(facts), sends_(sends), taken_(facts.receives.size(), false) {}

    void deliver() {
        for (std::uint32_t s = 0; s < facts_.sockets.size(); ++s)
            for (RawSends::Sent& sent : sends_.of(s)) {
                if (sent.handed.waits)
                    lose_waiting(facts_, s, sent.handed);
                else if (!sent.handed.left && !sent.own_header)
                    deliver(s, sent);
            }
        for (const std::uint32_t inbox : changed_)
            std::stable_sort(facts_.inboxes[inbox].arrivals.begin(), facts_.inboxes[inbox].arrivals.end(),
                             [](const Arrival& a, const Arrival& b) { return a.at_ns < b.at_ns; });
    }

private:
    // To the loopback network it is, whoever reads it; to another address of the host, if a receive call there was
    // given it.
    void deliver(std::uint32_t s, RawSends::Sent& sent) {
        const std::vector<Piece> pieces = pieces_of(facts_, s, sent.handed);
        const TimeNs at_ns = sends_.handed_ns(s, sent);
        const Name to = destination_of(facts_, facts_.messages[pieces.front().message]);
        bool here = loopback(to.ip);
        for (std::uint32_t reader = 0; reader < facts_.sockets.size(); ++reader) {
            if (!takes(reader, s, to, at_ns)) continue;
            const std::uint32_t receive = receive_of(reader, sends_.bytes_of(s, sent), at_ns);
            if (receive == kNone && !loopback(to.ip)) continue;
            here = true;
            Arrival arrival{at_ns, pieces.front().message, kNone, receive};
            if (receive != kNone) {
                arrival.fate = Fate::read;
                give(reader, receive, sends_.bytes_of(s, sent), pieces);
            }
            arrive(facts_, reader, arrival, pieces.size() > 1 ? pieces : std::vector<Piece>{});
            changed_.push_back(facts_.socket_facts[reader].inbox);
        }
        if (!here) return;
        sent.handed.left = true;
        left(facts_, kNone, pieces, at_ns);
    }

    bool takes(std::uint32_t reader, std::uint32_t sender, const Name& to, TimeNs at_ns) const {
        const SocketFacts& known = facts_.socket_facts[reader];
        const Socket& socket = facts_.sockets[reader];
        if (known.transport != Transport::raw || known.host != facts_.socket_facts[sender].host) return false;
        if (socket.kind.domain != facts_.sockets[sender].kind.domain) return false;
        if (socket.kind.protocol != facts_.sockets[sender].kind.protocol) return false;
        if (socket.opened_ns > at_ns || or_forever(socket.closed_ns) <= at_ns) return false;
        return known.local.ip.version == 0 || any_host(known.local.ip) || same_host(known.local.ip, to.ip);
    }

    // The first call that was given just these bytes behind an IP header, and that no packet of the wire explains.
    std::uint32_t receive_of(std::uint32_t reader, std::string_view sent, TimeNs at_ns) {
        constexpr std::ptrdiff_t kFar = 4096;
        const std::vector<std::uint32_t>& receives = facts_.socket_facts[reader].receives;
        const auto first =
            std::lower_bound(receives.begin(), receives.end(), at_ns,
                             [&](std::uint32_t r, TimeNs t) { return facts_.given_ns(r) < t; });
        const auto last = first + std::min(receives.end() - first, kFar);
        for (auto next = first; next != last; ++next) {
            const std::uint32_t r = *next;
            const Receive& receive = facts_.receives[r];
            if (taken_[r] || receive.peeked || receive.error_queue || explained(receive)) continue;
            const model::CallRecord& call = facts_.call(receive.call);
            const std::string_view given = facts_.trace->bytes(call.data);
            const std::string_view behind = given.substr(header_size(facts_, reader, given));
            const bool full = static_cast<std::int64_t>(given.size()) == call.args.first;
            if (behind.size() != sent.size() && !(full && behind.size() < sent.size())) continue;
            if (!same(reader, sent, behind)) continue;
            taken_[r] = true;
            return r;
        }
        return kNone;
    }

    // The kernel fills in the checksum of ICMPv6 (RFC 3542 §3.1).
    bool same(std::uint32_t reader, std::string_view sent, std::string_view behind) const {
        constexpr std::size_t kCodeEnd = 2, kChecksumEnd = 4;
        if (facts_.sockets[reader].kind.protocol != 58 || behind.size() < kChecksumEnd)
            return sent.starts_with(behind);
        return sent.starts_with(behind.substr(0, kCodeEnd)) &&
               sent.substr(kChecksumEnd).starts_with(behind.substr(kChecksumEnd));
    }

    bool explained(const Receive& receive) const {
        for (std::uint32_t i = 0; i < receive.pieces.count; ++i)
            if (facts_.pieces[receive.pieces.begin + i].message != kNone) return true;
        return false;
    }

    void give(std::uint32_t reader, std::uint32_t r, std::string_view sent,
              const std::vector<Piece>& pieces) {
        Receive& receive = facts_.receives[r];
        const std::string_view given = facts_.trace->bytes(facts_.call(receive.call).data);
        const std::size_t header = header_size(facts_, reader, given);
        receive.cut_bytes = static_cast<std::uint32_t>(sent.size() - (given.size() - header));
        receive.pieces = give_as_read(facts_, given, header, pieces);
    }

    Facts& facts_;
    RawSends& sends_;
    std::vector<bool> taken_;             // by receive
    std::vector<std::uint32_t> changed_;  // inboxes
};

}  // namespace

void deliver_raw_in_host(Facts& facts, RawSends& sends) {
    OwnHost(facts, sends).deliver();
}

}  // namespace socketscope::story

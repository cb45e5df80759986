#include "core/story/raw_own_host.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/numbers.hpp"
#include "core/story/own_host.hpp"
#include "core/story/raw_packets.hpp"
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

// IP_HDRINCL: the kernel sets the length, whatever the program wrote there (raw(7)).
packet::Headers brought_header(std::string_view packet) {
    std::string bytes(packet);
    if (!bytes.empty() && (bytes[0] >> 4 & 0xf) == 4 && bytes.size() >= 4) {
        bytes[2] = static_cast<char>(bytes.size() >> 8);
        bytes[3] = static_cast<char>(bytes.size() & 0xff);
    }
    return packet::decode(bytes, packet::Checksums::skip);
}

// What the raw sockets of a host get a copy of, without the wire.
struct Copied {
    model::Host host{model::Host::client};
    packet::Headers headers;
    std::string_view behind_ip;
    TimeNs at_ns{0};
    bool stays{false};           // in the host, whether anybody reads it or not
    std::vector<Piece> carries;  // behind the kernel's headers
    bool brings_header{false};   // the IP header is among these
    bool whole_message{false};
    std::uint16_t part{0};                   // see Arrival::part
    std::uint32_t by_kernel{0};              // bytes of a header (UDP) in front of these
    std::optional<std::size_t> checksum_at;  // that the kernel writes
};

class OwnHost {
public:
    OwnHost(Facts& facts, RawSends& sends)
        : facts_(facts),
          sends_(sends),
          one_machine_(one_machine(facts)),
          taken_(facts.receives.size(), false) {}

    void deliver() {
        for (const std::uint32_t s : sends_.sockets())
            for (RawSends::Sent& sent : sends_.of(s)) {
                if (sent.handed.waits)
                    lose_waiting(facts_, s, sent.handed);
                else if (!sent.handed.left)
                    deliver(s, sent);
            }
        for (const KeptInHost& kept : facts_.kept_in_host) deliver(kept);
        for (const std::uint32_t inbox : changed_)
            std::stable_sort(facts_.inboxes[inbox].arrivals.begin(), facts_.inboxes[inbox].arrivals.end(),
                             [](const Arrival& a, const Arrival& b) { return a.at_ns < b.at_ns; });
    }

private:
    // To an address of the host it is, whoever reads it; to any other, if a receive call there was given it.
    void deliver(std::uint32_t s, RawSends::Sent& sent) {
        const OwnPacket packet = own_packet(facts_, sends_, s, sent);
        Copied copied;
        // Over IPv4 the header that the message brought is read too; the kernel fills in a part of it (raw(7)).
        const bool header_read = packet.headers.version == 4 && packet.header_sent > 0;
        copied.carries = pieces_of(facts_, s, sent.handed);
        if (!header_read) copied.carries = part_of(copied.carries, packet.header_sent, UINT32_MAX);
        if (copied.carries.empty()) return;
        copied.brings_header = header_read;
        copied.host = facts_.socket_facts[s].host;
        copied.headers = packet.headers;
        copied.behind_ip = packet.behind_ip();
        copied.at_ns = sends_.handed_ns(s, sent);
        copied.stays = stays_in_host(facts_, copied.host, packet);
        copied.whole_message = copied.carries.size() == 1 && (header_read || packet.header_sent == 0);
        copied.checksum_at = kernel_checksum_at(facts_, s, copied.at_ns);
        if (!copy(copied)) return;
        sent.handed.left = true;
        left(facts_, kNone, copied.carries, copied.at_ns);
    }

    void deliver(const KeptInHost& kept) {
        constexpr std::size_t kUdpHeader = 8, kUdpChecksumAt = 6;
        Copied copied;
        copied.host = kept.host;
        copied.at_ns = kept.at_ns;
        copied.stays = true;
        copied.carries = kept.content;
        copied.whole_message = kept.content.empty();
        if (copied.whole_message)
            copied.carries = {{kept.message, 0, facts_.messages[kept.message].size}};
        else
            copied.part = kAllSegments;
        std::string datagram;
        for (const Piece& piece : copied.carries)
            datagram += bytes_of(facts_, piece.message).substr(piece.offset, piece.size);
        datagram = packet::udp_header(kept.from.port, kept.to.port, datagram);
        copied.behind_ip = datagram;
        copied.by_kernel = kUdpHeader;
        copied.checksum_at = kUdpChecksumAt;
        copied.headers.version = kept.to.version;
        copied.headers.protocol = static_cast<std::uint8_t>(kProtocolUdp);
        copied.headers.from = kept.from;
        copied.headers.to = kept.to;
        copy(copied);
    }

    // Whether it is in this host.
    bool copy(const Copied& copied) {
        bool here = copied.stays;
        for (const std::uint32_t reader : sends_.sockets()) {
            if (facts_.socket_facts[reader].host != copied.host && !one_machine_) continue;
            if (!raw_takes(facts_, reader, copied.headers, copied.at_ns)) continue;
            const std::uint32_t receive = receive_of(reader, copied);
            if (receive == kNone && !copied.stays) continue;
            here = true;
            Arrival arrival{copied.at_ns, copied.carries.front().message, kNone, receive};
            arrival.part = copied.part;
            if (receive != kNone) {
                arrival.fate = Fate::read;
                give(reader, receive, copied);
            }
            arrive(facts_, reader, arrival, copied.whole_message ? std::vector<Piece>{} : copied.carries);
            if (receive != kNone && facts_.receives[receive].cut_bytes > 0)
                cut_tail(facts_, facts_.receives[receive], arrival,
                         facts_.call(facts_.receives[receive].call).data.size +
                             facts_.receives[receive].cut_bytes);
            changed_.push_back(facts_.socket_facts[reader].inbox);
        }
        return here;
    }

    // The first call that was given just these bytes behind an IP header, and that no packet of the wire explains.
    std::uint32_t receive_of(std::uint32_t reader, const Copied& copied) {
        const std::string_view sent = copied.behind_ip;
        constexpr std::ptrdiff_t kFar = 4096;
        const std::vector<std::uint32_t>& receives = facts_.socket_facts[reader].receives;
        const auto first =
            std::lower_bound(receives.begin(), receives.end(), copied.at_ns,
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
            if (!is_copy(copied, behind)) continue;
            taken_[r] = true;
            return r;
        }
        return kNone;
    }

    static bool is_copy(const Copied& copied, std::string_view behind_ip) {
        if (copied.by_kernel == 0) return begins_as_sent(copied.behind_ip, behind_ip, copied.checksum_at);
        constexpr std::size_t kSourcePort = 2;  // bytes; it is not always known
        const std::size_t skipped = std::min(kSourcePort, behind_ip.size());
        return begins_as_sent(copied.behind_ip.substr(skipped), behind_ip.substr(skipped),
                              *copied.checksum_at - kSourcePort);
    }

    bool explained(const Receive& receive) const {
        for (std::uint32_t i = 0; i < receive.pieces.count; ++i)
            if (facts_.pieces[receive.pieces.begin + i].message != kNone) return true;
        return false;
    }

    void give(std::uint32_t reader, std::uint32_t r, const Copied& copied) {
        Receive& receive = facts_.receives[r];
        const std::string_view given = facts_.trace->bytes(facts_.call(receive.call).data);
        const std::size_t header = header_size(facts_, reader, given);
        receive.cut_bytes = static_cast<std::uint32_t>(copied.behind_ip.size() - (given.size() - header));
        receive.pieces =
            give_as_read(facts_, given, copied.brings_header ? 0 : header + copied.by_kernel, copied.carries);
    }

    Facts& facts_;
    RawSends& sends_;
    bool one_machine_;
    std::vector<bool> taken_;             // by receive
    std::vector<std::uint32_t> changed_;  // inboxes
};

}  // namespace

OwnPacket own_packet(const Facts& facts, const RawSends& sends, std::uint32_t socket,
                     const RawSends::Sent& sent) {
    const SocketFacts& sender = facts.socket_facts[socket];
    std::string_view behind_ip = sends.bytes_of(socket, sent);
    const auto destination = [&](std::uint32_t send) {
        return destination_of(facts, facts.messages[sender.sends[send]]).ip;
    };
    const Handed& handed = sent.handed;
    OwnPacket own;
    own.way = destination(handed.first);
    // Of joined sends (MSG_MORE) the first decides the way. Over IPv4 the addresses are those of the last
    // (raw_sendmsg()).
    packet::Address to = own.way.version == 4 ? destination(handed.first + handed.count - 1) : own.way;
    packet::Address from = source_in_host(sender.local.ip, to);
    auto protocol = static_cast<std::uint8_t>(facts.sockets[socket].kind.protocol);
    if (sent.own_header) {
        const packet::Headers brought = brought_header(behind_ip);
        own.header_sent =
            static_cast<std::uint32_t>(std::min<std::size_t>(brought.transport_offset, behind_ip.size()));
        behind_ip.remove_prefix(own.header_sent);
        if (!any_host(brought.from)) from = brought.from;
        to = brought.to;
        protocol = brought.protocol;
    }
    own.bytes = to.version == 6 ? packet::ipv6(from, to, protocol, behind_ip)
                                : packet::ipv4(from, to, protocol, behind_ip);
    own.headers = packet::decode(own.bytes);
    // The kernel's own is right if the datagram ends where its header says, and if all joined sends go to the same
    // address: it is made with that of the last, while the packet has that of the first (rawv6_push_pending_frames()).
    if (kernel_checksum_at(facts, socket, sends.handed_ns(socket, sent)))
        own.headers.checksum_ok = (!own.headers.is_udp() || own.headers.udp_length == behind_ip.size()) &&
                                  same_host(own.way, destination(handed.first + handed.count - 1));
    return own;
}

bool stays_in_host(const Facts& facts, model::Host host, const OwnPacket& packet) {
    return own_address(facts, host, packet.way) && own_address(facts, host, packet.headers.to);
}

void deliver_raw_in_host(Facts& facts, RawSends& sends) {
    OwnHost(facts, sends).deliver();
}

}  // namespace socketscope::story

// UDP (udp(7), RFC 768): one send is one datagram; a socket's datagrams enter the wire in order; the receiver reads
// in the order of arrival; nobody repairs anything. Fragments (RFC 791 §3.2, RFC 8200 §4.5) make a datagram only all
// together.
#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/fragments.hpp"
#include "core/story/icmp_errors.hpp"
#include "core/story/numbers.hpp"
#include "core/story/own_host.hpp"
#include "core/story/raw_packets.hpp"
#include "core/story/raw_to_udp.hpp"
#include "core/story/udp_arrivals.hpp"
#include "core/story/udp_losses.hpp"
#include "core/story/udp_own_host.hpp"
#include "core/story/udp_ports.hpp"
#include "core/story/udp_sends.hpp"

namespace socketscope::story {
namespace {

using model::Host;
using packet::Address;

class Udp {
public:
    Udp(Facts& facts, RawSends& raw)
        : facts_(facts),
          ports_(facts),
          sends_(facts),
          raw_(raw),
          next_receive_(facts.sockets.size(), 0),
          errors_(facts, [](const auto&, const packet::Headers& quoted) { return quoted.is_udp(); }) {}

    void build() {
        if (facts_.message_left_ns.empty())
            facts_.message_left_ns.assign(facts_.messages.size(), model::kNever);
        datagrams_ = join_fragments(facts_, static_cast<std::uint8_t>(kProtocolUdp));
        for (Datagram& datagram : datagrams_) match_send(datagram);
        match_payload_only();
        mark_errors();
        std::stable_sort(datagrams_.begin(), datagrams_.end(), [](const Datagram& a, const Datagram& b) {
            return or_forever(a.complete_ns) < or_forever(b.complete_ns);
        });
        const std::size_t first = facts_.inboxes.size(), first_loss = facts_.losses.size();
        for (const Datagram& datagram : datagrams_) deliver(datagram);
        UdpOwnHost(facts_, ports_, sends_).deliver(no_second_host());
        deliver_raw_to_udp(facts_, ports_, raw_);
        note_copies(facts_, first_loss);
        for (std::size_t i = first; i < facts_.inboxes.size(); ++i) finish(facts_.inboxes[i]);
    }

private:
    // --- which send this datagram is
    void match_send(Datagram& datagram) {
        const model::PacketRecord& record = facts_.record(datagram.packets.front());
        if (take_from_raw(facts_, datagram)) return;
        if (take_copy(datagram, record)) return;
        if (take_earliest(datagram, ports_.at(record.from, datagram.from.port), record)) return;
        if (take_earliest(datagram, ports_.unknown(record.from), record) ||
            take_earliest(datagram, ports_.let_go(record.from), record)) {
            const std::uint32_t sender = facts_.packets[datagram.packets.front()].socket;
            if (datagram.from.version != 0) ports_.learn(facts_, sender, datagram.from);
            return;
        }
        // No send of ours: a program that we did not write, or a datagram whose socket alone is known.
        const auto& sockets = ports_.at(record.from, datagram.from.port);
        if (sockets.size() == 1) mark_packets(datagram, sockets.front());
    }

    // A copy that the wire made carries what its original carries.
    bool take_copy(Datagram& datagram, const model::PacketRecord& record) {
        if (record.copy_of >= facts_.packets.size() || record.copy_of == datagram.packets.front())
            return false;
        const Packet& original = facts_.packets[record.copy_of];
        Packet& copy = facts_.packets[datagram.packets.front()];
        copy.socket = original.socket;
        copy.pieces = original.pieces;
        if (original.pieces.count == 0 || facts_.pieces[original.pieces.begin].message == kNone) return true;
        const auto pieces = facts_.pieces.begin() + original.pieces.begin;
        datagram.message = pieces->message;
        const bool whole =
            original.pieces.count == 1 && pieces->size == facts_.messages[pieces->message].size;
        if (!whole && original.role != PacketRole::fragment)
            datagram.content.assign(pieces, pieces + original.pieces.count);
        return true;
    }

    // The oldest datagram of these sockets that is not on the wire yet and is this one.
    bool take_earliest(Datagram& datagram, const std::vector<std::uint32_t>& sockets,
                       const model::PacketRecord& record) {
        std::uint32_t best = kNone;
        std::size_t best_send = 0;
        for (const std::uint32_t s : sockets) {
            const std::size_t send = sends_.find(datagram, s, record.sent_ns);
            if (send == UdpSends::kNotFound) continue;
            if (best != kNone && sends_.handed_ns(s, send) >= sends_.handed_ns(best, best_send)) continue;
            best = s;
            best_send = send;
        }
        if (best == kNone) return false;
        const Handed& handed = sends_.of(best)[best_send];
        datagram.message = first_message(facts_, best, handed);
        if (!whole_message(facts_, best, handed)) datagram.content = pieces_of(facts_, best, handed);
        mark_packets(datagram, best);
        sends_.leave(best, best_send, !datagram.payload_only);
        return true;
    }

    void mark_packets(const Datagram& datagram, std::uint32_t socket) {
        for (const std::uint32_t p : datagram.packets) {
            Packet& packet = facts_.packets[p];
            packet.socket = socket;
            if (datagram.message == kNone) continue;
            const bool copy = (facts_.record(p).flags & model::kDuplicate) != 0;
            if (!copy) left(facts_, datagram.message, datagram.content, facts_.record(p).sent_ns);
            const std::uint32_t begin = payload_offset_in_datagram(facts_, p);
            PieceRange range{static_cast<std::uint32_t>(facts_.pieces.size()), 0};
            for_datagram(datagram, begin, begin + packet.payload_size, [&](const Piece& piece) {
                facts_.pieces.push_back(piece);
                ++range.count;
            });
            packet.pieces = range;
        }
    }

    template <typename Visit>
    void for_datagram(const Datagram& datagram, std::uint32_t begin, std::uint32_t end, Visit visit) {
        Arrival arrival;
        arrival.message = datagram.message;
        arrival.packet = datagram.packets.front();
        keep_content(facts_, arrival, datagram.content);
        for_arrived(facts_, arrival, begin, end, visit);
    }

    // Loopback rung: the wire saw payloads only. The same order per host, the same bytes.
    void match_payload_only() {
        for (const std::uint32_t p : facts_.flight_order) {
            const model::PacketRecord& record = facts_.record(p);
            if ((record.flags & model::kPayloadOnly) == 0) continue;
            Datagram datagram;
            datagram.packets = {p};
            datagram.size = record.bytes.size;
            datagram.first_bytes = facts_.trace->bytes(record.bytes);
            datagram.payload_only = true;
            if (!take_copy(datagram, record)) take_earliest(datagram, sockets_of(record.from), record);
            if (record.verdict == model::Verdict::delivered) datagram.complete_ns = record.delivered_ns;
            datagram.completed_by = p;
            datagrams_.push_back(std::move(datagram));
        }
    }

    std::vector<std::uint32_t> sockets_of(Host host) const {
        std::vector<std::uint32_t> sockets;
        for (std::uint32_t s = 0; s < facts_.sockets.size(); ++s)
            if (facts_.socket_facts[s].transport == Transport::udp && facts_.socket_facts[s].host == host)
                sockets.push_back(s);
        return sockets;
    }

    // The socket that an ICMP error is for is the one that sent what it quotes.
    void mark_errors() {
        for (const IcmpError& error : errors_.all()) {
            const auto& sockets =
                ports_.at(model::other(facts_.record(error.packet).from), error.quoted.from.port);
            if (!sockets.empty()) facts_.packets[error.packet].to_socket = sockets.front();
        }
    }

    // --- who gets it
    void deliver(const Datagram& datagram) {
        if (datagram.complete_ns == model::kNever) return lost_on_the_way(facts_, datagram);
        const Host host = model::other(facts_.record(datagram.packets.front()).from);
        const std::vector<std::uint32_t> sockets =
            datagram.payload_only ? receiver_by_name(datagram, host)
                                  : chosen(datagram, ports_.takers(facts_, datagram.from, datagram.to, host,
                                                                   datagram.complete_ns));
        if (!datagram.intact) {
            for (const std::uint32_t socket : sockets) ++inbox_of(facts_, socket).damaged;
            return lose(facts_, not_taken(datagram, host), LossPlace::checksum, Evidence::inferred,
                        "The checksum was wrong: the kernel of the receiver dropped it and told nobody.");
        }
        if (sockets.empty()) return no_listener(datagram);
        for (const std::uint32_t p : datagram.packets) facts_.packets[p].to_socket = sockets.front();
        Arrival arrival{datagram.complete_ns, datagram.message, datagram.completed_by};
        if (!datagram.with_header.empty()) arrival.part = kPayloadOfRaw;
        for (const std::uint32_t socket : sockets) arrive(facts_, socket, arrival, datagram.content);
    }

    // A group's datagram is copied to all (ip(7)), any other is given to one of several with the same address
    // (SO_REUSEPORT, SO_REUSEADDR): to the one that read it, else to the one bound last.
    std::vector<std::uint32_t> chosen(const Datagram& datagram, std::vector<std::uint32_t> possible) {
        if (possible.size() < 2 || to_many(datagram.to)) return possible;
        const std::uint32_t reader = reader_of(datagram, possible);
        return {reader == kNone ? possible.back() : reader};
    }

    std::vector<std::uint32_t> receiver_by_name(const Datagram& datagram, Host host) {
        if (datagram.message == kNone) return {};
        const Message& message = facts_.messages[datagram.message];
        const Name to = destination_of(facts_, message);
        const Address from =
            message.socket == kNone ? Address{} : facts_.socket_facts[message.socket].local.ip;
        std::vector<std::uint32_t> named = ports_.takers(facts_, from, to.ip, host, datagram.complete_ns);
        if (!named.empty()) return chosen(datagram, std::move(named));
        std::vector<std::uint32_t> possible = receivers(host, datagram.complete_ns);
        if (possible.size() < 2) return possible;
        const std::uint32_t reader = reader_of(datagram, possible);
        return reader == kNone ? std::vector<std::uint32_t>{} : std::vector{reader};
    }

    // The sender wrote to the relay's address, which is no socket's of a program: any of these may have got it.
    std::vector<std::uint32_t> receivers(Host host, TimeNs at_ns) const {
        std::vector<std::uint32_t> possible;
        for (const std::uint32_t s : sockets_of(host)) {
            const SocketFacts& known = facts_.socket_facts[s];
            if (facts_.sockets[s].opened_ns > at_ns || or_forever(facts_.sockets[s].closed_ns) <= at_ns)
                continue;
            if (known.bound_ns != model::kNever && known.bound_ns > at_ns) continue;
            possible.push_back(s);
        }
        return possible;
    }

    // Of several the one that was given these bytes first; what nobody was given belongs to none.
    std::uint32_t reader_of(const Datagram& datagram, const std::vector<std::uint32_t>& possible) {
        std::uint32_t reader = kNone;
        std::size_t its_receive = 0;
        for (const std::uint32_t s : possible) {
            const std::vector<std::uint32_t>& receives = facts_.socket_facts[s].receives;
            for (std::size_t i = next_receive_[s]; i < receives.size(); ++i) {
                if (!was_given(receives[i], datagram)) continue;
                if (reader == kNone || receive_ns(s, i) < receive_ns(reader, its_receive)) {
                    reader = s;
                    its_receive = i;
                }
                break;
            }
        }
        if (reader != kNone) next_receive_[reader] = its_receive + 1;
        return reader;
    }
    bool was_given(std::uint32_t receive, const Datagram& datagram) const {
        const model::CallRecord& call = facts_.call(facts_.receives[receive].call);
        if (facts_.given_ns(receive) < datagram.complete_ns || facts_.receives[receive].peeked) return false;
        const auto room = static_cast<std::size_t>(std::max<std::int64_t>(call.args.first, 0));
        const std::string_view given = facts_.trace->bytes(call.data);
        const std::size_t known = std::min(given.size(), datagram.first_bytes.size());
        return given.size() == std::min<std::size_t>(room, datagram.size) &&
               given.substr(0, known) == datagram.first_bytes.substr(0, known);
    }
    TimeNs receive_ns(std::uint32_t socket, std::size_t i) const {
        return facts_.given_ns(facts_.socket_facts[socket].receives[i]);
    }

    // Loopback rung: both programs are on one host, and a relay stands between them.
    bool no_second_host() const {
        if (!facts_.trace->addresses.empty()) return one_machine(facts_);
        const bool wire_has_ip = std::any_of(datagrams_.begin(), datagrams_.end(),
                                             [](const Datagram& d) { return !d.payload_only; });
        const bool only_payload = std::all_of(facts_.packets.begin(), facts_.packets.end(),
                                              [](const Packet& p) { return p.role == PacketRole::datagram; });
        const bool only_loopback =
            std::all_of(facts_.socket_facts.begin(), facts_.socket_facts.end(), [](const SocketFacts& known) {
                const Address& local = known.local.ip;
                return local.version == 0 || loopback(local) || any_host(local);
            });
        return !wire_has_ip && only_payload && only_loopback;
    }

    void finish(Inbox& inbox) {
        const auto earlier = [](const Arrival& a, const Arrival& b) { return a.at_ns < b.at_ns; };
        std::stable_sort(inbox.arrivals.begin(), inbox.arrivals.end(), earlier);
        read_inbox(facts_, inbox, {Skip::lost, datagram_bytes, give_message});
        for (Arrival& arrival : inbox.arrivals)
            if (arrival.message != kNone && arrival.packet == kNone && arrival.fate == Fate::read)
                arrival.at_ns = std::min(exit_or_forever(facts_.call(facts_.messages[arrival.message].call)),
                                         facts_.given_ns(arrival.receive));
        std::stable_sort(inbox.arrivals.begin(), inbox.arrivals.end(), earlier);
    }

    static std::string_view datagram_bytes(const Facts& facts, const Arrival& arrival) {
        if (const Content* content = content_of(facts, arrival)) return content->bytes;
        if (arrival.message != kNone || arrival.packet == kNone) return message_bytes(facts, arrival);
        const std::string_view bytes = facts.trace->bytes(facts.record(arrival.packet).bytes);
        const auto headers = packet::decode(bytes, packet::Checksums::skip);
        return bytes.substr(headers.payload_offset, headers.payload_size);
    }

    // --- losses
    void no_listener(const Datagram& datagram) {
        const std::uint32_t error = datagram.payload_only ? kNone : errors_.take(datagram);
        const Host host = model::other(facts_.record(datagram.packets.front()).from);
        const bool taken = !datagram.payload_only && !ports_.at(host, datagram.to.port).empty();
        std::string why = taken ? "No socket at that port takes it: closed, or connected to somebody else."
                                : "No socket has that port.";
        if (taken && multicast(datagram.to) &&
            !UdpPorts::joined(facts_, host, datagram.to, datagram.complete_ns))
            why = "No socket of the host had joined the group (ip(7)).";
        if (datagram.payload_only) why = "Behind the relay no socket is known to have taken it.";
        if (!datagram.payload_only && raw_reads(datagram, host))
            why += " A raw socket there got a copy (raw(7)).";
        if (error != kNone)
            why += " The kernel answered “port unreachable” (packet " + std::to_string(error + 1) + ").";
        lose(facts_, not_taken(datagram, host), LossPlace::no_listener,
             error == kNone ? Evidence::inferred : Evidence::observed, std::move(why));
    }

    // As it is told when no UDP socket takes it: what a raw socket wrote is not lost if another one there reads it.
    Datagram not_taken(const Datagram& datagram, Host host) const {
        Datagram told = datagram;
        if (datagram.with_header.empty() || !raw_reads(datagram, host)) return told;
        told.message = kNone;
        told.content.clear();
        told.with_header.clear();
        return told;
    }

    bool raw_reads(const Datagram& datagram, Host host) const {
        const std::string_view bytes = facts_.trace->bytes(facts_.record(datagram.packets.front()).bytes);
        return raw_copied(facts_, raw_, packet::decode(bytes, packet::Checksums::skip), host,
                          datagram.complete_ns);
    }

    Facts& facts_;
    UdpPorts ports_;
    UdpSends sends_;
    RawSends& raw_;
    std::vector<std::size_t> next_receive_;  // by socket: those before are matched
    std::vector<Datagram> datagrams_;
    IcmpErrors errors_;
};

}  // namespace

void build_udp(Facts& facts, RawSends& raw) {
    const bool any = std::any_of(facts.socket_facts.begin(), facts.socket_facts.end(),
                                 [](const SocketFacts& known) { return known.transport == Transport::udp; });
    if (any) Udp(facts, raw).build();
}

}  // namespace socketscope::story

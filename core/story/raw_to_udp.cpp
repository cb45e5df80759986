#include "core/story/raw_to_udp.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/own_host.hpp"
#include "core/story/raw_own_host.hpp"
#include "core/story/raw_packets.hpp"
#include "core/story/udp_arrivals.hpp"
#include "core/story/udp_losses.hpp"

namespace socketscope::story {
namespace {

// What the datagram carries of the bytes that its sender wrote; an empty one still is of that message.
std::vector<Piece> payload_of(const std::vector<Piece>& written, std::uint32_t begin, std::uint32_t size) {
    std::vector<Piece> payload = part_of(written, begin, size);
    if (payload.empty())
        payload.push_back({written.back().message, written.back().offset + written.back().size, 0});
    return payload;
}

class OwnHost {
public:
    OwnHost(Facts& facts, const UdpPorts& ports, RawSends& raw) : facts_(facts), ports_(ports), raw_(raw) {}

    void deliver() {
        for (const std::uint32_t s : raw_.sockets())
            for (const RawSends::Sent& sent : raw_.of(s))
                if (!sent.handed.waits && !sent.handed.left) deliver(s, sent);
    }

private:
    void deliver(std::uint32_t s, const RawSends::Sent& sent) {
        const OwnPacket packet = own_packet(facts_, raw_, s, sent);
        const packet::Headers& headers = packet.headers;
        const model::Host host = facts_.socket_facts[s].host;
        if (!headers.is_udp() || to_many(headers.to) || !stays_in_host(facts_, host, packet)) return;
        Datagram datagram;
        datagram.content = pieces_of(facts_, s, sent.handed);
        datagram.message = datagram.content.front().message;
        datagram.complete_ns = facts_.handed_ns(datagram.message);
        const bool intact = headers.checksum_ok && !headers.malformed;
        auto takers = ports_.takers(facts_, headers.from, headers.to, host, datagram.complete_ns);
        if (takers.empty() && one_machine(facts_))
            takers =
                ports_.takers(facts_, headers.from, headers.to, model::other(host), datagram.complete_ns);
        if (intact && !takers.empty()) {
            Arrival arrival{datagram.complete_ns, datagram.message};
            arrival.part = kPayloadOfRaw;
            return arrive(
                facts_, takers.back(), arrival,
                payload_of(datagram.content, packet.header_sent + kUdpHeader, headers.payload_size));
        }
        if (raw_copied(facts_, raw_, headers, host, datagram.complete_ns)) return;
        if (intact)
            lose(facts_, datagram, LossPlace::no_listener, Evidence::inferred,
                 "It went to the sender's own host, and no UDP socket there takes it.");
        else
            lose(facts_, datagram, LossPlace::checksum, Evidence::inferred,
                 "Its length or its checksum was wrong: the kernel dropped it and told nobody (udp(7)).");
    }

    static constexpr std::uint32_t kUdpHeader = 8;
    Facts& facts_;
    const UdpPorts& ports_;
    RawSends& raw_;
};

}  // namespace

bool take_from_raw(const Facts& facts, Datagram& datagram) {
    const std::uint32_t p = datagram.packets.front();
    const std::vector<Piece> written = written_by_raw(facts, datagram);
    if (written.empty()) return false;
    const auto headers = packet::decode(facts.trace->bytes(facts.record(p).bytes), packet::Checksums::skip);
    const bool brings_ip = brings_header(facts, written.front().message);
    datagram.message = written.front().message;
    datagram.content = payload_of(
        written, brings_ip ? headers.payload_offset : headers.payload_offset - headers.transport_offset,
        datagram.size);
    datagram.with_header = written;
    return true;
}

void deliver_raw_to_udp(Facts& facts, const UdpPorts& ports, RawSends& raw) {
    OwnHost(facts, ports, raw).deliver();
}

}  // namespace socketscope::story

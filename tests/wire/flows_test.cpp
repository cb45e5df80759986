// Which lane a packet belongs to.
#include "core/wire/flows.hpp"

#include <doctest/doctest.h>

#include "tests/wire/packets.hpp"

using namespace socketscope;
using namespace socketscope::wire;
using model::Host;

namespace {

LaneNumber lane_of(Flows& flows, const std::string& bytes, LaneNumber present) {
    return flows.lane_of(packet::decode(bytes), bytes, present);
}

// The ICMP error of a host about a packet that it got (RFC 792): type 3 code 3, header and 8 bytes quoted.
std::string port_unreachable(Host from, const std::string& about) {
    std::string message(8, '\0');
    message[0] = 3;
    message[1] = 3;
    return test::ip_packet(from, 1, message + about.substr(0, 28));
}

std::string fragment(const std::string& whole, std::uint16_t id, std::uint16_t offset_field) {
    std::string piece = whole;
    piece[4] = static_cast<char>(id >> 8);
    piece[5] = static_cast<char>(id & 0xff);
    piece[6] = static_cast<char>(offset_field >> 8);
    piece[7] = static_cast<char>(offset_field & 0xff);
    return piece;
}

}  // namespace

TEST_CASE("a TCP connection stays with the lane of its SYN, both ways") {
    Flows flows;
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kSyn), 1) == 1);
    const std::string reply = test::tcp(Host::server, packet::kSyn | packet::kAck, "", 7000, 40'000);
    CHECK(lane_of(flows, reply, 1) == 1);
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kAck | packet::kFin), 2) == 1);  // late
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kSyn, "", 40'001), 2) == 2);
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kSyn), 3) == 3);  // the same ports again
    CHECK(lane_of(flows, reply, 3) == 3);
}

TEST_CASE("a datagram is the present lane's, also when an earlier lane used the same ports") {
    Flows flows;
    CHECK(lane_of(flows, test::udp(Host::client, "x"), 1) == 1);
    CHECK(lane_of(flows, test::udp(Host::client, "x"), 2) == 2);
}

TEST_CASE("an ICMP error goes with the packet that it quotes") {
    Flows flows;
    const std::string early = test::udp(Host::client, "payload of it", 5000, 9);
    CHECK(lane_of(flows, early, 1) == 1);
    CHECK(lane_of(flows, port_unreachable(Host::server, early), 2) == 1);
    CHECK(lane_of(flows, port_unreachable(Host::server, test::udp(Host::client, "unseen", 5001, 9)), 2) == 2);
}

TEST_CASE("a later fragment goes with its first one") {
    Flows flows;
    const std::string whole = test::udp(Host::client, std::string(64, 'x'));
    CHECK(lane_of(flows, fragment(whole, 77, 0x2000), 1) == 1);  // more fragments
    CHECK(lane_of(flows, fragment(whole, 77, 0x0008), 2) == 1);
    CHECK(lane_of(flows, fragment(whole, 78, 0x0008), 2) == 2);
}

TEST_CASE("what an earlier run left is nobody's, until it is forgotten") {
    Flows flows;
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kSyn), 1) == 1);
    flows.forget_before(1);
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kAck), 2) == 1);
    flows.forget_before(2);
    CHECK(lane_of(flows, test::tcp(Host::client, packet::kAck), 2) == 2);
}

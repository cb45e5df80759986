#include <doctest/doctest.h>

#include "core/packet/packet.hpp"
#include "tests/packet/real_packets.hpp"

using namespace socketscope;
using model::PacketClass;
using packet::belongs_to;
using packet::classify;
using packet::decode;
using packet::Headers;
using packet::summary;

namespace {

std::string_view payload(std::string_view bytes, const Headers& headers) {
    return bytes.substr(headers.payload_offset, headers.payload_size);
}

std::string flipped(std::string bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    return bytes;
}

}  // namespace

TEST_CASE("a SYN with its options") {
    const Headers syn = decode(real::kSyn);
    CHECK_FALSE(syn.malformed);
    CHECK(syn.version == 4);
    CHECK(syn.is_tcp());
    CHECK(syn.ttl == 64);
    CHECK(syn.ip_checksum_ok);
    CHECK(syn.checksum_ok);
    CHECK(syn.from.to_string() == "192.0.2.1:43210");
    CHECK(syn.to.to_string() == "192.0.2.2:7000");
    CHECK(syn.tcp_flags == packet::kSyn);
    CHECK(syn.seq == 0x20263130);
    CHECK(syn.window == 64240);
    CHECK(syn.mss == 1460);
    CHECK(syn.window_scale == 10);
    CHECK(syn.payload_size == 0);
    CHECK(classify(syn) == PacketClass::syn);
    CHECK(summary(syn) == "TCP SYN 43210 → 7000, seq 539373872");
}

TEST_CASE("data and acknowledgments") {
    const Headers data = decode(real::kData);
    CHECK(payload(real::kData, data) == "HELLO ");
    CHECK(data.seq == 0x20263131);
    CHECK(data.ack == 1001);
    CHECK(data.tcp_flags == (packet::kPsh | packet::kAck));
    CHECK(data.window_scale == -1);
    CHECK(data.checksum_ok);
    CHECK(classify(data) == PacketClass::data);
    CHECK(classify(decode(real::kAck)) == PacketClass::ack);
    CHECK(decode(real::kAck).checksum_ok);
}

TEST_CASE("SACK blocks, newest first") {
    const Headers sack = decode(real::kSack);
    REQUIRE(sack.sack_count == 2);
    CHECK(sack.sack[0].begin == 1019);
    CHECK(sack.sack[0].end == 1025);
    CHECK(sack.sack[1].begin == 1007);
    CHECK(sack.sack[1].end == 1013);
    CHECK(classify(sack) == PacketClass::ack);
    CHECK(classify(decode(real::kFin)) == PacketClass::fin);
}

TEST_CASE("a UDP datagram, IPv4 and IPv6") {
    for (const std::string& bytes : {real::kUdp, real::kUdp6}) {
        const Headers udp = decode(bytes);
        CHECK_FALSE(udp.malformed);
        CHECK(udp.is_udp());
        CHECK(udp.checksum_ok);
        CHECK(udp.udp_length == 11);
        CHECK(payload(bytes, udp) == "ONE");
        CHECK(classify(udp) == PacketClass::data);
        CHECK(summary(udp) == "UDP 7001 → 7000, 3 bytes");
    }
    CHECK(decode(real::kUdp6).from.to_string() == "[2001:db8::1]:7001");
}

TEST_CASE("IPv4 fragments: only the first has the transport header") {
    const Headers first = decode(real::kFragment1);
    const Headers middle = decode(real::kFragment2);
    const Headers last = decode(real::kFragment3);
    CHECK(first.fragment);
    CHECK(first.more_fragments);
    CHECK(first.from.port == 7001);
    CHECK(first.udp_length == 3008);
    CHECK(first.payload_size == 1472);
    CHECK(first.checksum_ok);
    CHECK(middle.fragment_offset == 1480);
    CHECK(middle.from.port == 0);
    CHECK(middle.payload_size == 1480);
    CHECK(last.fragment_offset == 2960);
    CHECK_FALSE(last.more_fragments);
    CHECK(last.payload_size == 48);
    CHECK(first.fragment_id == last.fragment_id);
    CHECK(classify(first) == PacketClass::data);
    CHECK(classify(middle) == PacketClass::fragment);
    CHECK(belongs_to(first, PacketClass::fragment));
    CHECK(belongs_to(first, PacketClass::data));
    CHECK_FALSE(belongs_to(middle, PacketClass::data));
    CHECK(summary(last) == "UDP fragment at 2960, 48 bytes");
}

TEST_CASE("IPv6 fragments and other extension headers") {
    const Headers first = decode(real::kFragment6First);
    CHECK_FALSE(first.malformed);
    CHECK(first.fragment);
    CHECK(first.fragment_id == 0xa43a2d19);
    CHECK(first.is_udp());
    CHECK(first.udp_length == 1608);
    CHECK(first.payload_size == 1440);
    const Headers last = decode(real::kFragment6Last);
    CHECK(last.fragment_offset == 1448);
    CHECK(last.payload_size == 160);
    CHECK_FALSE(last.more_fragments);
    CHECK(last.is_udp());

    const Headers ping = decode(real::kPing6HopByHop);
    CHECK_FALSE(ping.malformed);
    CHECK(ping.protocol == 58);
    CHECK(ping.transport_offset == 48);
    CHECK(ping.icmp_sequence == 3);
    CHECK(ping.checksum_ok);
    CHECK(payload(real::kPing6HopByHop, ping) == "ping");
}

TEST_CASE("an ICMP error quotes the packet it complains about") {
    const Headers error = decode(real::kPortUnreachable);
    CHECK(error.checksum_ok);
    CHECK(error.icmp_type == 3);
    CHECK(error.icmp_code == 3);
    CHECK(classify(error) == PacketClass::icmp);
    CHECK(summary(error) == "ICMP port unreachable");
    const auto quoted = packet::decode_quoted(real::kPortUnreachable, error);
    REQUIRE(quoted);
    CHECK(quoted->is_udp());
    CHECK(quoted->from.to_string() == "192.0.2.2:5");
    CHECK(quoted->to.to_string() == "192.0.2.1:9");
    CHECK_FALSE(packet::decode_quoted(real::kUdp, decode(real::kUdp)));
    CHECK_FALSE(packet::decode_quoted(real::kPing6, decode(real::kPing6)));
}

TEST_CASE("a quotation that stops in the transport header still names the ports") {
    // RFC 792: the IP header and 64 bits of the original datagram are enough.
    const std::string cut = real::kPortUnreachable.substr(0, 20 + 8 + 20 + 8);
    const auto quoted = packet::decode_quoted(cut, decode(cut));
    REQUIRE(quoted);
    CHECK_FALSE(quoted->malformed);
    CHECK(quoted->to.port == 9);
}

TEST_CASE("an echo counts as data, and as icmp") {
    const Headers ping = decode(real::kPing6);
    CHECK(classify(ping) == PacketClass::data);
    CHECK(belongs_to(ping, PacketClass::icmp));
    CHECK(summary(ping) == "ICMPv6 echo request 3, 4 bytes");
}

TEST_CASE("one flipped bit is found by the checksum that covers it") {
    CHECK_FALSE(decode(flipped(real::kData, 44)).checksum_ok);
    CHECK(decode(flipped(real::kData, 44)).ip_checksum_ok);
    CHECK_FALSE(decode(flipped(real::kUdp, 30)).checksum_ok);
    CHECK_FALSE(decode(flipped(real::kUdp6, 50)).checksum_ok);
    CHECK_FALSE(decode(flipped(real::kPing6, 51)).checksum_ok);
    CHECK_FALSE(decode(flipped(real::kPortUnreachable, 58)).checksum_ok);
    CHECK_FALSE(decode(flipped(real::kSyn, 8)).ip_checksum_ok);  // the time to live
    CHECK(summary(decode(flipped(real::kUdp, 30))) == "UDP 7001 → 7000, 3 bytes (wrong checksum)");
}

TEST_CASE("UDP checksum 0 means none over IPv4 and is wrong over IPv6") {
    std::string four = real::kUdp, six = real::kUdp6;
    four[26] = four[27] = 0;
    six[46] = six[47] = 0;
    CHECK(decode(four).checksum_ok);
    CHECK_FALSE(decode(six).checksum_ok);
}

TEST_CASE("a packet shorter than its headers say is malformed, with what is there") {
    const Headers cut = decode(real::kData.substr(0, 30));
    CHECK(cut.malformed);
    CHECK(cut.from.port == 43210);
    CHECK(cut.payload_size == 0);
    CHECK(decode("").malformed);
    CHECK(decode("GET / HTTP/1.1").malformed);  // begins with 0x47, as an IPv4 packet could
}

TEST_CASE("bytes behind the packet are no part of it") {
    const std::string padded = real::kUdp + std::string(15, '\0');
    const Headers udp = decode(padded);
    CHECK_FALSE(udp.malformed);
    CHECK(udp.checksum_ok);
    CHECK(payload(padded, udp) == "ONE");
}

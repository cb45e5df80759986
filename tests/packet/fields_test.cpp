#include <algorithm>

#include <doctest/doctest.h>

#include "core/packet/packet.hpp"
#include "tests/packet/real_packets.hpp"

using socketscope::packet::Field;
using socketscope::packet::fields;

namespace {

const Field& field(const std::vector<Field>& list, std::string_view name) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Field& f) { return f.name == name; });
    REQUIRE_MESSAGE(found != list.end(), "no field called ", std::string(name));
    return *found;
}

}  // namespace

TEST_CASE("the fields of a SYN, with place and source") {
    const auto list = fields(real::kSyn);
    CHECK(field(list, "header checksum").value == "0x897c (right)");
    CHECK(field(list, "flags").value == "don't fragment");
    CHECK(field(list, "sequence number").value == "539373872");
    CHECK(field(list, "sequence number").offset == 24);
    CHECK(field(list, "sequence number").size == 4);
    CHECK(field(list, "sequence number").source == "RFC 9293 §3.1");
    CHECK(field(list, "option: maximum segment size").value == "1460 bytes");
    CHECK(field(list, "option: window scale").value == "× 1024");
    CHECK(field(list, "option: SACK permitted").source == "RFC 2018 §2");
    CHECK(field(list, "option: time stamps").value == "3730392110, echo 0");
}

TEST_CASE("fields of SACK, UDP, ICMP, IPv6 and fragments") {
    CHECK(field(fields(real::kSack), "option: SACK").value == "1019–1025, 1007–1013");
    CHECK(field(fields(real::kUdp), "checksum").value == "0xb0d4 (right)");
    CHECK(field(fields(real::kUdp), "payload").size == 3);
    CHECK(field(fields(real::kPortUnreachable), "type").value == "3 (ICMP port unreachable)");
    CHECK(field(fields(real::kUdp6), "source").value == "2001:db8::1");
    CHECK(field(fields(real::kFragment6Last), "fragment offset").value == "1448 bytes");
    CHECK(field(fields(real::kPing6HopByHop), "hop-by-hop options").size == 8);
    CHECK(field(fields(real::kPing6HopByHop), "identifier").value == "7");
}

TEST_CASE("fields lie inside the packet and in order") {
    for (const std::string& bytes :
         {real::kSyn, real::kData, real::kSack, real::kUdp, real::kFragment1, real::kFragment3,
          real::kPortUnreachable, real::kUdp6, real::kPing6HopByHop}) {
        std::size_t last = 0;
        for (const Field& f : fields(bytes)) {
            CHECK(f.offset + f.size <= bytes.size());
            CHECK(f.offset >= last);
            CHECK(f.size > 0);
            last = f.offset;
        }
    }
}

// The carrier in virtual time: what is delivered when, and what the log says of it.
#include "core/wire/carrier.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "tests/wire/packets.hpp"

using namespace socketscope;
using namespace socketscope::wire;
using model::Cause;
using model::Host;
using model::kMillisecond;
using model::LinkSpec;
using model::PacketRecord;
using model::RuleAction;
using model::TimeNs;
using model::Verdict;

namespace {

// A link whose clock stands until we move it, and a receiver that notes the payloads it gets.
struct Bench {
    TimeNs now_ns{1'000};
    int refuse_with{0};
    std::vector<std::string> received;
    trace::PacketLog log;
    Carrier carrier{
        Carrier::Form::ip_packets, [this] { return now_ns; },
        [this](const Arrival& packet) {
            const packet::Headers headers = packet::decode(packet.bytes);
            received.emplace_back(packet.bytes.substr(headers.payload_offset, headers.payload_size));
            return refuse_with;
        }};

    void send(std::string_view payload, Host from = Host::client) {
        const std::string bytes = test::udp(from, payload);
        carrier.arrived({from, bytes, 0});
    }
    void wait(TimeNs time_ns) {
        now_ns += time_ns;
        carrier.deliver_due();
    }
    std::vector<PacketRecord> packets() {
        trace::LaneTrace lane;
        log.collect(lane, *log.make_cursor());
        return lane.packets;
    }
};

LinkSpec with_rule(RuleAction action, std::uint32_t nth, TimeNs hold_ns = 0) {
    LinkSpec link;
    model::LinkRule rule;
    rule.action = action;
    rule.nth = nth;
    rule.hold_ns = hold_ns;
    link.rules.push_back(rule);
    return link;
}

using Payloads = std::vector<std::string>;

}  // namespace

TEST_CASE("without a lane packets pass unrecorded") {
    Bench bench;
    bench.send("a");
    CHECK(bench.received == Payloads{"a"});
    CHECK(bench.packets().empty());
}

TEST_CASE("a packet is recorded with both stamps and its bytes") {
    Bench bench;
    LinkSpec link;
    link.delay_ns = 5 * kMillisecond;
    bench.carrier.begin_lane(link, 1, bench.log);
    bench.send("a");
    CHECK(bench.received.empty());
    CHECK(bench.carrier.in_flight() == 1);
    CHECK(bench.carrier.next_due() == 1'000 + 5 * kMillisecond);
    CHECK(bench.packets()[0].verdict == Verdict::in_flight);
    bench.wait(5 * kMillisecond);
    CHECK(bench.received == Payloads{"a"});
    const PacketRecord packet = bench.packets().at(0);
    CHECK(packet.sent_ns == 1'000);
    CHECK(packet.due_ns == packet.delivered_ns);
    CHECK(packet.verdict == Verdict::delivered);
    CHECK(packet.bytes.size == test::udp(Host::client, "a").size());
    CHECK(bench.carrier.next_due() == model::kNever);
}

TEST_CASE("a rule drops, and the record names rule and cause") {
    Bench bench;
    bench.carrier.begin_lane(with_rule(RuleAction::drop, 2), 1, bench.log);
    for (const char* payload : {"1", "2", "3"}) bench.send(payload);
    CHECK(bench.received == Payloads{"1", "3"});
    const auto packets = bench.packets();
    CHECK(packets[1].verdict == Verdict::dropped);
    CHECK(packets[1].cause == Cause::rule);
    CHECK(packets[1].rule == 1);
    CHECK(packets[2].cause == Cause::none);
}

TEST_CASE("a held packet is overtaken") {
    Bench bench;
    bench.carrier.begin_lane(with_rule(RuleAction::hold, 1, 3 * kMillisecond), 1, bench.log);
    bench.send("1");
    bench.send("2");
    bench.wait(3 * kMillisecond);
    CHECK(bench.received == Payloads{"2", "1"});
    CHECK((bench.packets()[0].flags & model::kHeld) != 0);
}

TEST_CASE("swap changes places with the next one of the class, and gives up when none comes") {
    Bench bench;
    bench.carrier.begin_lane(with_rule(RuleAction::swap, 1), 1, bench.log);
    for (const char* payload : {"1", "2", "3"}) bench.send(payload);
    CHECK(bench.received == Payloads{"2", "1", "3"});
    CHECK(bench.carrier.in_flight() == 0);

    Bench alone;
    alone.carrier.begin_lane(with_rule(RuleAction::swap, 1), 1, alone.log);
    alone.send("1");
    alone.send("other way", Host::server);
    CHECK(alone.received == Payloads{"other way"});
    alone.wait(alone.carrier.next_due() - alone.now_ns);
    CHECK(alone.received.back() == "1");
}

TEST_CASE("swapping every packet swaps them in pairs") {
    Bench bench;
    LinkSpec link = with_rule(RuleAction::swap, 0);
    link.delay_ns = kMillisecond;
    bench.carrier.begin_lane(link, 1, bench.log);
    for (const char* payload : {"1", "2", "3", "4"}) bench.send(payload);
    bench.wait(kMillisecond);
    CHECK(bench.received == Payloads{"2", "1", "4", "3"});
}

TEST_CASE("a duplicate has a record of its own that names its original") {
    Bench bench;
    bench.carrier.begin_lane(with_rule(RuleAction::duplicate, 1), 1, bench.log);
    bench.send("1");
    bench.send("2");
    CHECK(bench.received == Payloads{"1", "1", "2"});
    const auto packets = bench.packets();
    REQUIRE(packets.size() == 3);
    CHECK(packets[1].copy_of == 0);
    CHECK((packets[1].flags & model::kDuplicate) != 0);
    CHECK(packets[0].copy_of == PacketRecord::kNoPacket);
}

TEST_CASE("a corrupted packet differs in one bit, and both versions are recorded") {
    Bench bench;
    bench.carrier.begin_lane(with_rule(RuleAction::corrupt, 1), 1, bench.log);
    bench.send("AAAA");
    CHECK(bench.received[0] != "AAAA");
    trace::LaneTrace lane;
    bench.log.collect(lane, *bench.log.make_cursor());
    const auto& packet = lane.packets.at(0);
    CHECK((packet.flags & model::kCorrupted) != 0);
    const std::string_view sent = lane.bytes(packet.bytes), got = lane.bytes(packet.delivered_bytes);
    REQUIRE(sent.size() == got.size());
    int bits = 0;
    for (std::size_t i = 0; i < sent.size(); ++i)
        bits += __builtin_popcount(static_cast<unsigned char>(sent[i] ^ got[i]));
    CHECK(bits == 1);
}

TEST_CASE("a device that refuses the packet is named as the cause") {
    Bench bench;
    bench.carrier.begin_lane({}, 1, bench.log);
    bench.refuse_with = ENOBUFS;
    bench.send("a");
    CHECK(bench.packets()[0].cause == Cause::device);
    CHECK(bench.packets()[0].error == ENOBUFS);
}

TEST_CASE("the end of a run is the end of what is in flight, and the log is left alone") {
    Bench bench;
    LinkSpec link;
    link.delay_ns = kMillisecond;
    bench.carrier.begin_lane(link, 1, bench.log);
    bench.send("a");
    bench.carrier.end_run();
    CHECK(bench.packets()[0].verdict == Verdict::dropped);
    CHECK(bench.packets()[0].cause == Cause::wire_closed);
    bench.send("b");
    CHECK(bench.packets().size() == 1);
    CHECK(bench.received == Payloads{"b"});
}

TEST_CASE("late packets of an earlier lane keep its log and its link") {
    Bench bench;
    trace::PacketLog second;
    bench.carrier.begin_lane(with_rule(RuleAction::drop, 1), 1, bench.log);
    const std::string syn = test::tcp(Host::client, packet::kSyn);
    bench.carrier.arrived({Host::client, syn, 0});
    bench.carrier.begin_lane({}, 1, second);
    const std::string late = test::tcp(Host::client, packet::kAck, "late data 1");
    bench.carrier.arrived({Host::client, late, 0});
    const auto packets = bench.packets();
    REQUIRE(packets.size() == 2);
    CHECK((packets[0].flags & model::kFromBefore) == 0);
    CHECK((packets[1].flags & model::kFromBefore) != 0);
    CHECK(packets[1].cause == Cause::rule);  // "data 1" of the first lane
    trace::LaneTrace lane;
    second.collect(lane, *second.make_cursor());
    CHECK(lane.packets.empty());
}

// --- a person's hand

namespace {

struct InFlight : Bench {
    InFlight() {
        LinkSpec link;
        link.delay_ns = 10 * kMillisecond;
        carrier.begin_lane(link, 1, log);
        for (const char* payload : {"1", "2", "3"}) {
            send(payload);
            now_ns += kMillisecond;
        }
    }
    void act(Act what, std::uint32_t packet) { carrier.carry_out({what, packet}); }
};

}  // namespace

TEST_CASE("a person drops a packet in flight") {
    InFlight bench;
    bench.act(Act::drop, 1);
    bench.wait(20 * kMillisecond);
    CHECK(bench.received == Payloads{"1", "3"});
    CHECK(bench.packets()[1].cause == Cause::person);
    bench.act(Act::drop, 0);  // has arrived: nothing happens
    CHECK(bench.packets()[0].verdict == Verdict::delivered);
}

TEST_CASE("a person holds a packet until it is released") {
    InFlight bench;
    bench.act(Act::hold, 0);
    CHECK(bench.packets()[0].due_ns == model::kNever);
    bench.wait(model::kSecond);
    CHECK(bench.received == Payloads{"2", "3"});
    CHECK(bench.carrier.in_flight() == 1);
    CHECK(bench.carrier.next_due() == model::kNever);
    bench.act(Act::release, 0);
    bench.wait(0);
    CHECK(bench.received == Payloads{"2", "3", "1"});
    CHECK(bench.packets()[0].cause == Cause::person);
    CHECK((bench.packets()[0].flags & model::kHeld) != 0);
}

TEST_CASE("a person duplicates, swaps and corrupts") {
    InFlight bench;
    bench.act(Act::duplicate, 2);
    bench.act(Act::swap_with_next, 0);
    bench.wait(20 * kMillisecond);
    CHECK(bench.received == Payloads{"2", "1", "3", "3"});
    CHECK(bench.packets()[3].copy_of == 2);
    CHECK(bench.packets()[3].cause == Cause::person);

    InFlight last;
    last.act(Act::swap_with_next, 2);  // with one that is still to come
    last.wait(20 * kMillisecond);
    CHECK(last.received == Payloads{"1", "2"});
    last.send("4");
    last.wait(20 * kMillisecond);
    CHECK(last.received == Payloads{"1", "2", "4", "3"});

    InFlight third;
    third.act(Act::corrupt, 0);
    third.wait(20 * kMillisecond);
    CHECK(third.received[0] != "1");
    CHECK(third.packets()[0].cause == Cause::person);
    CHECK((third.packets()[0].flags & model::kCorrupted) != 0);
}

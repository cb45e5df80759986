// Each impairment alone, and in the chain: pure, in virtual time.
#include "core/wire/impairment.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/wire/packets.hpp"

using namespace socketscope;
using namespace socketscope::wire;
using model::Cause;
using model::Host;
using model::kMillisecond;
using model::LinkRule;
using model::LinkSpec;
using model::PacketClass;
using model::RuleAction;
using model::TimeNs;

namespace {

// Sends packets through a direction, one every `gap_ns`, and says what became of each.
struct Sender {
    Direction direction;
    TimeNs now_ns{1'000'000};
    TimeNs gap_ns{kMillisecond};

    explicit Sender(const LinkSpec& link, std::uint64_t seed = 1, Host from = Host::client)
        : direction(link, from, seed) {}

    Fate send(const std::string& bytes) {
        const packet::Headers headers = packet::decode(bytes);
        const Fate fate = direction.decide({&headers, bytes.size(), now_ns});
        now_ns += gap_ns;
        return fate;
    }
    std::vector<Fate> send_many(int count, std::size_t payload = 10) {
        std::vector<Fate> fates;
        fates.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
            fates.push_back(send(test::udp(Host::client, std::string(payload, 'x'))));
        return fates;
    }
};

LinkRule rule(RuleAction action, PacketClass what, std::uint32_t nth, Host from = Host::client) {
    LinkRule made;
    made.action = action;
    made.what = what;
    made.nth = nth;
    made.from = from;
    return made;
}

int count_dropped(const std::vector<Fate>& fates) {
    int dropped = 0;
    for (const Fate& fate : fates) dropped += fate.dropped != Cause::none;
    return dropped;
}

}  // namespace

TEST_CASE("a link without impairments delivers at once") {
    Sender sender{LinkSpec{}};
    const Fate fate = sender.send(test::udp(Host::client, "hello"));
    CHECK(fate.dropped == Cause::none);
    CHECK(fate.due_ns == 1'000'000);
    CHECK(fate.hold_ns == 0);
}

TEST_CASE("an exact rule drops the nth packet of its class and no other") {
    LinkSpec link;
    link.rules = {rule(RuleAction::drop, PacketClass::data, 2)};
    Sender sender{link};
    CHECK(sender.send(test::tcp(Host::client, packet::kSyn)).dropped == Cause::none);
    CHECK(sender.send(test::tcp(Host::client, packet::kAck, "one")).dropped == Cause::none);
    CHECK(sender.send(test::tcp(Host::client, packet::kAck)).dropped == Cause::none);  // no data: not counted
    const Fate second = sender.send(test::tcp(Host::client, packet::kAck, "two"));
    CHECK(second.dropped == Cause::rule);
    CHECK(second.rule == 1);
    CHECK(sender.send(test::tcp(Host::client, packet::kAck, "two")).dropped ==
          Cause::none);  // its retransmission
}

TEST_CASE("a rule for one host leaves the other alone, and keeps its number") {
    LinkSpec link;
    link.rules = {rule(RuleAction::drop, PacketClass::any, 1, Host::server),
                  rule(RuleAction::drop, PacketClass::any, 1, Host::client)};
    Sender client{link, 1, Host::client};
    CHECK(client.send(test::udp(Host::client, "x")).rule == 2);
    Sender server{link, 1, Host::server};
    CHECK(server.send(test::udp(Host::server, "x")).rule == 1);
}

TEST_CASE("nth 0 is every one of the class") {
    LinkSpec link;
    link.rules = {rule(RuleAction::drop, PacketClass::syn, 0)};
    Sender sender{link};
    for (int i = 0; i < 3; ++i)
        CHECK(sender.send(test::tcp(Host::client, packet::kSyn)).dropped == Cause::rule);
    CHECK(sender.send(test::tcp(Host::client, packet::kAck)).dropped == Cause::none);
}

TEST_CASE("hold, duplicate, corrupt and swap rules say so in the fate") {
    LinkSpec link;
    link.rules = {
        rule(RuleAction::hold, PacketClass::data, 1), rule(RuleAction::duplicate, PacketClass::data, 2),
        rule(RuleAction::corrupt, PacketClass::data, 3), rule(RuleAction::swap, PacketClass::data, 4)};
    link.rules[0].hold_ns = 7 * kMillisecond;
    const auto fates = Sender{link}.send_many(5);
    CHECK(fates[0].hold_ns == 7 * kMillisecond);
    CHECK(fates[1].copies == 1);
    REQUIRE(fates[2].flipped_bit);
    CHECK(*fates[2].flipped_bit / 8 >= 28);  // behind IP and UDP header
    CHECK(*fates[2].flipped_bit / 8 < 38);
    CHECK(fates[3].swap_with == PacketClass::data);
    Fate untouched;
    untouched.due_ns = fates[4].due_ns;
    CHECK(fates[4] == untouched);
}

TEST_CASE("the same seed gives the same verdicts; another seed others") {
    LinkSpec link;
    link.loss = 0.3;
    link.duplicate = 0.2;
    link.corrupt = 0.1;
    link.reorder = 0.2;
    link.jitter_ns = kMillisecond;
    const auto first = Sender{link, 42}.send_many(500);
    CHECK(first == Sender{link, 42}.send_many(500));
    CHECK(first != Sender{link, 43}.send_many(500));
    CHECK(first != Sender{link, 42, Host::server}.send_many(500));
}

TEST_CASE("the chances come as often as asked") {
    LinkSpec link;
    link.loss = 0.25;
    const int lost = count_dropped(Sender{link}.send_many(10'000));
    CHECK(lost > 2'300);
    CHECK(lost < 2'700);
    link.loss = 1;
    CHECK(count_dropped(Sender{link}.send_many(100)) == 100);
}

TEST_CASE("turning one chance up does not change the others' throws") {
    LinkSpec quiet, noisy;
    quiet.reorder = noisy.reorder = 0.3;
    noisy.loss = 0.5;
    const auto a = Sender{quiet, 7}.send_many(200), b = Sender{noisy, 7}.send_many(200);
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].hold_ns == b[i].hold_ns);
}

TEST_CASE("delay is the same for all; jitter varies and keeps the order") {
    LinkSpec link;
    link.delay_ns = 20 * kMillisecond;
    for (const Fate& fate : Sender{link}.send_many(3))
        CHECK((fate.due_ns - 20 * kMillisecond) % kMillisecond == 0);
    link.jitter_ns = 10 * kMillisecond;
    Sender sender{link};
    TimeNs before = 0;
    std::set<TimeNs> gaps;
    for (int i = 0; i < 200; ++i) {
        const TimeNs sent = sender.now_ns;
        const Fate fate = sender.send(test::udp(Host::client, "x"));
        CHECK(fate.due_ns >= before);
        CHECK(fate.due_ns >= sent + link.delay_ns);
        CHECK(fate.due_ns <= sent + link.delay_ns + link.jitter_ns);
        gaps.insert(fate.due_ns - sent);
        before = fate.due_ns;
    }
    CHECK(gaps.size() > 20);
}

TEST_CASE("the rate limit spaces packets exactly") {
    LinkSpec link;
    link.rate_bps = 1'000'000;  // a packet of 100 bytes takes 800 µs
    Sender sender{link};
    sender.gap_ns = 0;
    const auto fates = sender.send_many(4, 100 - 28);
    for (std::size_t i = 0; i < fates.size(); ++i) {
        CHECK(fates[i].due_ns == 1'000'000 + static_cast<TimeNs>(i + 1) * 800'000);
    }
}

TEST_CASE("the queue in front of the rate limit holds exactly its bound") {
    LinkSpec link;
    link.rate_bps = 1'000'000;
    link.queue_packets = 3;
    Sender sender{link};
    sender.gap_ns = 0;
    const auto fates = sender.send_many(6, 100 - 28);  // one on the line, three wait, two too many
    for (std::size_t i = 0; i < 4; ++i) CHECK(fates[i].dropped == Cause::none);
    for (std::size_t i = 4; i < 6; ++i) CHECK(fates[i].dropped == Cause::queue_full);
    sender.now_ns += 800'000;  // the first has left: one place is free, and no more
    const auto later = sender.send_many(2, 100 - 28);
    CHECK(later[0].dropped == Cause::none);
    CHECK(later[1].dropped == Cause::queue_full);
}

TEST_CASE("reordering holds a packet back so that the next overtake it") {
    LinkSpec link;
    link.reorder = 0.5;
    link.reorder_hold_ns = 5 * kMillisecond;
    int held = 0;
    for (const Fate& fate : Sender{link}.send_many(100)) {
        CHECK((fate.hold_ns == 0 || fate.hold_ns == 5 * kMillisecond));
        held += fate.hold_ns > 0;
    }
    CHECK(held > 25);
    CHECK(held < 75);
}

TEST_CASE("a flipped bit always breaks the checksum, and a packet without payload is hit too") {
    LinkSpec link;
    link.corrupt = 1;
    Sender sender{link};
    std::string bytes = test::tcp(Host::client, packet::kAck);
    const Fate fate = sender.send(bytes);
    REQUIRE(fate.flipped_bit);
    CHECK(*fate.flipped_bit / 8 == bytes.size() - 1);
}

TEST_CASE("every impairment has a name, and none acts on an empty link") {
    std::set<std::string_view> names;
    for (const ImpairmentRow& row : impairments()) {
        names.insert(row.name);
        CHECK(row.make(LinkSpec{}, Host::client, 1) == nullptr);
    }
    CHECK(names.size() == impairments().size());
}

// The logs: what was written is read, open records complete, bounds are counted, and a reader beside the writer never
// sees a torn record.
#include "core/trace/log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <thread>

using namespace socketscope;
using model::CallRecord;
using model::PacketRecord;
using trace::CallLog;
using trace::LaneTrace;
using trace::PacketLog;

namespace {

CallRecord send_at(model::TimeNs enter) {
    CallRecord call;
    call.call = model::Call::send;
    call.enter_ns = enter;
    call.fd = 3;
    call.args.first = 5;
    return call;
}

PacketRecord packet_at(model::TimeNs sent, model::Host from = model::Host::client) {
    PacketRecord packet;
    packet.sent_ns = sent;
    packet.due_ns = sent + 10;
    packet.from = from;
    return packet;
}

}  // namespace

TEST_CASE("a call is seen open, then complete") {
    CallLog log(1);
    LaneTrace lane;
    auto cursor = log.make_cursor();
    CHECK_FALSE(log.collect(lane, *cursor));

    CallRecord call = send_at(100);
    const auto token = log.begin(call, "HELLO", "");
    CHECK(log.collect(lane, *cursor));
    REQUIRE(lane.calls.size() == 1);
    CHECK(lane.calls[0].exit_ns == model::kNever);
    CHECK(lane.calls[0].endpoint == 1);
    CHECK(lane.bytes(lane.calls[0].data) == "HELLO");
    CHECK_FALSE(log.collect(lane, *cursor));

    call.exit_ns = 200;
    call.result = -1;
    call.error = 32;
    call.flags = model::kRaisedSigpipe;
    log.end(token, call, "", "");
    CHECK(log.collect(lane, *cursor));
    CHECK(lane.calls[0].exit_ns == 200);
    CHECK(lane.calls[0].result == -1);
    CHECK(lane.calls[0].error == 32);
    CHECK(lane.calls[0].flags == model::kRaisedSigpipe);
    CHECK(lane.bytes(lane.calls[0].data) == "HELLO");
}

TEST_CASE("what the kernel gave replaces what was offered") {
    CallLog log(0);
    CallRecord call = send_at(1);
    call.call = model::Call::recvmsg;
    const auto token = log.begin(call, "", "before");
    call.exit_ns = 2;
    call.args.third = 0x20;
    log.end(token, call, "WORLD", "after");
    LaneTrace lane;
    auto cursor = log.make_cursor();
    log.collect(lane, *cursor);
    CHECK(lane.bytes(lane.calls.at(0).data) == "WORLD");
    CHECK(lane.bytes(lane.calls.at(0).extra) == "after");
    CHECK(lane.calls.at(0).args.third == 0x20);
    CHECK(lane.arena == "WORLDafter");
}

TEST_CASE("what a program says again, or the beginning of it, is kept once") {
    CallLog log(0);
    const std::string words[] = {"HELLO", "HELLO", "HELL", "WORLD", "HELLO", "WORLDS"};
    LaneTrace lane;
    auto cursor = log.make_cursor();
    model::TimeNs at = 0;
    for (const std::string& word : words) {
        auto call = send_at(at += 10);
        call.exit_ns = call.enter_ns + 1;
        log.end(log.begin(call, word, "to"), call, "", "");
        log.collect(lane, *cursor);
    }
    REQUIRE(lane.calls.size() == std::size(words));
    for (std::size_t i = 0; i < std::size(words); ++i) {
        CHECK(lane.bytes(lane.calls[i].data) == words[i]);
        CHECK(lane.bytes(lane.calls[i].extra) == "to");
    }
    CHECK(lane.arena == "HELLOtoWORLDHELLOWORLDS");
}

TEST_CASE("what is said again is found where it spans chunks of the tape") {
    CallLog log(0);
    LaneTrace lane;
    auto cursor = log.make_cursor();
    const std::string large(100'000, 'x');
    std::string other = large;
    other.back() = 'y';
    constexpr int kCalls = 9;  // some 3 chunks and a half
    for (int i = 0; i < kCalls; ++i) {
        auto call = send_at(i);
        call.exit_ns = i;
        log.end(log.begin(call, i + 1 < kCalls ? large : other, ""), call, "", "");
    }
    log.collect(lane, *cursor);
    CHECK(lane.arena.size() == 2 * large.size());
    CHECK(lane.bytes(lane.calls.at(kCalls - 2).data) == large);
    CHECK(lane.bytes(lane.calls.at(kCalls - 1).data) == other);
}

TEST_CASE("the calls of several logs stand in the order of time") {
    CallLog a(0), b(1);
    for (int i = 0; i < 5; ++i) {
        auto call = send_at(10 * i);
        call.exit_ns = call.enter_ns + 1;
        a.end(a.begin(call, "", ""), call, "", "");
        call.enter_ns += 5;
        call.exit_ns += 5;
        b.end(b.begin(call, "", ""), call, "", "");
    }
    auto open = send_at(17);
    open.args.first = 99;
    const auto token = b.begin(open, "", "");
    LaneTrace lane;
    auto cursor_a = a.make_cursor(), cursor_b = b.make_cursor();
    b.collect(lane, *cursor_b);
    a.collect(lane, *cursor_a);
    const auto by_enter = [](const CallRecord& x, const CallRecord& y) { return x.enter_ns < y.enter_ns; };
    CHECK(std::is_sorted(lane.calls.begin(), lane.calls.end(), by_enter));
    REQUIRE(lane.calls.size() == 11);
    open.exit_ns = 60;
    b.end(token, open, "", "");
    b.collect(lane, *cursor_b);
    CHECK(std::all_of(lane.calls.begin(), lane.calls.end(),
                      [](auto& c) { return c.exit_ns != model::kNever; }));
    CHECK(std::count_if(lane.calls.begin(), lane.calls.end(),
                        [](auto& c) { return c.args.first == 99 && c.exit_ns == 60; }) == 1);
}

TEST_CASE("notes and samples") {
    CallLog log(2);
    log.note({7, 1, 3, model::Note::sleep_begin, 0, {}}, "text");
    log.sample({8, 4096, 5, model::Sample::send_buffer, 2});
    LaneTrace lane;
    auto cursor = log.make_cursor();
    CHECK(log.collect(lane, *cursor));
    REQUIRE(lane.notes.size() == 1);
    CHECK(lane.notes[0].endpoint == 2);
    CHECK(lane.bytes(lane.notes[0].text) == "text");
    REQUIRE(lane.samples.size() == 1);
    CHECK(lane.samples[0].value == 4096);
}

TEST_CASE("a bound is counted, payload beyond it is cut and flagged") {
    CallLog log(0, {2, 8});
    CallRecord call = send_at(1);
    for (int i = 0; i < 5; ++i) log.end(log.begin(call, "12345", ""), call, "", "");
    CHECK(log.dropped() == 3);
    LaneTrace lane;
    auto cursor = log.make_cursor();
    log.collect(lane, *cursor);
    REQUIRE(lane.calls.size() == 2);
    CHECK(lane.calls[0].flags == 0);
    CHECK((lane.calls[1].flags & model::kPayloadCut) != 0);
    CHECK(lane.bytes(lane.calls[1].data) == "123");

    PacketLog packets({1, 100});
    CHECK(packets.sent(packet_at(1), "a") == 0);
    CHECK(packets.sent(packet_at(2), "b") == PacketRecord::kNoPacket);
    packets.delivered(PacketRecord::kNoPacket, 3, 0, "");  // of a packet that was not recorded: nothing
    CHECK(packets.dropped() == 1);
}

TEST_CASE("a payload larger than a chunk comes back whole") {
    CallLog log(0);
    std::string big(3'000'000, '\0');
    for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>(i * 7 + i / 251);
    CallRecord call = send_at(1);
    log.end(log.begin(call, big, ""), call, "", "");
    LaneTrace lane;
    auto cursor = log.make_cursor();
    log.collect(lane, *cursor);
    CHECK(lane.bytes(lane.calls.at(0).data) == big);
    log.release(*cursor);
}

TEST_CASE("a packet in flight, held, corrupted, delivered or dropped") {
    PacketLog log;
    LaneTrace lane;
    auto cursor = log.make_cursor();
    const auto first = log.sent(packet_at(1), "first");
    const auto second = log.sent(packet_at(2, model::Host::server), "second");
    log.collect(lane, *cursor);
    REQUIRE(lane.packets.size() == 2);
    CHECK(lane.packets[0].verdict == model::Verdict::in_flight);
    CHECK(lane.packets[0].delivered_ns == model::kNever);

    log.due(first, 500, model::kHeld);
    CHECK(log.collect(lane, *cursor));
    CHECK(lane.packets[0].due_ns == 500);

    log.delivered(first, 501, model::kCorrupted, "fIrst");
    log.dropped(second, 9, model::Cause::rule, 3, 0);
    CHECK(log.collect(lane, *cursor));
    CHECK(first == 0);
    CHECK(lane.packets[0].verdict == model::Verdict::delivered);
    CHECK(lane.packets[0].flags == (model::kHeld | model::kCorrupted));
    CHECK(lane.bytes(lane.packets[0].bytes) == "first");
    CHECK(lane.bytes(lane.packets[0].delivered_bytes) == "fIrst");
    CHECK(lane.packets[1].verdict == model::Verdict::dropped);
    CHECK(lane.packets[1].cause == model::Cause::rule);
    CHECK(lane.packets[1].rule == 3);
    CHECK_FALSE(log.collect(lane, *cursor));
}

TEST_CASE("a reader beside the writer sees every record once and never a torn one") {
    constexpr int kCalls = 50'000;
    CallLog calls(0);
    PacketLog packets;
    std::thread writer([&] {
        std::vector<std::uint32_t> in_flight;
        for (int i = 0; i < kCalls; ++i) {
            const std::string data(static_cast<std::size_t>(i % 64), static_cast<char>('a' + i % 26));
            CallRecord call = send_at(i);
            call.args.second = i;
            const auto token = calls.begin(call, data, "");
            call.exit_ns = i + 1;
            call.result = i;
            call.args.third = -i;
            calls.end(token, call, "", data);
            in_flight.push_back(packets.sent(packet_at(i), data));
            if (i % 3 == 0) packets.due(in_flight.back(), i + 100, model::kHeld);
            if (in_flight.size() > 8) {
                packets.delivered(in_flight.front(), i, 0, "");
                in_flight.erase(in_flight.begin());
            }
        }
        for (const auto id : in_flight) packets.dropped(id, kCalls, model::Cause::wire_closed, 0, 0);
    });
    LaneTrace lane;
    auto call_cursor = calls.make_cursor();
    auto packet_cursor = packets.make_cursor();
    while (lane.calls.size() < kCalls || lane.packets.size() < kCalls ||
           lane.packets.back().delivered_ns < 0) {
        calls.collect(lane, *call_cursor);
        packets.collect(lane, *packet_cursor);
        calls.release(*call_cursor);
        packets.release(*packet_cursor);
    }
    writer.join();
    calls.collect(lane, *call_cursor);
    packets.collect(lane, *packet_cursor);

    REQUIRE(lane.calls.size() == kCalls);
    REQUIRE(lane.packets.size() == kCalls);
    int wrong = 0;
    for (int i = 0; i < kCalls; ++i) {
        const auto& call = lane.calls[static_cast<std::size_t>(i)];
        const auto& packet = lane.packets[static_cast<std::size_t>(i)];
        const std::string data(static_cast<std::size_t>(i % 64), static_cast<char>('a' + i % 26));
        const bool right = call.enter_ns == i && call.exit_ns == i + 1 && call.result == i &&
                           call.args.third == -i && lane.bytes(call.data) == data &&
                           lane.bytes(call.extra) == data && packet.sent_ns == packet_at(i).sent_ns &&
                           lane.bytes(packet.bytes) == data && packet.verdict != model::Verdict::in_flight;
        wrong += !right;
    }
    CHECK(wrong == 0);
}

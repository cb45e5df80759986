// A million events: what building and asking costs, beside a sixteenth of them. The figures are printed.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/support/processor_time.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::Story;

namespace {

double processor_seconds() {
    return static_cast<double>(test::processor_ns()) / 1e9;
}

// n datagrams or stream writes through a unix socket: 2 n calls.
trace::LaneTrace unix_calls(const char* kind, int n) {
    TraceBuilder b(kind);
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("@s"), 10 * us);
    b.listen(1, 3, 20 * us);
    b.socket(0, 3, 30 * us);
    b.connect(0, 3, sockaddr_unix("@s"), 40 * us, 41 * us);
    b.accept(1, 3, 4, "", 42 * us, 43 * us);
    const bool dgram = std::string_view(kind) == "unix/dgram";
    for (int i = 0; i < n; ++i) {
        const model::TimeNs at = 100 * us + i * 40 * us;
        b.send(0, 3, "12345678", at);
        b.recv(1, dgram ? 3 : 4, 64, "12345678", at + 11 * us, at + 12 * us);
    }
    return b.take();
}

// n data segments and n / 2 acknowledgments, n / 8 sends and receives.
trace::LaneTrace tcp_packets(int n) {
    TraceBuilder b("inet/stream");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("192.0.2.2", 7000), 10 * us);
    b.listen(1, 3, 20 * us);
    b.socket(0, 3, 30 * us);
    b.connect(0, 3, sockaddr4("192.0.2.2", 7000), 40 * us, 90 * us);
    b.tcp(model::Host::client, {0, 0, packet::kSyn, ""}, 41 * us, 50 * us);
    b.tcp(model::Host::server, {0, 1, packet::kSyn | packet::kAck, ""}, 51 * us, 60 * us);
    b.tcp(model::Host::client, {1, 1, packet::kAck, ""}, 61 * us, 70 * us);
    b.accept(1, 3, 4, sockaddr4("192.0.2.1", 40000), 42 * us, 80 * us);
    std::uint32_t seq = 1;
    for (int i = 0; i < n; ++i) {
        const model::TimeNs at = 100 * us + i * 40 * us;
        if (i % 8 == 0) b.send(0, 3, std::string(64, 'x'), at);
        b.tcp(model::Host::client, {seq, 1, packet::kAck, "xxxxxxxx"}, at + 11 * us, at + 200 * us);
        seq += 8;
        if (i % 2 == 0) b.tcp(model::Host::server, {1, seq, packet::kAck, ""}, at + 201 * us, at + 400 * us);
        if (i % 8 == 7) b.recv(1, 4, 64, std::string(64, 'x'), at + 300 * us, at + 301 * us);
    }
    std::stable_sort(b.lane.packets.begin(), b.lane.packets.end(),
                     [](const auto& a, const auto& c) { return a.sent_ns < c.sent_ns; });
    return b.take();
}

double megabytes_used() {
    return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd) / 1e6;
}

double megabytes_of(const trace::LaneTrace& lane) {
    return static_cast<double>(lane.calls.size() * sizeof(model::CallRecord) +
                               lane.packets.size() * sizeof(model::PacketRecord) + lane.arena.size()) /
           1e6;
}

struct Cost {
    double build_s, query_s, bytes_per_event;
};

constexpr int kMoments = 200;

// Returns how much was found.
std::size_t ask_moments(const Story& story) {
    std::size_t found = 0;
    for (int i = 0; i < kMoments; ++i) {
        const model::TimeNs t = story.begin_ns() + (story.end_ns() - story.begin_ns()) * i / kMoments;
        for (std::uint32_t s = 0; s < story.sockets().size(); ++s)
            found += story.send_queue_at(s, t).items.size() + story.receive_queue_at(s, t).items.size();
        found += story.in_flight_at(t).size() + story.events_until(t).size();
        for (std::uint8_t e = 0; e < 2; ++e) found += story.program_at(e, t).line;
    }
    return found;
}

Cost cost_of(const char* what, const trace::LaneTrace& lane) {
    const double before = megabytes_used(), begin = processor_seconds();
    const Story story(lane);
    const double build = processor_seconds() - begin;
    std::size_t found = 0;
    double query = 1;
    for (int round = 0; round < 25; ++round) {  // the quickest: what it costs when nobody else is in the way
        const double asked = processor_seconds();
        found = ask_moments(story);
        query = std::min(query, (processor_seconds() - asked) / kMoments);
    }
    const double trace_mb = megabytes_of(lane), story_mb = megabytes_used() - before;
    std::printf("%s: %zu calls, %zu packets: built in %.2f s, a moment in %.1f µs (%zu), %.0f + %.0f MB\n",
                what, lane.calls.size(), lane.packets.size(), build, query * 1e6, found, trace_mb, story_mb);
    CHECK(story.losses().empty());
    return {build, query, (trace_mb + story_mb) * 1e6 / static_cast<double>(story.events().size())};
}

// Sixteen times as many events: O(n log n) to build, some more for caches and fresh memory; quadratic would be 256
// times. A moment costs hardly more; a walk through the events would be 16 times.
void measure(const char* what, const std::function<trace::LaneTrace(int)>& make, int n) {
    const Cost few = cost_of(what, make(n / 16)), many = cost_of(what, make(n));
    CHECK(many.bytes_per_event < 200);
    CHECK(many.build_s < 100 * few.build_s);
    CHECK(many.query_s < 12 * few.query_s);
}

}  // namespace

TEST_CASE("a million events") {
    measure(
        "unix/stream", [](int n) { return unix_calls("unix/stream", n); }, 500'000);
    measure(
        "unix/dgram", [](int n) { return unix_calls("unix/dgram", n); }, 500'000);
    measure("inet/stream", tcp_packets, 570'000);
}

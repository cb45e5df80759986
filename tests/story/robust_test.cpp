// Traces that no kernel made: damaged, cut off, random. A story of them must end, and its queries must too.
#include <random>

#include <doctest/doctest.h>

#include "core/model/call.hpp"
#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::Story;

namespace {

constexpr const char* kKinds[] = {"inet/stream", "inet/dgram", "inet/raw",       "inet6/stream", "inet6/raw",
                                  "unix/stream", "unix/dgram", "unix/seqpacket", "unix/raw"};

class RandomTrace {
public:
    explicit RandomTrace(unsigned seed) : random_(seed), b_(kKinds[seed % std::size(kKinds)]) {}

    trace::LaneTrace make() {
        for (int i = 0; i < 60; ++i) pick(2) == 0 ? call() : packet();
        for (int i = 0; i < 5; ++i) {
            model::NoteRecord note;
            note.at_ns = time();
            note.what = static_cast<model::Note>(pick(static_cast<unsigned>(model::Note::count)));
            note.endpoint = static_cast<std::uint8_t>(pick(4));
            note.text = range();
            b_.lane.notes.push_back(note);
        }
        if (pick(2) == 0) b_.lane.endpoints.clear();
        return pick(2) == 0 ? b_.take() : std::move(b_.lane);
    }

private:
    unsigned pick(unsigned bound) { return static_cast<unsigned>(random_()) % bound; }
    model::TimeNs time() { return static_cast<model::TimeNs>(pick(200)) * ms; }
    model::ByteRange range() { return {pick(4000), pick(300)}; }
    std::string bytes(unsigned most) {
        std::string text(pick(most), 'x');
        if (pick(3) == 0)
            for (char& c : text) c = static_cast<char>(random_());
        return text;
    }
    std::string address() {
        switch (pick(5)) {
            case 0:
                return sockaddr_unix(pick(2) == 0 ? "/tmp/s" : "@s");
            case 1:
                return sockaddr4("0.0.0.0", 7000);
            case 2:
                return bytes(30);
            default:
                return sockaddr4(pick(2) == 0 ? "192.0.2.1" : "192.0.2.2",
                                 static_cast<std::uint16_t>(7000 + pick(2)));
        }
    }

    void call() {
        const auto what = static_cast<model::Call>(pick(static_cast<unsigned>(model::Call::count)));
        const model::TimeNs enter = time();
        const model::TimeNs exit =
            pick(8) == 0 ? model::kNever : enter + static_cast<model::TimeNs>(pick(40)) * ms;
        auto& record = b_.call(static_cast<int>(pick(3)), what, static_cast<int>(pick(6)) - 1, enter, exit,
                               pick(5) == 0 ? -1 : static_cast<std::int64_t>(pick(12)));
        record.args.first = static_cast<std::int64_t>(pick(70)) - 2;
        record.args.second = static_cast<std::int32_t>(pick(4) == 0 ? random_() : pick(4));
        record.args.third = static_cast<std::int32_t>(pick(20));
        record.error = static_cast<std::int16_t>(pick(120));
        record.flags = pick(6) == 0 ? static_cast<std::uint16_t>(pick(16)) : std::uint16_t{0};
        if (what == model::Call::socket && pick(2) == 0) {
            record.args.first = pick(2) == 0 ? 2 : 1;
            record.args.second = static_cast<std::int32_t>(1 + pick(5));
        }
        if (pick(20) == 0) {
            record.data = range();
        } else {
            const std::string data = bytes(12);
            record.data = {static_cast<std::uint32_t>(b_.lane.arena.size()),
                           static_cast<std::uint32_t>(data.size())};
            b_.lane.arena += data;
            const std::string extra = address();
            record.extra = {static_cast<std::uint32_t>(b_.lane.arena.size()),
                            static_cast<std::uint32_t>(extra.size())};
            b_.lane.arena += extra;
        }
    }

    void packet() {
        const auto from = pick(2) == 0 ? model::Host::client : model::Host::server;
        const model::TimeNs sent = time();
        const model::TimeNs delivered =
            pick(5) == 0 ? model::kNever : sent + static_cast<model::TimeNs>(pick(30)) * ms - ms;
        std::string data;
        switch (pick(4)) {
            case 0:
                data = tcp_bytes(from, {pick(3) == 0 ? static_cast<std::uint32_t>(random_()) : pick(40),
                                        pick(40), static_cast<std::uint8_t>(random_()), bytes(20),
                                        static_cast<std::uint16_t>(pick(3) * 1000), pick(3) == 0 ? 14 : -1});
                break;
            case 1:
                data = udp_bytes(from, static_cast<std::uint16_t>(7000 + pick(2)),
                                 static_cast<std::uint16_t>(7000 + pick(2)), bytes(12));
                break;
            case 2:
                data = ip4_packet(from, static_cast<std::uint8_t>(pick(2) == 0 ? 1 : 17), bytes(60),
                                  static_cast<std::uint16_t>(pick(3)),
                                  static_cast<std::uint16_t>(pick(2) * 0x2000 + pick(4)));
                break;
            default:
                data = bytes(80);
        }
        const std::uint32_t p = b_.packet(from, data, sent, delivered);
        auto& record = b_.lane.packets[p];
        if (pick(6) == 0) record.copy_of = pick(70);
        record.rule = pick(3);
        record.cause = static_cast<model::Cause>(pick(7));
        record.flags = pick(4) == 0 ? static_cast<std::uint16_t>(pick(32)) : std::uint16_t{0};
        if (pick(10) == 0) record.verdict = model::Verdict::in_flight;
        if (pick(10) == 0) record.delivered_bytes = range();
    }

    std::mt19937 random_;
    TraceBuilder b_;
};

}  // namespace

TEST_CASE("a story of nothing") {
    const trace::LaneTrace nothing;
    const Story story(nothing);
    CHECK(story.events().empty());
    CHECK(broken_invariant(story, {false}) == "");
}

TEST_CASE("random traces") {
    for (unsigned seed = 0; seed < 3000; ++seed) {
        CAPTURE(seed);
        const auto lane = RandomTrace(seed).make();
        const Story story(lane);
        REQUIRE(broken_invariant(story, {false}) == "");
    }
}

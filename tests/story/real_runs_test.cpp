// Stories of real runs: every kind over links that lose, reorder, duplicate and corrupt. What the programs were given
// is known from their receive calls; the story must account for every byte of it.
#include <doctest/doctest.h>

#include <map>

#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/run/scene.hpp"
#include "tests/run/traffic.hpp"
#include "tests/story/invariants.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;
using model::Host;
using story::Story;

namespace {

run::Runner& runner() {
    static run::Runner instance;
    return instance;
}

bool wire_shows_packets() {
    const host::Rung rung = runner().rung().rung;
    return rung == host::Rung::tun || rung == host::Rung::veth;
}

model::LinkSpec rough() {
    model::LinkSpec link;
    link.delay_ns = 2 * model::kMillisecond;
    link.loss = 0.05;
    link.reorder = 0.05;
    link.duplicate = 0.05;
    link.corrupt = 0.05;
    return link;
}

trace::LaneTrace run_lane(const std::string& kind, const std::string& server, const std::string& client,
                          const model::LinkSpec& link, std::uint64_t seed,
                          const std::map<std::string, std::string>& sysctl = {}) {
    auto scenario = tests::scene({kind}, {{"server", server}, {"client", client}});
    scenario.seed = seed;
    scenario.timeout_ns = 30 * model::kSecond;
    scenario.lanes[0].link = link;
    scenario.sysctl = sysctl;
    return runner().run(scenario).lanes.at(0);
}

std::uint64_t given(const Story& story) {
    std::uint64_t bytes = 0;
    for (const story::Receive& receive : story.receives())
        for (const story::Piece& piece : story.pieces(receive.pieces))
            if (piece.message != story::kNone) bytes += piece.size;
    return bytes;
}

}  // namespace

TEST_CASE("TCP over a rough wire: all bytes arrive, each loss is explained and repaired") {
    for (const char* kind : {"inet/stream", "inet6/stream"})
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            CAPTURE(kind);
            CAPTURE(seed);
            const auto lane = run_lane(kind, tests::kStreamServer, tests::kStreamClient, rough(), seed);
            if (!lane.refused.empty()) {
                test::skipped(kind, lane.refused);
                break;
            }
            const Story story(lane);
            CHECK(tests::broken_invariant(story) == "");
            CHECK(given(story) == tests::kStreamBytes);
            if (!wire_shows_packets()) continue;
            bool lost_data = false;
            for (const story::Loss& loss : story.losses())
                if (loss.piece.message != story::kNone) {
                    lost_data = true;
                    CHECK(loss.repaired);
                }
            if (lost_data) CHECK(story.retransmissions() > 0);
            CHECK(story.sockets().size() == 3);
            for (const story::Socket& socket : story.sockets())
                if (!socket.listening) CHECK_FALSE(socket.remote.empty());
        }
}

TEST_CASE("UDP over a rough wire: what did not arrive is a loss with a reason") {
    for (const char* kind : {"inet/dgram", "inet6/dgram"})
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            CAPTURE(kind);
            CAPTURE(seed);
            const auto lane = run_lane(kind, tests::kDatagramServer, tests::kDatagramClient, rough(), seed);
            if (!lane.refused.empty()) {
                test::skipped(kind, lane.refused);
                break;
            }
            const Story story(lane);
            CHECK(tests::broken_invariant(story) == "");
            for (std::size_t m = 0; m < story.messages().size(); ++m) {
                bool read = false, lost = false;
                for (const story::Receive& receive : story.receives())
                    for (const story::Piece& piece : story.pieces(receive.pieces))
                        read = read || piece.message == m;
                for (const story::Loss& loss : story.losses()) lost = lost || loss.piece.message == m;
                CAPTURE(m);
                CHECK((read || lost));
            }
        }
}

TEST_CASE("UNIX sockets lose nothing") {
    const auto check = [](const char* kind, const std::string& server, const std::string& client,
                          std::uint64_t bytes) {
        CAPTURE(kind);
        const auto lane = run_lane(kind, server, client, {}, 1);
        const Story story(lane);
        CHECK(tests::broken_invariant(story) == "");
        CHECK(given(story) == bytes);
        CHECK(story.losses().empty());
    };
    for (const char* kind : {"unix/stream", "unix/seqpacket"})
        check(kind, tests::kStreamServer, tests::kStreamClient, tests::kStreamBytes);
    check("unix/dgram", tests::kDatagramServer, tests::kDatagramClient, tests::kDatagramBytes);
}

TEST_CASE("TCP Fast Open: bytes with the SYN, taken or not, with and without a loss") {
    if (!wire_shows_packets()) return test::skipped("TCP Fast Open", "this rung shows no packets");
    const std::string takes =
        "setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN, 5)\n"
        "setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1)\n";
    for (const char* kind : {"inet/stream", "inet6/stream"})
        for (const bool taken : {true, false})
            for (const bool lost : {false, true}) {
                CAPTURE(kind);
                CAPTURE(taken);
                CAPTURE(lost);
                model::LinkSpec link;
                link.delay_ns = 5 * model::kMillisecond;
                if (lost)
                    link.rules.push_back({model::RuleAction::drop, model::PacketClass::syn, 1, Host::client,
                                          0, "drop syn from client"});
                const auto lane = run_lane(kind,
                                           "s = socket()\nbind(s, server)\n" + (taken ? takes : "") +
                                               "listen(s, 1)\na = accept(s)\n"
                                               "recv(a, 5, MSG_WAITALL)\nclose(a)\nclose(s)\n",
                                           R"(
c = socket()
setsockopt(c, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1)
wait(server.listening)
sendto(c, "HELLO", MSG_FASTOPEN, server)
recv(c, 10)
close(c)
)",
                                           link, 1, {{"net.ipv4.tcp_fastopen", "3"}});
                if (!lane.refused.empty()) {
                    test::skipped(kind, lane.refused);
                    continue;
                }
                const Story story(lane);
                CHECK(tests::broken_invariant(story) == "");
                CHECK(given(story) == 5);
                REQUIRE(story.sockets().size() == 3);
                CHECK(story.sockets()[1].peer == 2);
                REQUIRE(!story.packets().empty());
                REQUIRE(story.packets()[0].pieces.count == 1);
                CHECK(story.pieces(story.packets()[0].pieces)[0] == story::Piece{0, 0, 5});
                // A SYN that is sent again goes without bytes (RFC 7413 §4.2.1): they follow the handshake.
                CHECK((story.retransmissions() == 0) == (taken && !lost));
                for (const story::Loss& loss : story.losses()) CHECK(loss.repaired);
                CHECK(story.losses().empty() == (taken && !lost));
            }
}

TEST_CASE("a datagram larger than the MTU goes in fragments") {
    if (!wire_shows_packets()) return test::skipped("fragments", "this rung shows no packets");
    for (const char* kind : {"inet/dgram", "inet6/dgram"}) {
        CAPTURE(kind);
        const auto lane = run_lane(kind, R"(
s = socket()
bind(s, server)
recv(s, 9000)
close(s)
)",
                                   R"(
c = socket()
wait(server.bound)
sendto(c, "x" * 4000, server)
close(c)
)",
                                   {}, 1);
        if (!lane.refused.empty()) {
            test::skipped(kind, lane.refused);
            continue;
        }
        const Story story(lane);
        CHECK(tests::broken_invariant(story) == "");
        CHECK(given(story) == 4000);
        std::uint32_t carried = 0;
        for (const story::Packet& packet : story.packets())
            for (const story::Piece& piece : story.pieces(packet.pieces)) carried += piece.size;
        CHECK(carried == 4000);
    }
}

// Stories of real runs: every kind over links that lose, reorder, duplicate and corrupt. What the programs were given is
// known from their receive calls; the story must account for every byte of it.
#include <doctest/doctest.h>

#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/run/scene.hpp"
#include "tests/story/invariants.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;
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

const std::string kStreamServer = R"(
s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
until eof: recv(a, 700)
close(a)
close(s)
)";
const std::string kStreamClient = R"(
c = socket()
wait(server.listening)
connect(c, server)
repeat 40: send(c, "0123456789" * 100)
close(c)
)";
const std::string kDatagramServer = R"(
s = socket()
bind(s, server)
setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 300ms)
until eof: recv(s, 2000)
close(s)
)";
const std::string kDatagramClient = R"(
c = socket()
wait(server.bound)
repeat 40: sendto(c, "0123456789" * 100, server)
close(c)
)";
const std::string kSeqpacketClient = R"(
c = socket()
wait(server.listening)
connect(c, server)
repeat 40: send(c, "0123456789" * 100)
close(c)
)";

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
                          const model::LinkSpec& link, std::uint64_t seed) {
    auto scenario = tests::scene({kind}, {{"server", server}, {"client", client}});
    scenario.seed = seed;
    scenario.timeout_ns = 30 * model::kSecond;
    scenario.lanes[0].link = link;
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
            const auto lane = run_lane(kind, kStreamServer, kStreamClient, rough(), seed);
            if (!lane.refused.empty()) {
                test::skipped(kind, lane.refused);
                break;
            }
            const Story story(lane);
            CHECK(tests::broken_invariant(story) == "");
            CHECK(given(story) == 40'000);
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
            const auto lane = run_lane(kind, kDatagramServer, kDatagramClient, rough(), seed);
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
    const auto check = [](const char* kind, const std::string& server, const std::string& client) {
        CAPTURE(kind);
        const auto lane = run_lane(kind, server, client, {}, 1);
        const Story story(lane);
        CHECK(tests::broken_invariant(story) == "");
        CHECK(given(story) == 40'000);
        CHECK(story.losses().empty());
    };
    check("unix/stream", kStreamServer, kStreamClient);
    check("unix/seqpacket", R"(
s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
until eof: recv(a, 2000)
close(a)
)",
          kSeqpacketClient);
    check("unix/dgram", kDatagramServer, kDatagramClient);
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

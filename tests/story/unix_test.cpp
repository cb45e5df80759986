#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::Piece;
using story::Story;

namespace {

void connection(TraceBuilder& b) {
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("/tmp/s"), 1 * ms);
    b.listen(1, 3, 2 * ms);
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, sockaddr_unix("/tmp/s"), 4 * ms, 4 * ms + 10);
    b.accept(1, 3, 4, "", 5 * ms, 6 * ms);
}

// The server's socket 0 at "@s"; the client's socket 1 without a name.
struct Mailbox : TraceBuilder {
    explicit Mailbox(std::string_view kind = "unix/dgram") : TraceBuilder(kind) {
        socket(1, 3, 0);
        bind(1, 3, sockaddr_unix("@s"), 1 * ms);
        socket(0, 3, 2 * ms);
    }
    std::uint32_t sends(std::string_view data, model::TimeNs at, int fd = 3) {
        return sendto(0, fd, data, sockaddr_unix("@s"), at);
    }
    void reads(std::string_view data, model::TimeNs at) { recv(1, 3, 64, data, at, at + 5); }
};

}  // namespace

TEST_CASE("a unix stream has no boundaries") {
    TraceBuilder b("unix/stream");
    connection(b);
    b.send(0, 3, "ONE", 10 * ms);
    b.send(0, 3, "TWO", 11 * ms);
    b.recv(1, 4, 4, "ONET", 20 * ms, 20 * ms + 5);
    b.recv(1, 4, 4, "WO", 21 * ms, 21 * ms + 5);
    b.close(0, 3, 22 * ms);
    b.recv(1, 4, 4, "", 23 * ms, 23 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.sockets()[1].peer == 2);
    CHECK(story.sockets()[2].exists_ns == 4 * ms + 10);
    CHECK(story.backlog_at(0, 5 * ms) == std::vector<std::uint32_t>{2});
    CHECK(given(story, 0) == "#1[0+3] #2[0+1]");
    CHECK(story.receive_queue_at(2, 12 * ms).bytes == 6);
    CHECK(story.receives()[2].end_of_file);
    CHECK(story.state_at(1, 30 * ms)->state == "closed");
}

TEST_CASE("seqpacket keeps the records of a connection apart, and cuts what does not fit") {
    TraceBuilder b("unix/seqpacket");
    connection(b);
    b.send(0, 3, "ONE", 10 * ms);
    b.send(0, 3, "", 11 * ms);
    b.send(0, 3, "THREE", 12 * ms);
    b.recv(1, 4, 9, "ONE", 20 * ms, 20 * ms + 5);
    b.recv(1, 4, 9, "", 21 * ms, 21 * ms + 5);
    b.recv(1, 4, 2, "TH", 22 * ms, 22 * ms + 5);
    b.close(0, 3, 23 * ms);
    b.recv(1, 4, 9, "", 24 * ms, 24 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK_FALSE(story.receives()[1].end_of_file);  // an empty record
    CHECK(story.receives()[2].cut_bytes == 3);
    CHECK(story.receives()[3].end_of_file);
    CHECK(story.receive_queue_at(2, 15 * ms).items.size() == 3);
    CHECK_FALSE(story.receive_queue_at(2, 15 * ms).stream);
}

TEST_CASE("the end of a connection is told to a socket that nobody ever sent to, too") {
    TraceBuilder b("unix/seqpacket");
    connection(b);
    b.send(0, 3, "ONE", 10 * ms);
    b.close(1, 4, 23 * ms);
    b.recv(0, 3, 9, "", 24 * ms, 24 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.receives().size() == 1);
    CHECK(story.receives()[0].end_of_file);
    CHECK(broken_invariant(story) == "");
}

TEST_CASE("a datagram socket has no end but behind its own shutdown()") {
    TraceBuilder b("unix/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("@s"), 1 * ms);
    b.recv(1, 3, 9, "", 10 * ms, 10 * ms + 5);  // from a sender outside of the trace
    b.shutdown(1, 3, 0, 20 * ms);
    b.recv(1, 3, 9, "", 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.receives().size() == 2);
    CHECK_FALSE(story.receives()[0].end_of_file);
    CHECK(story.receives()[1].end_of_file);
}

TEST_CASE("unix datagrams: in order, none lost, a sender that waits is not in the queue yet") {
    Mailbox b;
    b.sends("ONE", 10 * ms);
    b.lane.calls[b.sends("TWO", 11 * ms)].exit_ns = 30 * ms;  // waited
    b.reads("ONE", 29 * ms);
    b.reads("TWO", 40 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receive_queue_at(0, 20 * ms).items.size() == 1);
    CHECK(story.receive_queue_at(0, 35 * ms).items.size() == 1);
    CHECK(story.program_at(0, 20 * ms).doing == story::Doing::blocked);
    CHECK(story.losses().empty());
}

TEST_CASE("a name belongs to whoever bound it last") {
    TraceBuilder b("unix/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("/tmp/s"), 1 * ms);
    b.close(1, 3, 2 * ms);
    b.socket(1, 3, 3 * ms);
    b.bind(1, 3, sockaddr_unix("/tmp/s"), 4 * ms);
    b.socket(0, 3, 5 * ms);
    b.sendto(0, 3, "x", sockaddr_unix("/tmp/s"), 6 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.messages()[0].to_socket == 1);
}

TEST_CASE("unread records are lost at close()") {
    Mailbox b;
    b.sends("ONE", 10 * ms);
    b.close(1, 3, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::unread);
}

TEST_CASE("unix/raw behaves as a datagram socket") {
    Mailbox b("unix/raw");
    b.sends("ONE", 10 * ms);
    b.reads("ONE", 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(given(story, 0) == "#1[0+3]");
}

TEST_CASE("an urgent byte that is read apart is not left unread; one that is passed over is lost") {
    TraceBuilder b("unix/stream");
    connection(b);
    b.send(0, 3, "AB", 10 * ms);
    const auto urgent = [&](std::string_view data, model::TimeNs at) {
        auto& call = b.call(0, model::Call::send, 3, at, at + 5, static_cast<std::int64_t>(data.size()));
        call.args.first = static_cast<std::int64_t>(data.size());
        call.args.second = 1;  // MSG_OOB
        call.data = b.keep(data);
    };
    urgent("!", 11 * ms);
    b.send(0, 3, "CD", 12 * ms);
    SUBCASE("read apart") {
        b.recv(1, 4, 1, "!", 20 * ms, 20 * ms + 5, 1);
        b.close(1, 4, 21 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(story.receive_queue_at(2, 20 * ms + 5).bytes == 4);
        REQUIRE(story.losses().size() == 2);
        CHECK(story.losses()[0].piece == Piece{0, 0, 2});
        CHECK(story.losses()[1].piece == Piece{2, 0, 2});
    }
    SUBCASE("passed over") {
        b.recv(1, 4, 9, "AB", 20 * ms, 20 * ms + 5);
        b.recv(1, 4, 9, "CD", 21 * ms, 21 * ms + 5);
        b.close(1, 4, 22 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].piece == Piece{1, 0, 1});
        CHECK(story.losses()[0].at_ns == 21 * ms + 5);
    }
    SUBCASE("a later one took its place: an ordinary byte") {
        urgent("?", 13 * ms);
        b.recv(1, 4, 2, "AB", 20 * ms, 20 * ms + 5);
        b.recv(1, 4, 9, "!CD", 21 * ms, 21 * ms + 5);
        b.recv(1, 4, 1, "?", 22 * ms, 22 * ms + 5, 1);
        b.close(1, 4, 23 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(given(story, 1) == "#2[0+1] #3[0+2]");
        CHECK(given(story, 2) == "#4[0+1]");
        CHECK(story.losses().empty());
    }
}

TEST_CASE("SO_PEEK_OFF: a peek goes on where the last one ended") {
    TraceBuilder b("unix/stream");
    connection(b);
    b.setsockopt(1, 4, 1, 42, 0, 7 * ms);
    b.send(0, 3, "ABCDEFGH", 10 * ms);
    b.recv(1, 4, 3, "ABC", 20 * ms, 20 * ms + 5, 2);
    b.recv(1, 4, 3, "DEF", 21 * ms, 21 * ms + 5, 2);
    b.recv(1, 4, 2, "AB", 22 * ms, 22 * ms + 5);
    b.recv(1, 4, 2, "GH", 23 * ms, 23 * ms + 5, 2);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+3]");
    CHECK(given(story, 1) == "#1[3+3]");
    CHECK(given(story, 2) == "#1[0+2]");
    CHECK(given(story, 3) == "#1[6+2]");
    CHECK(story.receive_queue_at(2, 24 * ms).bytes == 6);
}

TEST_CASE("SO_PEEK_OFF on datagrams: over the end of one into the next; what is read moves it back whole") {
    Mailbox b;
    b.setsockopt(1, 3, 1, 42, 0, 3 * ms);
    b.sends("1212121212", 10 * ms);
    b.sends("", 11 * ms);
    b.sends("121212", 12 * ms);
    b.sends("gh", 13 * ms);
    b.recv(1, 3, 3, "121", 20 * ms, 20 * ms + 5, 2);
    b.recv(1, 3, 3, "212", 21 * ms, 21 * ms + 5, 2);
    b.recv(1, 3, 64, "1212", 22 * ms, 22 * ms + 5, 2);
    b.recv(1, 3, 64, "", 23 * ms, 23 * ms + 5, 2);
    b.recv(1, 3, 64, "121212", 24 * ms, 24 * ms + 5, 2);
    b.recv(1, 3, 4, "1212", 25 * ms, 25 * ms + 5);
    b.recv(1, 3, 64, "gh", 26 * ms, 26 * ms + 5, 2);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+3]");
    CHECK(given(story, 1) == "#1[3+3]");
    CHECK(given(story, 2) == "#1[6+4]");
    CHECK(given(story, 3) == "#2[0+0]");
    CHECK(given(story, 4) == "#3[0+6]");
    CHECK(given(story, 5) == "#1[0+4]");
    CHECK(given(story, 6) == "#4[0+2]");
    CHECK(story.receives()[1].cut_bytes == 4);
    CHECK(story.receive_queue_at(0, 27 * ms).items.size() == 3);
}

namespace {

// recvfrom() that was told the sender's name.
void recvfrom(TraceBuilder& b, int endpoint, int fd, std::string_view given, const std::string& from,
              model::TimeNs at) {
    auto& call =
        b.call(endpoint, model::Call::recvfrom, fd, at, at + 5, static_cast<std::int64_t>(given.size()));
    call.args.first = 64;
    call.data = b.keep(given);
    call.extra = b.keep(from);
}

}  // namespace

TEST_CASE("a name that the kernel chose is known by whoever is told who sent, and leads back") {
    Mailbox b;
    b.socket(0, 4, 2 * ms);
    const std::string family_alone(sockaddr_unix("@s").substr(0, 2));
    b.bind(0, 3, family_alone, 3 * ms);
    b.bind(0, 4, family_alone, 4 * ms);
    b.sends("same", 10 * ms);
    b.sends("same", 11 * ms, 4);
    recvfrom(b, 1, 3, "same", sockaddr_unix("@00005"), 20 * ms);
    recvfrom(b, 1, 3, "same", sockaddr_unix("@00006"), 21 * ms);
    b.sendto(1, 3, "to the second", sockaddr_unix("@00006"), 30 * ms);
    b.sendto(1, 3, "to the first", sockaddr_unix("@00005"), 31 * ms);
    b.recv(0, 3, 64, "to the first", 40 * ms, 40 * ms + 5);
    b.recv(0, 4, 64, "to the second", 41 * ms, 41 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.sockets()[1].local == "@00005");
    CHECK(story.sockets()[2].local == "@00006");
    CHECK(story.messages()[2].to_socket == 2);
    CHECK(story.messages()[3].to_socket == 1);
    CHECK(given(story, 0) == "#1[0+4]");
    CHECK(given(story, 1) == "#2[0+4]");
    CHECK(given(story, 2) == "#4[0+12]");
    CHECK(given(story, 3) == "#3[0+13]");
    CHECK(story.receive_queue_at(1, 35 * ms).items.size() == 1);
}

TEST_CASE("equal datagrams of two senders are told apart by the names that the receiver was told") {
    TraceBuilder b("unix/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("@s"), 1 * ms);
    for (int fd : {3, 4}) {
        b.socket(0, fd, 2 * ms);
        b.bind(0, fd, sockaddr_unix(fd == 3 ? "@a" : "@b"), 3 * ms);
    }
    b.lane.calls[b.sendto(0, 3, "same", sockaddr_unix("@s"), 10 * ms)].exit_ns = 13 * ms;  // both at once
    b.lane.calls[b.sendto(0, 4, "same", sockaddr_unix("@s"), 11 * ms)].exit_ns = 14 * ms;
    recvfrom(b, 1, 3, "same", sockaddr_unix("@b"), 20 * ms);
    recvfrom(b, 1, 3, "same", sockaddr_unix("@a"), 21 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#2[0+4]");
    CHECK(given(story, 1) == "#1[0+4]");
}

TEST_CASE("bind() with the family alone leaves a socket the name that it has") {
    TraceBuilder b("unix/seqpacket");
    connection(b);
    b.send(0, 3, "ONE", 10 * ms);
    b.shutdown(1, 3, 0, 11 * ms);
    b.bind(1, 3, std::string(sockaddr_unix("@s").substr(0, 2)), 12 * ms);
    b.close(1, 3, 20 * ms);
    b.close(1, 4, 21 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.sockets()[1].peer == 2);
    CHECK(story.state_at(0, 15 * ms)->state == "shut for reading");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == story::LossPlace::unread);
}

TEST_CASE("accept() tells the name that the kernel gave to who connects") {
    TraceBuilder b("unix/stream");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr_unix("/tmp/s"), 1 * ms);
    b.listen(1, 3, 2 * ms);
    b.socket(0, 3, 3 * ms);
    b.connect(0, 3, sockaddr_unix("/tmp/s"), 4 * ms, 4 * ms + 10);
    b.accept(1, 3, 4, sockaddr_unix("@00001"), 5 * ms, 6 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.sockets()[1].local == "@00001");
}

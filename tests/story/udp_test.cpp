#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"
#include "tests/story/invariants.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using story::kNone;
using story::LossPlace;
using story::Piece;
using story::Story;

namespace {

constexpr auto kLost = model::kNever;
const auto C = Host::client;
const auto S = Host::server;

// Server socket 0 at 192.0.2.2:7000, client socket 1 without a port of its own.
struct Scene : TraceBuilder {
    Scene() : TraceBuilder("inet/dgram") {
        socket(1, 3, 0);
        bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
        socket(0, 3, 2 * ms);
    }
    void sends(std::string_view data, model::TimeNs at) {
        sendto(0, 3, data, sockaddr4("192.0.2.2", 7000), at);
    }
    std::uint32_t packet(std::string_view data, model::TimeNs sent, model::TimeNs delivered) {
        return udp(C, 50000, 7000, data, sent, delivered);
    }
};

}  // namespace

TEST_CASE("a lost datagram is gone, and nobody is told") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.sends("TWO", 11 * ms);
    b.sends("THREE", 12 * ms);
    b.packet("ONE", 10 * ms + 1, 20 * ms);
    const auto lost = b.packet("TWO", 11 * ms + 1, kLost);
    b.packet("THREE", 12 * ms + 1, 22 * ms);
    b.recv(1, 3, 64, "ONE", 30 * ms, 30 * ms + 5);
    b.recv(1, 3, 64, "THREE", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.pieces(story.receives()[1].pieces)[0] == Piece{2, 0, 5});
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].packet == lost);
    CHECK(story.losses()[0].piece == Piece{1, 0, 3});
    CHECK_FALSE(story.losses()[0].repaired);
    CHECK(story.messages()[0].to_socket == 0);
    CHECK(story.packets()[0].socket == 1);
    CHECK(story.sockets()[1].local == "192.0.2.1:50000");
    CHECK(story.describe_packet(2) == "#3");
    CHECK(story.receive_queue_at(0, 25 * ms).items.size() == 2);
    CHECK(story.receive_queue_at(0, 30 * ms + 5).items.size() == 1);
    CHECK(story.send_queue_at(1, 10 * ms).items.size() == 1);
    CHECK(story.send_queue_at(1, 10 * ms + 1).items.empty());
}

TEST_CASE("order of arrival is order of reading") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.sends("TWO", 11 * ms);
    b.packet("ONE", 10 * ms + 1, 25 * ms);
    b.packet("TWO", 11 * ms + 1, 20 * ms);
    b.recv(1, 3, 64, "TWO", 30 * ms, 30 * ms + 5);
    b.recv(1, 3, 64, "ONE", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.pieces(story.receives()[0].pieces)[0] == Piece{1, 0, 3});
    CHECK(story.pieces(story.receives()[1].pieces)[0] == Piece{0, 0, 3});
    CHECK(story.losses().empty());
}

TEST_CASE("equal datagrams keep the order of their sends") {
    Scene b;
    for (int i = 0; i < 3; ++i) b.sends("same", (10 + i) * ms);
    for (int i = 0; i < 3; ++i) b.packet("same", (10 + i) * ms + 1, (20 + i) * ms);
    for (int i = 0; i < 3; ++i) b.recv(1, 3, 64, "same", (30 + i) * ms, (30 + i) * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    for (std::uint32_t i = 0; i < 3; ++i) CHECK(story.pieces(story.receives()[i].pieces)[0].message == i);
}

TEST_CASE("a copy is read as the same message once more") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.duplicate(b.packet("ONE", 10 * ms + 1, 20 * ms), 21 * ms);
    b.recv(1, 3, 64, "ONE", 30 * ms, 30 * ms + 5);
    b.recv(1, 3, 64, "ONE", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.pieces(story.receives()[1].pieces)[0] == Piece{0, 0, 3});
    CHECK(story.describe_packet(1) == "#1 ×2");
    CHECK(story.losses().empty());
}

TEST_CASE("what does not fit is cut off") {
    Scene b;
    b.sends("0123456789", 10 * ms);
    b.packet("0123456789", 10 * ms + 1, 20 * ms);
    b.recv(1, 3, 4, "0123", 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receives()[0].cut_bytes == 6);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::truncated);
    CHECK(story.losses()[0].piece == Piece{0, 4, 6});
}

TEST_CASE("an empty datagram is a message, not the end") {
    Scene b;
    b.sends("", 10 * ms);
    b.packet("", 10 * ms + 1, 20 * ms);
    b.recv(1, 3, 64, "", 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.messages().size() == 1);
    CHECK_FALSE(story.receives()[0].end_of_file);
    REQUIRE(story.receives()[0].pieces.count == 1);
    CHECK(story.pieces(story.receives()[0].pieces)[0] == Piece{0, 0, 0});
}

TEST_CASE("a wrong checksum: dropped by the receiver, silently") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.corrupt(b.packet("ONE", 10 * ms + 1, 20 * ms));
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::checksum);
    CHECK(story.receive_queue_at(0, 25 * ms).items.empty());
}

TEST_CASE("nobody has the port: ICMP says so, and names the socket that it is for") {
    Scene b;
    b.sendto(0, 3, "ONE", sockaddr4("192.0.2.2", 9), 10 * ms);
    const auto p = b.udp(C, 50000, 9, "ONE", 10 * ms + 1, 20 * ms);
    std::string icmp("\x03\x03\0\0\0\0\0\0", 8);
    icmp += udp_bytes(C, 50000, 9, "ONE");
    const std::uint16_t sum = packet::checksum(icmp);
    icmp[2] = static_cast<char>(sum >> 8);
    icmp[3] = static_cast<char>(sum & 0xff);
    static_cast<TraceBuilder&>(b).packet(S, ip4_packet(S, 1, icmp), 20 * ms + 1, 30 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].evidence == story::Evidence::observed);
    CHECK(story.losses()[0].packet == p);
    CHECK(story.packets()[1].role == story::PacketRole::icmp);
    CHECK(story.packets()[1].to_socket == 1);
    CHECK(story.packets()[1].socket == kNone);
    CHECK(story.describe_packet(1) == "ICMP port unreachable");
}

TEST_CASE("a full receive queue drops the newest") {
    Scene b;
    for (int i = 0; i < 4; ++i) b.sends("m" + std::to_string(i), (10 + i) * ms);
    for (int i = 0; i < 4; ++i) b.packet("m" + std::to_string(i), (10 + i) * ms + 1, (20 + i) * ms);
    b.recv(1, 3, 64, "m0", 40 * ms, 40 * ms + 5);
    b.recv(1, 3, 64, "m3", 41 * ms, 41 * ms + 5);  // 1 and 2 were overtaken
    b.sends("m4", 50 * ms);
    b.packet("m4", 50 * ms + 1, 60 * ms);
    b.refused(1, model::Call::recv, 3, 11, 80 * ms, 80 * ms + 5);  // and 4 is missing
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 3);
    for (const auto& loss : story.losses()) CHECK(loss.place == LossPlace::receive_queue);
    CHECK(story.losses()[0].piece.message == 1);
    CHECK(story.losses()[2].piece.message == 4);
    CHECK(story.losses()[0].why != story.losses()[2].why);
}

TEST_CASE("what nobody has read is lost when the socket is closed, not before") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.packet("ONE", 10 * ms + 1, 20 * ms);
    SUBCASE("closed") {
        b.close(1, 3, 30 * ms);
        const auto lane = b.take();
        const Story story(lane);
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].place == LossPlace::unread);
        CHECK(story.receive_queue_at(0, 40 * ms).items.empty());
    }
    SUBCASE("open") {
        const auto lane = b.take();
        const Story story(lane);
        CHECK(story.losses().empty());
        CHECK(story.receive_queue_at(0, 40 * ms).items.size() == 1);
    }
}

TEST_CASE("fragments: all or nothing") {
    const std::string big = std::string(1400, 'a') + std::string(1400, 'b');
    const std::string whole =
        udp_bytes(C, 50000, 7000, big).substr(20);  // the IP payload: UDP header and data
    const auto make = [&](bool lose_second) {
        Scene b;
        b.sends(big, 10 * ms);
        TraceBuilder& base = b;
        base.packet(C, ip4_packet(C, 17, whole.substr(0, 1480), 77, 0x2000), 10 * ms + 1, 20 * ms);
        base.packet(C, ip4_packet(C, 17, whole.substr(1480), 77, 1480 / 8), 10 * ms + 2,
                    lose_second ? kLost : 21 * ms);
        if (!lose_second) b.recv(1, 3, 4000, big, 30 * ms, 30 * ms + 5);
        return b.take();
    };
    const auto good = make(false);
    const Story story(good);
    CHECK(broken_invariant(story) == "");
    CHECK(story.losses().empty());
    CHECK(story.pieces(story.packets()[0].pieces)[0] == Piece{0, 0, 1472});
    CHECK(story.pieces(story.packets()[1].pieces)[0] == Piece{0, 1472, 1328});
    CHECK(story.receive_queue_at(0, 20 * ms).items.empty());
    CHECK(story.receive_queue_at(0, 21 * ms).items.size() == 1);
    CHECK(story.describe_packet(1) == "#1 fragment at 1480");

    const auto bad = make(true);
    const Story sad(bad);
    REQUIRE(sad.losses().size() == 1);
    CHECK(sad.losses()[0].packet == 1);
    CHECK(sad.losses()[0].piece == Piece{0, 0, 2800});
    CHECK(sad.receive_queue_at(0, 25 * ms).items.empty());
}

TEST_CASE("a connected socket takes only what its peer sends") {
    TraceBuilder b("inet/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
    b.connect(1, 3, sockaddr4("192.0.2.1", 50001), 2 * ms, 2 * ms + 5);
    b.socket(0, 3, 3 * ms);
    b.sendto(0, 3, "stranger", sockaddr4("192.0.2.2", 7000), 10 * ms);
    b.udp(C, 50000, 7000, "stranger", 10 * ms + 1, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
}

TEST_CASE("a datagram that never reached the wire, though later ones did") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.sends("TWO", 11 * ms);
    b.packet("TWO", 11 * ms + 1, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::device);
    CHECK(story.losses()[0].piece.message == 0);
}

TEST_CASE("sockets without a port yet: the datagram is of the one that sent to that address, and first") {
    Scene b;
    b.socket(0, 4, 2 * ms);
    b.socket(1, 4, 2 * ms);
    b.bind(1, 4, sockaddr4("192.0.2.2", 8000), 3 * ms);
    b.sendto(0, 4, "same", sockaddr4("192.0.2.2", 7000), 10 * ms);
    b.sendto(0, 3, "same", sockaddr4("192.0.2.2", 8000), 11 * ms);
    b.udp(C, 50001, 8000, "same", 11 * ms + 1, 21 * ms);  // read from the device in this order
    b.udp(C, 50002, 7000, "same", 11 * ms + 2, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.pieces(story.packets()[0].pieces)[0].message == 1);
    CHECK(story.pieces(story.packets()[1].pieces)[0].message == 0);
    CHECK(story.sockets()[1].local == "192.0.2.1:50001");
}

namespace {

// recvmsg() that was given these bytes, and SO_RXQ_OVFL beside them.
void receive_with_drops(TraceBuilder& b, std::string_view given, std::uint32_t drops, model::TimeNs at) {
    auto& call = b.call(1, model::Call::recvmsg, 3, at, at + 5, static_cast<std::int64_t>(given.size()));
    call.args.first = 64;
    const auto keep = [&](std::string_view bytes) {
        const model::ByteRange range{static_cast<std::uint32_t>(b.lane.arena.size()),
                                     static_cast<std::uint32_t>(bytes.size())};
        b.lane.arena += bytes;
        return range;
    };
    call.data = keep(given);
    std::string extra(
        4, '\0');  // no address; then struct cmsghdr: length 20, SOL_SOCKET, SO_RXQ_OVFL, the count
    const std::uint64_t length = 20;
    const std::int32_t level = 1, type = 40;
    extra.append(reinterpret_cast<const char*>(&length), 8).append(reinterpret_cast<const char*>(&level), 4);
    extra.append(reinterpret_cast<const char*>(&type), 4).append(reinterpret_cast<const char*>(&drops), 4);
    call.extra = keep(extra.append(4, '\0'));
}

}  // namespace

TEST_CASE(
    "a full receive queue: what the kernel counted (SO_RXQ_OVFL) is observed, and says which were dropped") {
    Scene b;
    for (int i = 0; i < 4; ++i) b.sends("same", (10 + i) * ms);
    for (int i = 0; i < 4; ++i) b.packet("same", (10 + i) * ms + 1, (20 + i) * ms);
    b.recv(1, 3, 64, "same", 30 * ms, 30 * ms + 5);
    receive_with_drops(b, "same", 2, 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.pieces(story.receives()[0].pieces)[0].message == 0);
    CHECK(story.pieces(story.receives()[1].pieces)[0].message == 3);
    REQUIRE(story.losses().size() == 2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        CHECK(story.losses()[i].place == LossPlace::receive_queue);
        CHECK(story.losses()[i].piece.message == i + 1);
        CHECK(story.losses()[i].evidence == story::Evidence::observed);
        CHECK(story.losses()[i].why.find("2 drops") != std::string::npos);
    }
}

TEST_CASE("what never came out on the wire is lost in the device, as far as its counter goes") {
    Scene b;
    for (int i = 0; i < 4; ++i) b.sends("same", (10 + i) * ms);
    b.packet("same", 10 * ms + 1, 20 * ms);
    b.lane.samples.push_back({b.lane.start_ns + 900 * ms, 2, -1, model::Sample::device_drops, 0});
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        CHECK(story.losses()[i].place == LossPlace::device);
        CHECK(story.losses()[i].piece.message == i + 1);
        CHECK(story.losses()[i].why.find("2 drops") != std::string::npos);
    }
}

TEST_CASE("behind a relay with several sockets: a datagram went to the one that was given its bytes") {
    TraceBuilder b("inet/dgram");
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("127.0.0.1", 7000), 1 * ms);
    b.socket(1, 4, 0);
    b.bind(1, 4, sockaddr4("127.0.0.1", 8000), 1 * ms);
    b.socket(0, 3, 2 * ms);
    // Published addresses: nobody's own. The relay reads one mailbox and then the other.
    b.sendto(0, 3, "to the first", sockaddr4("127.0.0.1", 41000), 10 * ms);
    b.sendto(0, 3, "to the second", sockaddr4("127.0.0.1", 42000), 10 * ms + 1);
    for (const char* text : {"to the second", "to the first"}) {
        const std::uint32_t p = b.packet(C, text, 10 * ms + 10 * us, 20 * ms);
        b.lane.packets[p].flags |= model::kPayloadOnly;
    }
    b.recv(1, 3, 64, "to the first", 5 * ms, 21 * ms);
    b.recv(1, 4, 64, "to the second", 22 * ms, 23 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.losses().empty());
    CHECK(story.messages()[0].to_socket == 0);
    CHECK(story.messages()[1].to_socket == 1);
    CHECK(story.pieces(story.receives()[1].pieces)[0].message == 1);
}

TEST_CASE(
    "a datagram to a group is copied to every socket bound there; nobody gets it before one has joined") {
    TraceBuilder b("inet/dgram");
    const auto group = sockaddr4("239.9.9.9", 5000);
    for (int fd : {3, 4}) {
        b.socket(1, fd, fd * us);
        b.bind(1, fd, sockaddr4("0.0.0.0", 5000), 1 * ms + fd * us);
    }
    b.socket(0, 3, 2 * ms);
    const auto to_group = [&](std::string_view data, model::TimeNs at) {
        b.sendto(0, 3, data, group, at);
        std::string bytes = udp_bytes(C, 50000, 5000, data);
        bytes.replace(16, 4, "\xef\x09\x09\x09");
        bytes.replace(26, 2, 2, '\0');  // UDP: without a checksum
        bytes.replace(10, 2, 2, '\0');
        const std::uint16_t sum = packet::checksum(std::string_view(bytes).substr(0, 20));
        bytes[10] = static_cast<char>(sum >> 8), bytes[11] = static_cast<char>(sum & 0xff);
        b.packet(C, bytes, at + 1, at + 1 * ms);
    };
    to_group("nobody", 10 * ms);
    auto& joins = b.call(1, model::Call::setsockopt, 4, 12 * ms, 12 * ms + 5);
    joins.args.first = 0, joins.args.second = 35;
    joins.extra = b.keep(std::string("\xef\x09\x09\x09\0\0\0\0\0\0\0\0", 12));
    to_group("members", 20 * ms);
    b.recv(1, 3, 64, "members", 30 * ms, 30 * ms + 5);
    b.recv(1, 4, 64, "members", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    for (const story::Receive& receive : story.receives()) {
        REQUIRE(receive.pieces.count == 1);
        CHECK(story.pieces(receive.pieces)[0] == Piece{1, 0, 7});
    }
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].piece == Piece{0, 0, 6});
}

TEST_CASE("a socket that forgets its peer forgets the port that the kernel had chosen") {
    Scene b;
    b.connect(0, 3, sockaddr4("192.0.2.2", 7000), 3 * ms, 3 * ms + 5);
    b.send(0, 3, "ONE", 10 * ms);
    b.packet("ONE", 10 * ms + 1, 20 * ms);
    b.connect(0, 3, std::string(2, '\0'), 21 * ms, 21 * ms + 5);
    b.sends("TWO", 22 * ms);
    const auto later = b.udp(C, 50001, 7000, "TWO", 22 * ms + 1, 23 * ms);
    b.recv(1, 3, 64, "ONE", 30 * ms, 30 * ms + 5);
    b.recv(1, 3, 64, "TWO", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.packets()[later].socket == 1);
    CHECK(story.pieces(story.receives()[1].pieces)[0] == Piece{1, 0, 3});
    CHECK(story.sockets()[1].local == "192.0.2.1:50001");
}

TEST_CASE("a datagram to the sender's own host needs no wire, and is lost where no socket takes it") {
    TraceBuilder b("inet/dgram");
    b.socket(0, 3, 0);
    b.bind(0, 3, sockaddr4("192.0.2.1", 7000), 1 * ms);
    b.socket(0, 4, 2 * ms);
    b.sendto(0, 4, "here", sockaddr4("192.0.2.1", 7000), 3 * ms);
    b.sendto(0, 4, "nobody", sockaddr4("192.0.2.1", 9), 4 * ms);
    b.recv(0, 3, 64, "here", 5 * ms, 5 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.pieces(story.receives()[0].pieces)[0] == Piece{0, 0, 4});
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].piece == Piece{1, 0, 6});
}

TEST_CASE("of two copies one is damaged and the other arrives: nothing is missing in the end") {
    Scene b;
    b.sends("ONE", 10 * ms);
    const auto first = b.packet("ONE", 10 * ms + 1, 20 * ms);
    b.duplicate(first, 21 * ms);
    b.corrupt(first);
    b.recv(1, 3, 64, "ONE", 30 * ms, 30 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::checksum);
    CHECK(story.losses()[0].repaired);
}

TEST_CASE("what an error gives back is the program's own datagram, and no other") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.packet("ONE", 10 * ms + 1, 20 * ms);
    b.recv(0, 3, 64, "ONE", 30 * ms, 30 * ms + 5, 0x2000);
    b.recv(1, 3, 64, "ONE", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receives()[0].error_queue);
    CHECK(story.pieces(story.receives()[0].pieces)[0] == Piece{0, 0, 3});
    CHECK_FALSE(story.receives()[1].error_queue);
    CHECK(story.pieces(story.receives()[1].pieces)[0] == Piece{0, 0, 3});
}

TEST_CASE("each lost fragment is told; the first of them names the message") {
    Scene b;
    const std::string data(3000, 'x');
    b.sends(data, 10 * ms);
    const std::string whole = udp_bytes(C, 50000, 7000, data).substr(20);
    constexpr std::uint16_t kMore = 0x2000;
    b.TraceBuilder::packet(C, ip4_packet(C, 17, whole.substr(0, 1480), 7, kMore), 10 * ms + 1, kLost);
    b.TraceBuilder::packet(C, ip4_packet(C, 17, whole.substr(1480, 1480), 7, kMore | 185), 10 * ms + 2,
                           20 * ms);
    b.TraceBuilder::packet(C, ip4_packet(C, 17, whole.substr(2960), 7, 370), 10 * ms + 3, kLost);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    REQUIRE(story.losses().size() == 2);
    CHECK(story.losses()[0].packet == 0);
    CHECK(story.losses()[0].piece == Piece{0, 0, 3000});
    CHECK(story.losses()[1].packet == 2);
    CHECK(story.losses()[1].piece.message == kNone);
}

TEST_CASE("MSG_MORE joins sends into one datagram, UDP_SEGMENT cuts one into several") {
    Scene b;
    const auto option = [&](int name, std::int32_t value, model::TimeNs at) {
        auto& call = b.call(0, model::Call::setsockopt, 3, at, at + 5);
        call.args = {17, name, value};
    };
    SUBCASE("MSG_MORE") {
        b.sends("ONE", 10 * ms);
        b.lane.calls.back().args.second = 0x8000;
        b.sends("TWO", 11 * ms);
    }
    SUBCASE("UDP_CORK") {
        option(1, 1, 9 * ms);
        b.sends("ONE", 10 * ms);
        b.sends("TWO", 11 * ms);
        option(1, 0, 12 * ms);
    }
    SUBCASE("UDP_SEGMENT") {
        option(103, 3, 9 * ms);
        b.sends("ONETWO", 10 * ms);
        b.packet("ONE", 13 * ms, 20 * ms);
        b.packet("TWO", 13 * ms + 1, 20 * ms + 1);
        b.recv(1, 3, 64, "ONE", 30 * ms, 30 * ms + 5);
        b.recv(1, 3, 2, "TW", 31 * ms, 31 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(story.pieces(story.packets()[1].pieces)[0] == Piece{0, 3, 3});
        CHECK(story.pieces(story.receives()[1].pieces)[0] == Piece{0, 3, 2});
        CHECK(story.receive_queue_at(0, 25 * ms).bytes == 6);
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].piece == Piece{0, 5, 1});
        return;
    }
    b.packet("ONETWO", 13 * ms, 20 * ms);
    b.sends("THREE", 14 * ms);
    b.packet("THREE", 14 * ms + 1, 21 * ms);
    b.recv(1, 3, 5, "ONETW", 30 * ms, 30 * ms + 5);
    b.recv(1, 3, 64, "THREE", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    const auto given = story.pieces(story.receives()[0].pieces);
    REQUIRE(given.size() == 2);
    CHECK(given[0] == Piece{0, 0, 3});
    CHECK(given[1] == Piece{1, 0, 2});
    CHECK(story.describe_packet(0) == "#1 #2");
    CHECK(story.receive_queue_at(0, 25 * ms).bytes == 11);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].piece == Piece{1, 2, 1});
}

TEST_CASE("what waits for more when the socket is closed was never sent") {
    Scene b;
    b.sends("ONE", 10 * ms);
    b.lane.calls.back().args.second = 0x8000;
    b.close(0, 3, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.send_queue_at(1, 15 * ms).bytes == 3);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::reset);
    CHECK(story.losses()[0].piece == Piece{0, 0, 3});
}

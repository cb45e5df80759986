// Between send() and the wire: sends joined and cut, what waits, what never came out.
#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/invariants.hpp"
#include "tests/story/udp_scene.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::LossPlace;
using story::Piece;
using story::Story;

TEST_CASE("a datagram that never reached the wire, though later ones did") {
    UdpScene b;
    b.sends("ONE", 10 * ms);
    b.sends("TWO", 11 * ms);
    b.packet("TWO", 11 * ms + 1, 20 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::device);
    CHECK(story.losses()[0].piece.message == 0);
}

TEST_CASE("what another socket of the host sent later, and came out, shows the same") {
    UdpScene b;
    b.socket(0, 4, 3 * ms);
    b.sends("ONE", 10 * ms);
    SUBCASE("later") {
        b.sendto(0, 4, "TWO", sockaddr4("192.0.2.2", 7000), 11 * ms);
        b.packet("TWO", 11 * ms + 1, 20 * ms);
        const auto lane = b.take();
        const Story story(lane);
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].place == LossPlace::device);
        CHECK(story.losses()[0].piece == Piece{0, 0, 3});
    }
    SUBCASE("at the same time: not known") {
        b.sendto(0, 4, "TWO", sockaddr4("192.0.2.2", 7000), 10 * ms + 5 * us);
        b.packet("TWO", 11 * ms + 1, 20 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(story.losses().empty());
        const std::string why = story.why({model::RefKind::message, 0, 0, 0});
        CHECK(why.find("is not known") != std::string::npos);
        CHECK(why.find("Nothing that its host sent later") != std::string::npos);
    }
    SUBCASE("it waits for more (MSG_MORE): not lost") {
        b.lane.calls.back().args.second = 0x8000;
        b.sendto(0, 4, "TWO", sockaddr4("192.0.2.2", 7000), 11 * ms);
        b.packet("TWO", 11 * ms + 1, 20 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(story.losses().empty());
    }
}

TEST_CASE(
    "a later datagram inside the host does not show that the device dropped an earlier one: not known") {
    UdpScene b;
    b.sendto(0, 3, "ONE", sockaddr4("192.0.2.1", 0), 10 * ms);
    b.sendto(0, 3, "TWO", sockaddr4("127.0.0.1", 9), 11 * ms);
    const auto lane = b.take();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].place == LossPlace::no_listener);
    CHECK(story.losses()[0].piece.message == 1);
    CHECK(story.why({model::RefKind::message, 0, 0, 0}).find("is not known") != std::string::npos);
}

TEST_CASE("what never came out on the wire is lost in the device, as far as its counter goes") {
    UdpScene b;
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

TEST_CASE("what an error gives back is the program's own datagram, and no other") {
    UdpScene b;
    b.passes("ONE", 10 * ms);
    b.recv(0, 3, 64, "ONE", 30 * ms, 30 * ms + 5, 0x2000);
    b.reads("ONE", 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.receives()[0].error_queue);
    CHECK(given(story, 0) == "#1[0+3]");
    CHECK_FALSE(story.receives()[1].error_queue);
    CHECK(given(story, 1) == "#1[0+3]");
}

TEST_CASE("MSG_MORE joins sends into one datagram, UDP_SEGMENT cuts one into several") {
    UdpScene b;
    const auto option = [&](int name, std::int64_t value, model::TimeNs at) {
        b.setsockopt(0, 3, 17, name, value, at);
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
        b.reads("ONE", 30 * ms);
        b.recv(1, 3, 2, "TW", 31 * ms, 31 * ms + 5);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(story.pieces(story.packets()[1].pieces)[0] == Piece{0, 3, 3});
        CHECK(given(story, 1) == "#1[3+2]");
        CHECK(story.receive_queue_at(0, 25 * ms).bytes == 6);
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].piece == Piece{0, 5, 1});
        return;
    }
    b.packet("ONETWO", 13 * ms, 20 * ms);
    b.sends("THREE", 14 * ms);
    b.packet("THREE", 14 * ms + 1, 21 * ms);
    b.recv(1, 3, 5, "ONETW", 30 * ms, 30 * ms + 5);
    b.reads("THREE", 31 * ms);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(given(story, 0) == "#1[0+3] #2[0+2]");
    CHECK(story.describe_packet(0) == "#1 #2");
    CHECK(story.receive_queue_at(0, 25 * ms).bytes == 11);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].piece == Piece{1, 2, 1});
}

TEST_CASE("what waits for more when the socket is closed was never sent") {
    UdpScene b;
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

TEST_CASE("a send that fails throws away what waited for it, unless it was refused before") {
    UdpScene b;
    const auto waits = [&](std::string_view data, model::TimeNs at) {
        b.sends(data, at);
        b.lane.calls.back().args.second = 0x8000;
    };
    const auto fails = [&](int error, std::int64_t size, model::TimeNs at) {
        b.refused(0, model::Call::send, 3, error, at, at + 5);
        b.lane.calls.back().args.first = size;
    };
    waits("ONE", 10 * ms);
    SUBCASE("thrown away") {
        fails(90, 65506, 11 * ms);  // with ONE it is too long
        b.sends("TWO", 12 * ms);
        b.packet("TWO", 12 * ms + 1, 20 * ms);
        b.reads("TWO", 30 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(given(story, 0) == "#2[0+3]");
        REQUIRE(story.losses().size() == 1);
        CHECK(story.losses()[0].place == LossPlace::reset);
        CHECK(story.losses()[0].at_ns == 11 * ms + 5);
        CHECK(story.losses()[0].piece == Piece{0, 0, 3});
        CHECK(story.losses()[0].why.find("EMSGSIZE") != std::string::npos);
        CHECK(story.send_queue_at(1, 11 * ms).bytes == 3);
        CHECK(story.send_queue_at(1, 11 * ms + 6).bytes == 0);
    }
    SUBCASE("refused before") {
        fails(90, 70000, 11 * ms);  // by itself it is too long for IPv4
        fails(95, 3, 11 * ms + 10);
        b.sends("TWO", 12 * ms);
        b.packet("ONETWO", 12 * ms + 1, 20 * ms);
        b.reads("ONETWO", 30 * ms);
        const auto lane = b.take();
        const Story story(lane);
        CHECK(broken_invariant(story) == "");
        CHECK(given(story, 0) == "#1[0+3] #2[0+3]");
        CHECK(story.losses().empty());
    }
}

TEST_CASE("what is joined goes where the first send said, whatever the later ones say") {
    UdpScene b;
    b.socket(1, 4, 3 * ms);
    b.bind(1, 4, sockaddr4("192.0.2.2", 8000), 4 * ms);
    b.sends("ONE", 10 * ms);
    b.lane.calls.back().args.second = 0x8000;
    b.sendto(0, 3, "TWO", sockaddr4("192.0.2.2", 8000), 11 * ms);
    b.sendto(0, 3, "THREE", sockaddr4("192.0.2.2", 8000), 12 * ms);
    b.packet("ONETWO", 11 * ms + 1, 20 * ms);
    b.udp(model::Host::client, 50000, 8000, "THREE", 12 * ms + 1, 21 * ms);
    b.reads("ONETWO", 30 * ms);
    b.recv(1, 4, 64, "THREE", 31 * ms, 31 * ms + 5);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(broken_invariant(story) == "");
    CHECK(story.messages()[1].to_socket == 0);
    CHECK(story.messages()[2].to_socket == 2);
    CHECK(story.losses().empty());
}

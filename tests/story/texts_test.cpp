#include <algorithm>

#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using model::Host;
using model::Moment;
using model::Ref;
using model::RefKind;
using story::Story;

namespace {

trace::LaneTrace lossy() {
    TraceBuilder b("inet/dgram");
    b.lane.link.rules.push_back(
        {model::RuleAction::drop, model::PacketClass::data, 2, Host::client, 0, "drop data 2 from client"});
    b.socket(1, 3, 0);
    b.bind(1, 3, sockaddr4("192.0.2.2", 7000), 1 * ms);
    b.socket(0, 3, 2 * ms);
    b.sendto(0, 3, "ONE", sockaddr4("192.0.2.2", 7000), 10 * ms);
    b.sendto(0, 3, "TWO", sockaddr4("192.0.2.2", 7000), 11 * ms);
    b.udp(Host::client, 50000, 7000, "ONE", 10 * ms + 1, 34 * ms);
    b.udp(Host::client, 50000, 7000, "TWO", 11 * ms + 1, model::kNever);
    b.lane.packets[1].rule = 1;
    b.recv(1, 3, 64, "ONE", 30 * ms, 34 * ms + 100);
    return b.take();
}

bool has(const std::vector<Ref>& refs, RefKind kind, std::uint32_t index) {
    return std::any_of(refs.begin(), refs.end(),
                       [&](const Ref& r) { return r.kind == kind && r.index == index; });
}

}  // namespace

TEST_CASE("calls read as in C, with their result") {
    const auto lane = lossy();
    const Story story(lane);
    CHECK(story.describe_call(0) == "socket(AF_INET, SOCK_DGRAM, 0) = 3");
    CHECK(story.describe_call(1) == "bind(3, 192.0.2.2:7000) = 0");
    CHECK(story.describe_call(3) == "sendto(3, \"ONE\", 3, 192.0.2.2:7000) = 3");
    CHECK(story.describe_call(5) == "recv(3, 64) = 3 \"ONE\"");
    CHECK(story.describe_call(99) == "");
    const auto row = [&](std::uint32_t call, std::uint32_t from) {
        return story.describe({0, call, RefKind::call, story::MarkKind::call, 0}, from);
    };
    CHECK(row(3, 1) == "sendto(3, …\"NE\", 3, 192.0.2.2:7000) = 3");
    CHECK(row(5, 2) == "recv(3, 64) = 3 …\"E\"");
    CHECK(row(5, 3) == "recv(3, 64) = 3 \"ONE\"");
}

TEST_CASE("options read as strace writes them, with the whole value") {
    TraceBuilder b("inet/stream");
    b.socket(0, 3, 0);
    const auto option = [&b](model::Call what, std::int32_t level, std::int32_t name,
                             const std::string& value) {
        auto& call = b.call(0, what, 3, 1 * ms, 1 * ms + 1);
        call.args = {level, name, 0};
        call.extra = b.keep(value);
    };
    const auto ints = [](std::initializer_list<std::int32_t> values) {
        return std::string(reinterpret_cast<const char*>(values.begin()),
                           values.size() * sizeof(std::int32_t));
    };
    using model::Call;
    option(Call::setsockopt, 6, 1, ints({1}));
    option(Call::setsockopt, 1, 13, ints({1, 5}));
    option(Call::setsockopt, 1, 20, ints({2, 0, 500000, 0}));
    option(Call::setsockopt, 6, 13, "reno");
    option(Call::setsockopt, 0, 35, std::string("\xe0\x00\x00\x09\x7f\x00\x00\x01", 8));
    option(Call::setsockopt, 999, 1, std::string("\x01\x00", 2));
    option(Call::getsockopt, 1, 17, ints({7, 1000, 100}));
    option(Call::getsockopt, 1, 3, ints({1}));
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.describe_call(1) == "setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0");
    CHECK(story.describe_call(2) == "setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0");
    CHECK(story.describe_call(3) ==
          "setsockopt(3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=2, tv_usec=500000}, 16) = 0");
    CHECK(story.describe_call(4) == "setsockopt(3, SOL_TCP, TCP_CONGESTION, \"reno\", 4) = 0");
    CHECK(story.describe_call(5) ==
          "setsockopt(3, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr(\"224.0.0.9\"), "
          "imr_interface=inet_addr(\"127.0.0.1\")}, 8) = 0");
    CHECK(story.describe_call(6) == "setsockopt(3, 999, 1, \"\\x01\\0\", 2) = 0");
    CHECK(story.describe_call(7) == "getsockopt(3, SOL_SOCKET, SO_PEERCRED) = 0 {pid=7, uid=1000, gid=100}");
    CHECK(story.describe_call(8) == "getsockopt(3, SOL_SOCKET, SO_TYPE) = 0 [1]");
}

TEST_CASE("a loss says where and why") {
    const auto lane = lossy();
    const Story story(lane);
    REQUIRE(story.losses().size() == 1);
    CHECK(story.losses()[0].why == "The wire dropped it by the rule “drop data 2 from client”.");
    const auto lost = std::find_if(story.events().begin(), story.events().end(),
                                   [](const story::Event& e) { return e.kind == story::MarkKind::lost; });
    REQUIRE(lost != story.events().end());
    CHECK(story.describe(*lost) == "#2 lost: The wire dropped it by the rule “drop data 2 from client”.");
}

TEST_CASE("why() names the events from which a thing is known") {
    const auto lane = lossy();
    const Story story(lane);
    CHECK(story.why({RefKind::byte, 0, 0, 1}) ==
          "Observed: sendto() handed it to the kernel as byte 2 of 3 bytes at 10.0 ms (send(2)). Where it "
          "went is inferred "
          "from packet 1 delivered at 34.0 ms and recv() that returned 3 at 34.0 ms.");
    CHECK(story.why({RefKind::packet, 0, 1, 0}).find("drop data 2") != std::string::npos);
    CHECK(story.why({}) == "");
}

TEST_CASE("what belongs together lights up together") {
    const auto lane = lossy();
    const Story story(lane);
    const auto refs = story.related({RefKind::message, 0, 0, 0});
    CHECK(has(refs, RefKind::call, 3));
    CHECK(has(refs, RefKind::call, 5));
    CHECK(has(refs, RefKind::packet, 0));
    CHECK(has(refs, RefKind::socket, 0));
    CHECK(has(refs, RefKind::socket, 1));
    CHECK_FALSE(has(refs, RefKind::packet, 1));
    CHECK(has(story.related({RefKind::packet, 0, 0, 0}), RefKind::message, 0));
    CHECK(has(story.related({RefKind::call, 0, 5, 0}), RefKind::call, 3));
    CHECK(story.related({RefKind::packet, 2, 0, 0})[0].lane == 2);
}

TEST_CASE("lessons find their moments") {
    const auto lane = lossy();
    const Story story(lane);
    const auto at = [&](Moment moment) { return story.find(moment).value_or(-99); };
    Moment moment;
    CHECK(at(moment) == 0);
    moment.form = Moment::Form::end;
    CHECK(at(moment) == story.end_ns());
    moment = {};
    moment.form = Moment::Form::call;
    moment.endpoint = "client";
    moment.call = model::Call::sendto;
    moment.nth = 2;
    CHECK(at(moment) == 11 * ms + 10 * us);
    moment.at_enter = true;
    moment.offset_ns = 2 * ms;
    CHECK(at(moment) == 13 * ms);
    moment.nth = 3;
    CHECK_FALSE(story.find(moment));
    moment = {};
    moment.form = Moment::Form::packet;
    moment.nth = 2;
    CHECK(at(moment) == 11 * ms + 1);
    moment.stage = Moment::Stage::lost;
    CHECK(at(moment) == 11 * ms + 1);
    moment.stage = Moment::Stage::delivered;
    CHECK_FALSE(story.find(moment));
    moment = {};
    moment.form = Moment::Form::lost;
    CHECK(at(moment) == 11 * ms + 1);
    moment.form = Moment::Form::retransmission;
    CHECK_FALSE(story.find(moment));
}

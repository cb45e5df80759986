#include "core/lesson/moment_text.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::lesson;
using model::Moment;

namespace {

Parsed<Moment> read(std::string_view text) {
    static const std::vector<std::string> endpoints{"server", "client"};
    return parse_moment(text, endpoints);
}
Moment good(std::string_view text) {
    const auto parsed = read(text);
    INFO(parsed.message);
    REQUIRE(parsed.value);
    CHECK(parsed.value->written == text);
    return *parsed.value;
}

}  // namespace

TEST_CASE("every form of a moment") {
    CHECK(good("start").form == Moment::Form::start);
    CHECK(good("end - 1ms").offset_ns == -model::kMillisecond);
    const auto call = good("call server recv 3 enter + 2ms");
    CHECK(call.form == Moment::Form::call);
    CHECK(call.endpoint == "server");
    CHECK(call.call == model::Call::recv);
    CHECK(call.nth == 3);
    CHECK(call.at_enter);
    CHECK(call.offset_ns == 2 * model::kMillisecond);
    CHECK_FALSE(good("call client send").at_enter);
    const auto packet = good("packet client data 2 delivered");
    CHECK(packet.from == model::Host::client);
    CHECK(packet.what == model::PacketClass::data);
    CHECK(packet.stage == Moment::Stage::delivered);
    CHECK(good("packet server synack sent").nth == 1);
    CHECK(good("lost 2").nth == 2);
    CHECK(good("retransmission").form == Moment::Form::retransmission);
}

TEST_CASE("a broken moment says what was expected and where") {
    CHECK(read("cal client send").suggestion == "did you mean `call`?");
    CHECK(read("call clinet send").suggestion == "did you mean `client`?");
    CHECK(read("call client sent").suggestion == "did you mean `send`?");
    CHECK(read("packet client data 2").column == 21);
    CHECK(read("start 2ms").column == 7);
    CHECK(read("start + 2").column == 9);
    CHECK(read("lost 0").column == 6);
    CHECK_FALSE(read("").value);
}

#include "core/lesson/link_text.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::lesson;
using model::PacketClass;
using model::RuleAction;

TEST_CASE("rules are read as they are said") {
    const auto rule = [](const char* text) {
        const auto parsed = parse_rule(text);
        INFO(parsed.message);
        REQUIRE(parsed.value);
        CHECK(parsed.value->text == text);
        return *parsed.value;
    };
    CHECK(rule("drop data 2 from client").action == RuleAction::drop);
    CHECK(rule("drop data 2 from client").nth == 2);
    CHECK(rule("drop syn from client").nth == 1);
    CHECK(rule("corrupt every data from server").nth == 0);
    CHECK(rule("corrupt every data from server").from == model::Host::server);
    CHECK(rule("hold data 1 from client for 30ms").hold_ns == 30 * model::kMillisecond);
    CHECK(rule("swap data 2 with next from client").action == RuleAction::swap);
    CHECK(rule("swap data 2 from client").action == RuleAction::swap);
    CHECK(rule("duplicate packet 3 from client").what == PacketClass::any);
    CHECK(rule("drop synack 1 from server").what == PacketClass::synack);
}

TEST_CASE("a broken rule says what was expected and where") {
    const auto mistake = [](const char* text) { return parse_rule(text); };
    CHECK(mistake("dorp data 2 from client").suggestion == "did you mean `drop`?");
    CHECK(mistake("drop data 2 client").column == 13);
    CHECK(mistake("drop data 0 from client").column == 11);
    CHECK(mistake("hold data 1 from client").message.find("for 30ms") != std::string::npos);
    CHECK(mistake("drop data 1 from client for 30ms").column == 25);
    CHECK_FALSE(mistake("").value);
}

TEST_CASE("times, chances and rates") {
    CHECK(*parse_time("1.5s").value == 1'500 * model::kMillisecond);
    CHECK_FALSE(parse_time("20").value);
    CHECK_FALSE(parse_time("25h").value);
    CHECK_FALSE(parse_time("-1ms").value);
    CHECK(*parse_chance("10%").value == doctest::Approx(0.1));
    CHECK(*parse_chance("0.25").value == doctest::Approx(0.25));
    CHECK(*parse_chance("1").value == 1);
    for (const auto* text : {"", "%", "nan", "inf", "-0.1", "1.1", "101%", "0.1x"})
        CHECK_FALSE(parse_chance(text).value);
    CHECK(*parse_rate("10Mbit/s").value == 10'000'000);
    CHECK(*parse_rate("64 kbit/s").value == 64'000);
    CHECK(*parse_rate("1.5Mbit/s").value == 1'500'000);
    for (const auto* text : {"", "10", "10MB/s", "0bit/s", "-1Mbit/s", "1e300Gbit/s"})
        CHECK_FALSE(parse_rate(text).value);
}

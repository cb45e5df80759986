#include "core/model/call.hpp"

#include <doctest/doctest.h>

using namespace socketscope::model;

TEST_CASE("every call is found by its name and cites its man page") {
    for (const auto& entry : calls()) {
        CAPTURE(entry.name);
        CHECK(parse_call(entry.name) == entry.call);
        CHECK(entry.man == std::string(entry.name) + "(2)");
        CHECK(entry.prototype.size() > 0);
    }
    CHECK(!parse_call("sendfile").has_value());
}

TEST_CASE("what moves bytes") {
    CHECK(sends(Call::write));
    CHECK(receives(Call::recvmsg));
    CHECK(!sends(Call::connect));
}

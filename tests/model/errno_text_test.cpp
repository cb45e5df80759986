#include "core/model/errno_text.hpp"

#include <cerrno>
#include <cstring>

#include <doctest/doctest.h>

using namespace socketscope::model;

TEST_CASE("names and numbers agree with this system") {
    int rows = 0;
    for (int number = 1; number < 134; ++number) {
        const auto* entry = find_errno(number);
        if (!entry) continue;
        ++rows;
        CAPTURE(number);
        CHECK(entry->name == strerrorname_np(number));
        CHECK(parse_errno(entry->name) == number);
        CHECK(!entry->means.empty());
    }
    CHECK(rows > 50);
}

TEST_CASE("what has no row is still printed") {
    CHECK(errno_name(9999) == "errno 9999");
    CHECK(!parse_errno("ENOTHING").has_value());
    CHECK(parse_errno("EWOULDBLOCK") == EAGAIN);
}

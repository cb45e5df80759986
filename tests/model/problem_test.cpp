#include "core/model/problem.hpp"

#include <doctest/doctest.h>

using namespace socketscope::model;

TEST_CASE("a problem is one sentence with what, where, why and help") {
    const Problem problem{"connect failed", "client, line 3", "ECONNREFUSED: nobody listens there",
                          "start the server first"};
    CHECK(problem.sentence() ==
          "connect failed (client, line 3): ECONNREFUSED: nobody listens there. Start the server first");
    CHECK(Problem{"it broke", "", "A: no. B: no.", "`x` helps"}.sentence() ==
          "it broke: A: no. B: no. `x` helps");
    CHECK(Problem{"it broke", "", "", ""}.sentence() == "it broke");
}

TEST_CASE("diagnostics look like a compiler's") {
    CHECK(Diagnostic{3, 7, "unknown call `recvform`", "did you mean `recvfrom`?", false}.format("a.md") ==
          "a.md:3:7: error: unknown call `recvform` (did you mean `recvfrom`?)");
    CHECK(Diagnostic{0, 0, "empty", "", true}.format("a.md") == "a.md: warning: empty");
}

TEST_CASE("the nearest known word") {
    const std::vector<std::string> known{"recv", "recvfrom", "send", "sendto"};
    CHECK(nearest("recvform", known) == "recvfrom");
    CHECK(nearest("sned", known) == "");  // two changes in four letters: not near
    CHECK(nearest("sen", known) == "send");
    CHECK(nearest("zzzzzz", known) == "");
    CHECK(nearest(std::string(100'000, 'a'), known) == "");
}

#include "core/script/signature.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "core/script/function.hpp"

using namespace socketscope;
using namespace socketscope::script;

TEST_CASE("prototypes show what may be left out") {
    CHECK(prototype(*find_signature("recv")) == "recv(fd, [&buf], length, [flags])");
    CHECK(prototype(*find_signature("socketpair")) == "a, b = socketpair([domain], [type], [protocol])");
    CHECK(prototype(*find_signature("sendmsg")) == "sendmsg(fd, data, [flags], [to=…], [fds=…], [creds=…])");
    CHECK(find_signature("select") == nullptr);
}

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

TEST_CASE("docs/scripts.md has every call with its man page, every function and every constant") {
    std::ifstream file(SOCKETSCOPE_SOURCE_DIR "/docs/scripts.md");
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const auto& signature : signatures()) {
        INFO(prototype(signature));
        CHECK(text.find("`" + prototype(signature) + "`") != std::string::npos);
        CHECK(text.find(std::string(model::row(signature.call).man)) != std::string::npos);
    }
    for (const auto& name : function_names()) {
        INFO(name);
        CHECK(text.find("`" + name + "(") != std::string::npos);
    }
    for (const auto& constant : model::constants()) {
        INFO(std::string(constant.name));
        CHECK(text.find("`" + std::string(constant.name) + "`") != std::string::npos);
    }
}

#include "core/model/kind.hpp"

#include <sys/socket.h>

#include <doctest/doctest.h>

using namespace socketscope::model;

TEST_CASE("every cell has a name that parses back to it") {
    for (const auto& cell : kinds()) {
        const Kind kind{cell.domain, cell.type, cell.default_protocol};
        CAPTURE(cell.name);
        CHECK(to_string(kind) == cell.name);
        REQUIRE(parse_kind(cell.name).has_value());
        CHECK(*parse_kind(cell.name) == kind);
        CHECK(kind_names().find(cell.name) != std::string::npos);
    }
}

TEST_CASE("a protocol is named only where it is not the default") {
    CHECK(to_string({Domain::inet6, SocketType::raw, 58}) == "inet6/raw");
    CHECK(to_string({Domain::inet, SocketType::raw, 17}) == "inet/raw:udp");
    CHECK(parse_kind("inet/raw:17") == Kind{Domain::inet, SocketType::raw, 17});
    CHECK(parse_kind("inet6/raw:icmpv6") == Kind{Domain::inet6, SocketType::raw, 58});
}

TEST_CASE("what is no kind is refused") {
    for (const char* name :
         {"", "inet", "inet/", "tcp", "inet/stream ", "inet/raw:", "inet/raw:999", "inet/raw:x"})
        CHECK_MESSAGE(!parse_kind(name).has_value(), name);
}

TEST_CASE("our plain numbers are this system's numbers") {
    CHECK(c_domain(Domain::local) == AF_UNIX);
    CHECK(c_domain(Domain::inet) == AF_INET);
    CHECK(c_domain(Domain::inet6) == AF_INET6);
    CHECK(c_type(SocketType::stream) == SOCK_STREAM);
    CHECK(c_type(SocketType::dgram) == SOCK_DGRAM);
    CHECK(c_type(SocketType::seqpacket) == SOCK_SEQPACKET);
    CHECK(c_type(SocketType::raw) == SOCK_RAW);
    CHECK(type_from_c(SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC) == SocketType::stream);
    CHECK(!domain_from_c(AF_PACKET).has_value());
}

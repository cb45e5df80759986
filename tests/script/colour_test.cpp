#include "tests/script/parsing.hpp"

using namespace socketscope::script;

namespace {

TokenKind colour_of(std::string_view line, std::string_view part) {
    for (const auto& token : colour(line))
        if (line.substr(token.offset, token.size) == part) return token.kind;
    FAIL("no such token: " << std::string(part));
    return TokenKind::plain;
}

}  // namespace

TEST_CASE("every word of a line has its colour") {
    const std::string_view line = "until eof: n = recv(a, 64, MSG_PEEK) -> \"x\"  # why";
    CHECK(colour_of(line, "until") == TokenKind::control);
    CHECK(colour_of(line, "n") == TokenKind::variable);
    CHECK(colour_of(line, "recv") == TokenKind::call);
    CHECK(colour_of(line, "64") == TokenKind::number);
    CHECK(colour_of(line, "MSG_PEEK") == TokenKind::constant);
    CHECK(colour_of(line, "\"x\"") == TokenKind::expectation);
    CHECK(colour_of(line, "# why") == TokenKind::comment);
    CHECK(colour_of("bind(s, server:9)", "server") == TokenKind::address);
    CHECK(colour_of("send(c, \"HELLO\")", "\"HELLO\"") == TokenKind::string);
}

TEST_CASE("a broken line is coloured as far as it can be read, inside its bounds") {
    for (const std::string_view line : {"recv(a, \"open", "5x ; §", "\\\\", "->->", "\xff\xfe"}) {
        std::size_t end = 0;
        for (const auto& token : colour(line)) {
            CHECK(token.offset >= end);
            end = token.offset + token.size;
            CHECK(end <= line.size());
        }
    }
}

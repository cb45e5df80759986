// What is typed or pasted as a path is the path that is meant.
#include "app/window/typed_path.hpp"

#include <doctest/doctest.h>

using socketscope::window::typed_path;

TEST_CASE("a path stays what it is, but for blanks and quotes around it") {
    CHECK(typed_path("/tmp/a lesson.md", "/home/me") == "/tmp/a lesson.md");
    CHECK(typed_path("  lesson.md\n", "/home/me") == "lesson.md");
    CHECK(typed_path("'/tmp/a lesson.md'", "/home/me") == "/tmp/a lesson.md");
    CHECK(typed_path("\"x\"", "/home/me") == "x");
    CHECK(typed_path("'", "/home/me") == "'");
    CHECK(typed_path(" \t", "/home/me").empty());
}

TEST_CASE("a tilde is the home folder, where there is one") {
    CHECK(typed_path("~/a.jsonl", "/home/me") == "/home/me/a.jsonl");
    CHECK(typed_path("~", "/home/me") == "/home/me");
    CHECK(typed_path("~/a.jsonl", "") == "~/a.jsonl");
    CHECK(typed_path("~other/a", "/home/me") == "~other/a");
}

TEST_CASE("an address that a file manager copies is its path") {
    CHECK(typed_path("file:///tmp/a%20b%C3%A4.md", "/home/me") == "/tmp/a b\xC3\xA4.md");
    CHECK(typed_path("file://localhost/tmp/x", "") == "/tmp/x");
    CHECK(typed_path("file:///100%", "") == "/100%");
    CHECK(typed_path("file:///%zz", "") == "/%zz");
    CHECK(typed_path("file://", "").empty());
}

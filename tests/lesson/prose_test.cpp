#include "core/lesson/prose.hpp"

#include <doctest/doctest.h>

using namespace socketscope::lesson;

TEST_CASE("sections, blocks and runs") {
    const auto sections = parse_prose(
        "Before.\n\n## The hole {beat=hole}\nOne `recv` *waits*,\nthe **other** not.\n\n- first\n- "
        "second\n\n```\na = 1\nb\n```\n### Why\nBecause.\n\n# End\n",
        10);
    REQUIRE(sections.size() == 3);
    CHECK(sections[0].title.empty());
    CHECK(sections[0].line == 10);
    CHECK(sections[1].title == "The hole");
    CHECK(sections[1].beat == "hole");
    CHECK(sections[1].line == 12);
    CHECK(sections[2].title == "End");
    CHECK(sections[2].line == 26);
    const auto& blocks = sections[1].blocks;
    REQUIRE(blocks.size() == 6);
    REQUIRE(blocks[0].runs.size() == 7);
    CHECK(blocks[0].runs[1].style == Run::Style::code);
    CHECK(blocks[0].runs[1].text == "recv");
    CHECK(blocks[0].runs[3].style == Run::Style::emphasis);
    CHECK(blocks[0].runs[4].text == ", the ");
    CHECK(blocks[0].runs[5].style == Run::Style::strong);
    CHECK(blocks[1].form == Block::Form::bullet);
    CHECK(blocks[2].runs[0].text == "second");
    CHECK(blocks[3].form == Block::Form::code);
    CHECK(blocks[3].runs[0].text == "a = 1\nb\n");
    CHECK(blocks[4].form == Block::Form::heading);
    CHECK(blocks[5].runs[0].text == "Because.");
}

TEST_CASE("loose and nested lists, entities, raw HTML as text") {
    const auto sections = parse_prose("- a\n\n- b\n  - c\n\nx &amp; y <b>z</b>", 1);
    REQUIRE(sections.size() == 1);
    const auto& blocks = sections[0].blocks;
    REQUIRE(blocks.size() == 4);
    CHECK(blocks[0].form == Block::Form::bullet);
    CHECK(blocks[1].runs[0].text == "b");
    CHECK(blocks[2].runs[0].text == "c");
    CHECK(blocks[3].form == Block::Form::paragraph);
    CHECK(blocks[3].runs[0].text == "x & y <b>z</b>");
}

TEST_CASE("no prose, and prose of headings only") {
    CHECK(parse_prose("", 1).empty());
    const auto sections = parse_prose("# A {beat=}\n# B {beat=x\n#\n", 1);
    REQUIRE(sections.size() == 3);
    CHECK(sections[0].title == "A");
    CHECK(sections[0].beat.empty());
    CHECK(sections[1].title == "B {beat=x");
}

#include "app/stage/lines.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/stage/pack.hpp"
#include "tests/stage/judge.hpp"

using namespace socketscope;
using namespace socketscope::stage;

namespace {

Run run_of_message(std::uint32_t message, const std::string& bytes, std::uint32_t call) {
    Run run;
    run.piece = {message, 0, static_cast<std::uint32_t>(bytes.size())};
    run.bytes = bytes;
    run.size = run.message_size = run.piece.size;
    run.number = message + 1;
    run.envelope = call;
    return run;
}

struct Desk {
    Scene scene;
    StageInput input;

    std::vector<std::vector<Run>> lines(const std::vector<Run>& runs, const RowStyle& style, float room) {
        input.measure = tests::fixed_measure;
        return break_lines(Brush(scene, input, 0), runs, style, room);
    }
};

RowStyle style_of(Wrapping wrapping, int lines, float cell) {
    RowStyle style;
    style.wrapping = wrapping;
    style.lines = lines;
    style.cell = cell;
    return style;
}

std::string bytes_of(const std::vector<Run>& line) {
    std::string bytes;
    for (const Run& run : line) bytes += run.bytes;
    return bytes;
}

}  // namespace

TEST_CASE("a message begins a new line rather than being cut") {
    Desk desk;
    const auto lines = desk.lines({run_of_message(0, "HELLO_", 0), run_of_message(1, "WORLD_", 1)},
                                  style_of(Wrapping::bracket, 2, 10), 95);
    REQUIRE(lines.size() == 2);
    CHECK(bytes_of(lines[0]) == "HELLO_");
    CHECK(bytes_of(lines[1]) == "WORLD_");
    CHECK_FALSE(lines[0].back().open_end);
}

TEST_CASE(
    "a message that is longer than a line goes on in the next, and the call that gave it is open there") {
    Desk desk;
    const auto lines =
        desk.lines({run_of_message(0, "0123456789abcdef", 0)}, style_of(Wrapping::bracket, 2, 10), 100);
    REQUIRE(lines.size() == 2);
    CHECK(bytes_of(lines[0]) == "0123456789");
    CHECK(bytes_of(lines[1]) == "abcdef");
    CHECK(lines[1].front().piece.offset == 10);
    CHECK(lines[0].front().open_end);
    CHECK(lines[1].front().open_begin);
    CHECK_FALSE(lines[1].front().open_end);
}

TEST_CASE("one call that gave several messages is open where the line ends between two of them") {
    Desk desk;
    const auto lines = desk.lines({run_of_message(0, "HELLO_", 7), run_of_message(1, "WORLD_", 7)},
                                  style_of(Wrapping::bracket, 2, 10), 95);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].back().open_end);
    CHECK(lines[1].front().open_begin);
}

TEST_CASE("an envelope is never cut, and what does not fit is not broken at all") {
    Desk desk;
    const std::vector<Run> records{run_of_message(0, "HELLO_", 0), run_of_message(1, "WORLD_", 1)};
    const float one = 60 + gap_of(Wrapping::sealed);
    CHECK(desk.lines(records, style_of(Wrapping::sealed, 2, 10), one).size() == 2);
    CHECK(desk.lines(records, style_of(Wrapping::sealed, 1, 10), one).empty());
    CHECK(desk.lines(records, style_of(Wrapping::sealed, 2, 10), one - 1).empty());
    CHECK(desk.lines({run_of_message(0, std::string(700, 'x'), 0)}, style_of(Wrapping::bracket, 9, 10), 900)
              .empty());
}

TEST_CASE("as few lines as cells allow, and no cell narrower than a letter") {
    const std::vector<Unit> units{{6, 0}, {6, 0}, {6, 0}, {4, 0}, {3, 0}, {5, 0}, {5, 0}, {3, 0}, {0, 28}};
    for (const Wrapping wrapping : {Wrapping::bracket, Wrapping::sealed}) {
        for (float room = 60; room < 900; room += 7) {
            const Lining lining = lining_of(units, {wrapping, room, 7.5f, 15}, 5);
            CAPTURE(room);
            if (lining.lines == 0) {
                CHECK(room < 160);
                continue;
            }
            CHECK(lining.cell >= 7.5f);
            CHECK(lining.cell <= 15);
            if (lining.lines > 1) {  // one line less would have needed cells that are less comfortable
                const float fewer = cell_for_lines(units, {wrapping, room, 7.5f, 15}, lining.lines - 1);
                CHECK(fewer < lining.cell);
            }
        }
    }
    CHECK(lining_of(std::vector<Unit>{{5000, 0}}, {Wrapping::bracket, 900, 7.5f, 15}, 5).lines == 0);
}

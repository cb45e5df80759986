#include <doctest/doctest.h>

#include "core/story/story.hpp"
#include "tests/story/build_trace.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using story::Doing;
using story::Story;

TEST_CASE("what a program does at any time") {
    TraceBuilder b("unix/dgram");
    const auto note = [&](model::Note what, model::TimeNs at, std::uint32_t line) {
        model::NoteRecord record;
        record.at_ns = at;
        record.what = what;
        record.line = line;
        b.lane.notes.push_back(record);
    };
    note(model::Note::program_start, 1 * ms, 0);
    b.socket(0, 3, 2 * ms);
    note(model::Note::sleep_begin, 3 * ms, 2);
    note(model::Note::sleep_end, 4 * ms, 2);
    b.lane.calls[b.recv(0, 3, 9, "x", 5 * ms, 9 * ms)].line = 3;
    note(model::Note::wait_begin, 10 * ms, 4);
    note(model::Note::program_end, 12 * ms, 0);
    const auto lane = b.take();
    const Story story(lane);
    CHECK(story.program_at(0, 0).doing == Doing::not_started);
    CHECK(story.program_at(0, 1 * ms).doing == Doing::running);
    CHECK(story.program_at(0, 2 * ms + 1).doing == Doing::in_call);
    CHECK(story.program_at(0, 3500 * us).doing == Doing::sleeping);
    CHECK(story.program_at(0, 3500 * us).line == 2);
    CHECK(story.program_at(0, 4500 * us).doing == Doing::running);
    CHECK(story.program_at(0, 7 * ms).doing == Doing::blocked);
    CHECK(story.program_at(0, 7 * ms).line == 3);
    CHECK(story.program_at(0, 7 * ms).since_ns == 5 * ms);
    CHECK(story.program_at(0, 9 * ms).doing == Doing::running);
    CHECK(story.program_at(0, 9 * ms).call == 1);
    CHECK(story.program_at(0, 11 * ms).doing == Doing::waiting);
    CHECK(story.program_at(0, 13 * ms).doing == Doing::done);
    CHECK(story.program_at(9, 13 * ms).doing == Doing::not_started);
}

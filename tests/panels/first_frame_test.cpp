// The first frame of a new recording does not make what could be made beside the thread that draws. Its work is counted by
// the memory that it asks for: what is made of every event needs room for every event.
#include <doctest/doctest.h>

#include <cstdlib>
#include <new>

#include "app/panels/stage_panel.hpp"
#include "tests/panels/shown.hpp"
#include "tests/stage/long_lane.hpp"

using namespace socketscope;

namespace {
std::size_t asked_bytes = 0;
}

void* operator new(std::size_t size) {
    asked_bytes += size;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
// std::stable_sort asks so, and gives back by the delete below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    asked_bytes += size;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

struct Work {
    std::size_t first{0}, grown{0};
};

// Bytes that are asked for while a frame is drawn for the first time after a recording was shown, and after it has grown.
Work work_of_frames(std::uint32_t messages, bool planned) {
    test::Screen screen(style::ThemeName::dark, 1);
    player::State state;
    const auto frame_with = [&](auto put) {
        player::Recording next = player::read_recording(tests::long_recording(messages), nullptr);
        if (planned) panels::plan_stage(next);
        const std::size_t before = asked_bytes;
        const player::Recording old = put(state, std::move(next));  // freed elsewhere, too
        state.t = state.end / 2;
        screen.draw_once(state, 1280, 720);
        return asked_bytes - before;
    };
    using Put = player::Recording (*)(player::State&, player::Recording);
    frame_with(Put(player::show));  // fonts and whatever else is made once
    return {frame_with(Put(player::show)), frame_with(Put(player::grow))};
}

}  // namespace

TEST_CASE("the first frame of a long recording makes nothing of every event") {
    const Work few = work_of_frames(1'250, true), many = work_of_frames(125'000, true);
    MESSAGE("2,500 calls: " << few.first << " and " << few.grown << " bytes, 250,000 calls: " << many.first
                            << " and " << many.grown);
    CHECK(many.first < 2 * few.first);
    CHECK(many.grown < 2 * few.grown);
    // What it spares, and that this is a measure of it.
    CHECK(work_of_frames(125'000, false).first > 10 * many.first);
}

TEST_CASE("the stage takes the plan that came with the recording") {
    player::State state;
    player::Recording told = player::read_recording(tests::long_recording(10), nullptr);
    panels::plan_stage(told);
    player::show(state, std::move(told));
    test::Screen screen(style::ThemeName::dark, 1);
    CHECK(state.lanes[0].plan.use_count() == 1);
    screen.draw_once(state, 1280, 720);
    CHECK(state.lanes[0].plan.use_count() == 2);
}

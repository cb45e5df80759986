// The memory under the logs: never moved, given back to the writer when it was read.
#include "core/trace/chunked.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/trace/log.hpp"

using namespace socketscope::trace;
using Slots = ChunkedSlots<int, 4>;

namespace {

void fill(Slots& slots, int count) {
    for (int i = 0; i < count; ++i) {
        REQUIRE(slots.grow(static_cast<int>(slots.next())) != nullptr);
        slots.publish();
    }
}

}  // namespace

TEST_CASE("slots stay where they are; a bound ends them") {
    Slots slots(10);
    fill(slots, 1);
    const int* first = &slots[0];
    fill(slots, 9);
    CHECK(&slots[0] == first);
    CHECK(slots.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) CHECK(slots[i] == static_cast<int>(i));
    CHECK(slots.grow(99) == nullptr);
}

TEST_CASE("a chunk that was read is the writer's next one") {
    Slots slots(1000);
    fill(slots, 6);
    const int* first = &slots[0];
    slots.release(3);  // not whole: it stays
    CHECK(slots[0] == 0);
    slots.release(4);
    fill(slots, 3);
    CHECK(&slots[8] == first);
    CHECK(slots[8] == 8);
    CHECK(slots[4] == 4);
}

TEST_CASE("memory provided beforehand is used, and what is too much is freed") {
    Slots slots(1000, 2);
    slots.spare().provide(5);  // two: more are not kept
    void* one = slots.spare().take();
    void* two = slots.spare().take();
    REQUIRE(one != nullptr);
    REQUIRE(two != nullptr);
    CHECK(slots.spare().take() == nullptr);
    slots.spare().give(one);
    slots.spare().give(two);
    fill(slots, 1);
    CHECK(&slots[0] == one);
    fill(slots, 19);
    slots.release(20);  // five chunks, of which one fits
    slots.spare().trim();
    CHECK(slots.spare().take() == nullptr);
}

TEST_CASE("bytes run on over chunks, up to the bound") {
    constexpr std::size_t kBound = 2 * ChunkedBytes::kChunk + 7;
    ChunkedBytes bytes(kBound);
    std::string all;
    for (std::size_t i = 0; i < kBound; ++i) all += static_cast<char>(i * 7 + i / 251);
    CHECK(bytes.append(std::string_view(all).substr(0, 100)) == 100);
    CHECK(bytes.append("") == 0);
    CHECK(bytes.append(std::string_view(all).substr(100)) == kBound - 100);
    CHECK(bytes.append("x") == 0);
    std::string read;
    bytes.copy(0, kBound, read);
    CHECK(read == all);
}

TEST_CASE("a log that is read as it is written comes along with little memory") {
    constexpr int kCalls = 60'000;
    CallLog log(0);
    LaneTrace lane;
    auto cursor = log.make_cursor();
    socketscope::model::CallRecord call;
    for (int i = 0; i < kCalls; ++i) {
        call.enter_ns = i;
        call.exit_ns = i + 1;
        call.result = i;
        log.end(log.begin(call, "12345678", ""), call, "", "");
        if (i % 5000 == 0) {
            log.collect(lane, *cursor);
            log.release(*cursor);
            log.provide();
        }
    }
    log.collect(lane, *cursor);
    log.release(*cursor);
    log.writer_has_ended();
    REQUIRE(lane.calls.size() == kCalls);
    int wrong = 0;
    for (int i = 0; i < kCalls; ++i) {
        const auto& record = lane.calls[static_cast<std::size_t>(i)];
        wrong += record.result != i || record.enter_ns != i || lane.bytes(record.data) != "12345678";
    }
    CHECK(wrong == 0);
}

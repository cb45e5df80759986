// What work costs, whoever else is busy: for tests that compare costs with one another, never with a clock.
#pragma once

#include <time.h>

#include <cstdint>

namespace socketscope::test {

// Processor time of this thread, clock_gettime(2).
inline std::int64_t processor_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace socketscope::test

// Time in this project: nanoseconds of CLOCK_MONOTONIC (clock_gettime(2)), and how people read them.
#pragma once

#include <cstdint>
#include <string>

namespace socketscope::model {

using TimeNs = std::int64_t;

// "It has not happened (yet)": a call that has not returned, a packet that was not delivered.
inline constexpr TimeNs kNever = -1;

inline constexpr TimeNs kMicrosecond = 1'000;
inline constexpr TimeNs kMillisecond = 1'000'000;
inline constexpr TimeNs kSecond = 1'000'000'000;

// "850 ns", "12.3 µs", "4.07 ms", "1.50 s": three significant digits, a unit people can compare.
std::string format_duration(TimeNs duration);

// Milliseconds with `decimals` digits and no unit, as the rulers and lists show them: "72.0".
std::string format_ms(TimeNs time, int decimals);

}  // namespace socketscope::model

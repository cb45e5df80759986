// Finds wait() lines of a lane that can't come true: for a call that the other program never makes, or for oneself.
#pragma once

#include "core/lesson/lesson.hpp"
#include "core/lesson/report.hpp"

namespace socketscope::lesson {

// Waiting for oneself is an error; waiting for what the other program has no line for is a
// warning. wait(x.listening), where x never listens but binds a name, waits for that: so one
// script serves lanes of streams and of datagrams.
void settle_waits(LanePlan& lane);
void check_waits(const LanePlan& lane, Report& report);

}  // namespace socketscope::lesson

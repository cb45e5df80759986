// What each program does: in which call it is, whether it waits.
#pragma once

#include "core/story/facts.hpp"

namespace socketscope::story {

// A call counts as blocked if it can block and took longer than this: a call that need not wait takes a few µs, also
// on a busy machine; a wait for the other program through the wire takes longer.
inline constexpr TimeNs kBlockedNs = 200 * model::kMicrosecond;

bool blocked(const Facts& facts, std::uint32_t call);
void index_programs(Facts& facts);
// The first call that began later than t; past the last if none did.
std::size_t first_call_after(const Facts& facts, TimeNs t);
ProgramNow program_at(const Facts& facts, std::uint8_t endpoint, TimeNs t, std::size_t first_after);

}  // namespace socketscope::story

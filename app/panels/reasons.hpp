// Why the kernel does so: for each thing one or two sentences with the man page or the RFC. One key further than what
// happened (W); never says what happened, only the rule behind it.
#pragma once

#include <string>
#include <string_view>

#include "app/player/state.hpp"

namespace socketscope::panels {

// What kind of thing that is, in a sentence: the first thing a tooltip says of it. "" if there is none.
std::string what_it_is(const player::State& state, model::Ref ref);
// How it is known: observed or inferred, from which events. Of a socket: what it is at the playhead.
std::string evidence_of(const player::State& state, model::Ref ref);
// "" if nothing is known to say.
std::string_view reason_for(const player::State& state, model::Ref ref);

}  // namespace socketscope::panels

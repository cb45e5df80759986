// What raw sockets send to their own host, or never send at all: no packet of the wire shows it.
#pragma once

#include "core/story/raw_sends.hpp"

namespace socketscope::story {

// When all that came to the wire is known, and the receive calls that were given packets of it.
void deliver_raw_in_host(Facts& facts, RawSends& sends);

}  // namespace socketscope::story

// Options of sockets that change what their bytes do: setsockopt(2), socket(7), ip(7), tcp(7), udp(7).
#pragma once

#include "core/story/facts.hpp"

namespace socketscope::story {

// Notes what a successful setsockopt() set. `value`: the bytes of it, where it is more than an int.
void set_option(SocketFacts& known, const model::CallRecord& call, std::string_view value);

}  // namespace socketscope::story

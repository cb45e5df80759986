// A socket's send or receive queue: its bytes as cells or envelopes, what is said of it, how full its buffer is.
#pragma once

#include <string>

#include "app/stage/lines.hpp"
#include "app/stage/view.hpp"

namespace socketscope::stage {

story::Queue queue_now(const LaneView& view, std::uint32_t socket, bool sending);

struct Summary {
    std::string words, brief;
    style::Ink ink{style::Ink::muted};
};
Summary summary_of(const LaneView& view, const story::Queue& queue, bool sending);

// The lines in which all that may ever lie in it shows every byte, at most so many; one where it holds nothing.
Lining lining_of_queue(const LaneView& view, std::uint8_t endpoint, bool sending, float width, int most);

void draw_queue(LaneView& view, Rect at, int lines, std::uint32_t socket, const story::Queue& queue,
                bool sending);

}  // namespace socketscope::stage

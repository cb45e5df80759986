// How the story tells that a datagram was lost.
#pragma once

#include <string>

#include "core/story/fragments.hpp"
#include "core/story/handed.hpp"

namespace socketscope::story {

// All that it carried. Where and when: by the packet that completed it, unless said otherwise.
void lose(Facts& facts, const Datagram& datagram, LossPlace place, Evidence evidence, std::string why,
          std::uint32_t packet = kNone, TimeNs at_ns = model::kNever);
// Each part that was dropped; the message is told with the first of them.
void lost_on_the_way(Facts& facts, const Datagram& datagram);
// What waited for more when the socket was closed, or when a send that was to be joined to it failed.
void lose_waiting(Facts& facts, std::uint32_t socket, const Handed& handed);
// Of the losses from `first_loss` on, those of which a copy arrived whole are repaired: the wire made it, or it is
// that of the sender's own host (a group).
void note_copies(Facts& facts, std::size_t first_loss);

}  // namespace socketscope::story

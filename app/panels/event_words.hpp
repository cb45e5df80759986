// The words of a row of the event list.
#pragma once

#include <string>
#include <string_view>

#include "app/style/look.hpp"
#include "core/story/story.hpp"

namespace socketscope::panels {

// `who`, and what happened. Where the row ends before the byte that tells the message from its neighbours, the bytes
// before that one give way: server  recv(3, 2000) = 1000 …"1 message… Still to be cut to the room.
std::string event_words(const story::Story& story, const story::Event& event, std::string_view who,
                        const style::Look& look, float room);

}  // namespace socketscope::panels

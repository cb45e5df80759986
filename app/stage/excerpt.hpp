// What is shown of a message that has no room: its beginning, or what tells it from neighbours that begin alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/stage/brush.hpp"
#include "core/story/story.hpp"

namespace socketscope::stage {

// The first byte in which a message differs from those that its program sent directly before and after it, whole
// numbers together: 8 of "message 1 …" beside "message 2 …". 0: from its beginning, or nowhere near it.
std::uint32_t telling_byte(const story::Story& story, std::uint32_t message);

// As much of the bytes as fits: "message_1_me…"; "…1_me…" where the beginning would end before byte `telling`.
std::string excerpt(const Brush& brush, style::FontRole font, std::string_view bytes, std::uint32_t telling,
                    float room);

// Characters of a text as they are seen: of UTF-8, not bytes.
std::size_t letters(std::string_view text);

}  // namespace socketscope::stage

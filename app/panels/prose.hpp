// Prose of a lesson on the screen: paragraphs, bullets, headings and code, wrapped; lanes' names in the lane's colour.
#pragma once

#include <span>
#include <string>

#include "app/panels/view.hpp"
#include "core/lesson/lesson.hpp"

namespace socketscope::panels {

// Draws the blocks from `at` on, `width` pixels wide. Returns the height; with `paint` false it only measures.
float draw_prose(const View& view, std::span<const lesson::Block> blocks, ImVec2 at, float width,
                 bool paint = true);
// One text in one font, wrapped at words. Returns the height.
float draw_wrapped(const View& view, style::FontRole role, std::string_view text, ImVec2 at, float width,
                   ImU32 color, bool paint = true);

// The name under which people know a lane ("TCP", "unix/dgram") …
std::string lane_name(const player::State& state, std::size_t lane);
// … and which lane a word of the prose means, SIZE_MAX = none.
std::size_t lane_of_word(const player::State& state, std::string_view word);

}  // namespace socketscope::panels

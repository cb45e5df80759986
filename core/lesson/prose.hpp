// Reads the Markdown of a lesson (md4c, CommonMark) into sections, blocks and runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/lesson.hpp"

namespace socketscope::lesson {

// A heading of level 1 or 2 begins a section; `{beat=name}` at its end ties it to that beat.
// Deeper headings are blocks. Prose before the first heading is a section without a title.
// `first_line`: where `markdown` begins in the file.
std::vector<Section> parse_prose(std::string_view markdown, int first_line);

}  // namespace socketscope::lesson

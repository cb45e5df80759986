// Reads the TOML front matter of a lesson. The keys are described in docs/lessons.md.
#pragma once

#include <string_view>

#include "core/lesson/lesson.hpp"
#include "core/lesson/report.hpp"

namespace socketscope::lesson {

// `text` begins on line `first_line` of the file. Fills in all of `lesson` but
// the prose. Returns false if it is no TOML.
bool parse_front_matter(std::string_view text, int first_line, Lesson& lesson, Report& report);

// Adds a lane by the name of its kind; reports an unknown one, a second one, and too many.
void add_lane(std::string_view kind, Place at, Lesson& lesson, Report& report);
// client and server programs by the beginning of their name: "server", "client2".
bool host_by_name(std::string_view endpoint, model::Host& host);
// Reports a name that is no word, or is one of the language.
bool check_endpoint_name(std::string_view name, Place at, Report& report);

}  // namespace socketscope::lesson

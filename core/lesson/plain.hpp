// Reads a plain script file: `# server` and `# client` alone on a line begin their programs.
#pragma once

#include <string_view>

#include "core/lesson/lesson.hpp"
#include "core/lesson/report.hpp"

namespace socketscope::lesson {

// Settings stand in comments above the programs: `# lanes: inet/stream inet/dgram`,
// `# link: delay=20ms loss=10%`, `# rule: drop data 2 from client`, `# title: …`, `# timeout: 5s`, `# seed: 7`.
// Without sections it is all the client's.
void parse_plain(std::string_view text, Lesson& lesson, Report& report);

}  // namespace socketscope::lesson

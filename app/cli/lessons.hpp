// Finds a lesson by its name or file, for every command that takes LESSON|FILE.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/lesson/lesson.hpp"

namespace socketscope::cli {

// The folder of the lessons that come with the program: $SOCKETSCOPE_ASSETS/lessons, else beside the installed program
// (../share/socketscope/lessons), else the source tree it was built from. Empty if there is none. Throws model::Failure
// if $SOCKETSCOPE_ASSETS names no such folder.
std::string lessons_folder();
// What is said where there is none.
model::Problem no_lessons(const std::string& what);
// Their files, in teaching order.
std::vector<std::string> lesson_paths();
// The file that shows any one kind of socket, for a cell of the matrix.
std::string first_look_path();
// The file that `name` means: a path, or a lesson's name with or without its number ("one-packet-is-lost").
// Throws model::Failure with the names that exist.
std::string find_lesson(const std::string& name);
// Loads it; mistakes are printed as file:line:col on standard error. nullopt = it can't be run.
std::optional<lesson::Lesson> load(const std::string& path);
// Kinds from --lane options. Throws model::Failure with the list of kinds for an unknown one.
std::vector<model::Kind> parse_lanes(const std::vector<std::string>& names);
// The scenario to run; mistakes are printed. nullopt = it can't be run.
std::optional<lesson::Scenario> scenario_of(const lesson::Lesson& lesson,
                                            const std::vector<model::Kind>& lanes);

}  // namespace socketscope::cli

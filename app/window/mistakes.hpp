// What is wrong with a file, for the bar of the window: the first mistake, its line of the file, and a caret below.
#pragma once

#include <string>
#include <vector>

#include "core/model/problem.hpp"

namespace socketscope::window {

// "" if there is no error among them.
std::string mistakes_text(const std::vector<model::Diagnostic>& diagnostics, const std::string& file);

}  // namespace socketscope::window

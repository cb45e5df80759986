// The trace file: JSON Lines, versioned, documented in docs/trace-format.md. Writer and reader in one file (file.cpp).
#pragma once

#include <string>
#include <vector>

#include "core/trace/trace.hpp"

namespace socketscope::trace {

inline constexpr int kFormatVersion = 1;

// Atomic: writes beside `path` and renames. Throws model::Failure (read-only folder, full disk …) and leaves no rest.
void save(const Trace& trace, const std::string& path);

struct Loaded {
    Trace trace;
    std::string damage;  // not empty: the file is cut off or damaged; says where and what was kept
};
// Throws model::Failure if nothing of it can be used (no file, not a trace, a newer version).
Loaded load(const std::string& path);

}  // namespace socketscope::trace

// The trace file: JSON Lines, versioned, documented in docs/trace-format.md. Writer and reader in one file (file.cpp).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/trace/trace.hpp"

namespace socketscope::trace {

inline constexpr int kFormatVersion = 1;

// Atomic: writes beside `path` and renames. Throws model::Failure (read-only folder, full disk …) and leaves no rest.
void save(const Trace& trace, const std::string& path);
// Throws as save() would, if it can be told before there is anything to save. Leaves the file as it is.
void check_can_save(const std::string& path);
// The same lines to wherever `sink` puts them, in pieces.
void write(const Trace& trace, const std::function<void(std::string_view)>& sink);

// Whether a file is called or begins as a trace does, whole or damaged. Never waits: what is no
// regular file, or can't be read, is none.
bool is_trace(const std::string& path);

struct Loaded {
    Trace trace;
    std::string damage;  // not empty: the file is cut off or damaged; says where and what was kept
};
// Throws model::Failure if nothing of it can be used (no file, not a trace, a newer version).
Loaded load(const std::string& path);

}  // namespace socketscope::trace

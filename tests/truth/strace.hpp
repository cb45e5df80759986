// What strace(1) saw of a run, thread by thread, as plain text lines that can be compared with what we recorded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socketscope::test {

// The arguments that make strace write one file a thread, FOLDER/t.TID, in the form that endpoint_threads() reads.
std::vector<std::string> strace_command(const std::string& folder);
// Whether strace is there and may trace; if not, says so ("SKIPPED: …").
bool strace_works(const std::string& what);

// The system calls of each thread that ran a script, in the order in which the threads began. Left out is what is no
// call of the script: the thread's own start (it takes a descriptor table of its own) and its exchange with the
// hosts' helper, in place of which the helper's socket() stands.
std::vector<std::vector<std::string>> endpoint_threads(const std::string& folder);

// --- the common form of both sides
std::string printable(std::string_view bytes);  // as in docs/json.md, `data`
// Options whose value strace writes in words (a bit set, addresses, a large struct): only that they were asked for is
// compared.
bool shown_as_words(std::string_view option);
std::string sorted_flags(std::string_view text);  // "B|A" → "A|B"

}  // namespace socketscope::test

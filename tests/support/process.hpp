// Runs another program in a test: arguments, environment, what it printed, how it ended. Bounded in time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace socketscope::test {

struct Finished {
    int status{-1};  // exit status; 128 + signal if a signal ended it
    bool timed_out{false};
    std::string out, err;
    double seconds{0};
};
struct ProcessOptions {
    std::vector<std::string> environment;     // "NAME=value", on top of ours
    std::string input;                        // standard input
    std::string folder;                       // working directory; empty = ours
    std::chrono::milliseconds limit{30'000};  // then it gets SIGKILL
    int interrupt_when_out{-1};  // ≥ 0: sends SIGINT as soon as that many bytes of out or err are there
    bool close_output{false};    // the reader of its standard output goes away at once
};
// argv[0] is looked up in PATH. Throws std::runtime_error if it can't be started.
Finished run_program(const std::vector<std::string>& argv, const ProcessOptions& options = {});

// Path of a program of this build: "socketscope" → …/bin/socketscope.
std::string built_program(const std::string& name);
// Whether a tool is in PATH; if not, prints "SKIPPED: <what>: <tool> is not installed".
bool have_tool(const std::string& tool, const std::string& what);
void skipped(const std::string& what, const std::string& why);

// A folder of its own, removed with all its content at the end.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    std::string file(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};
std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);

}  // namespace socketscope::test

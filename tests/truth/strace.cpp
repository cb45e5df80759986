#include "tests/truth/strace.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "tests/support/process.hpp"
#include "tests/truth/strace_line.hpp"

namespace socketscope::test {

namespace {

std::vector<Line> lines_of(const std::string& file) {
    std::vector<Line> lines;
    std::istringstream in(read_file(file));
    for (std::string text; std::getline(in, text);)
        if (auto line = parsed(text)) lines.push_back(std::move(*line));
    return lines;
}

// The descriptor that close_range() in front of the script left open: our end of the helper's pair.
std::string helper_descriptor(const std::vector<Line>& lines) {
    for (const Line& line : lines)
        if (line.name == "close_range" && line.args[1] == "4294967295")
            return std::to_string(std::stoi(line.args[0]) - 1);
    return "";
}

bool runs_a_script(const std::vector<Line>& lines) {
    return !lines.empty() && lines[0].name == "unshare" && lines[0].args[0] == "CLONE_FILES";
}

}  // namespace

std::vector<std::string> strace_command(const std::string& folder) {
    return {"strace", "-ff",
            "-xx",    "-s",
            "100000", "--absolute-timestamps=format:unix,precision:ns",
            "-e",     "signal=none",
            "-e",     "trace=%network,read,write,close,dup,poll,ioctl,unlink,unshare,close_range",
            "-o",     folder + "/t"};
}

bool strace_works(const std::string& what) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // A sanitizer makes calls of its own in our threads (pipes at their end), and LeakSanitizer stops under ptrace(2).
    skipped(what, "a sanitizer's own calls are no part of the program");
    return false;
#endif
    if (!have_tool("strace", what)) return false;
    const Finished tried = run_program({"strace", "-f", "-o", "/dev/null", "true"});
    if (tried.status != 0) skipped(what, "strace may not trace here: " + tried.err);
    return tried.status == 0;
}

std::vector<std::vector<std::string>> endpoint_threads(const std::string& folder) {
    std::vector<std::vector<Line>> scripts;
    std::vector<Line>
        others_sockets;  // by time: each request to the helper is answered before the next one is made
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string().rfind("t.", 0) != 0) continue;
        auto lines = lines_of(entry.path().string());
        if (runs_a_script(lines)) {
            scripts.push_back(std::move(lines));
            continue;
        }
        for (const Line& line : lines)
            if (line.name == "socket") others_sockets.push_back(line);
    }
    const auto earlier = [](const Line& a, const Line& b) { return a.at < b.at; };
    std::sort(others_sockets.begin(), others_sockets.end(), earlier);
    std::sort(scripts.begin(), scripts.end(),
              [&](const auto& a, const auto& b) { return earlier(a[0], b[0]); });

    std::vector<std::vector<std::string>> threads;
    for (const auto& lines : scripts) {
        const std::string helper = helper_descriptor(lines);
        auto& thread = threads.emplace_back();
        Line asked;
        for (const Line& line : lines) {
            if (line.name == "unshare" || line.name == "close_range") continue;
            if (line.args[0] != helper || (line.name != "sendmsg" && line.name != "recvmsg")) {
                thread.push_back(in_common_form(line));
            } else if (line.name == "sendmsg") {
                asked = line;
            } else if (line.result.starts_with("-1")) {
                continue;  // nothing had come within SO_RCVTIMEO: it waits again
            } else {
                const auto made =
                    std::upper_bound(others_sockets.begin(), others_sockets.end(), asked, earlier);
                if (made == others_sockets.end()) continue;
                Line socket = *made;
                // The number it has here is the one under which the answer brought it.
                const std::string fds = descriptors_in(line.args[1]);
                if (!fds.empty()) socket.result = inside(fds);
                thread.push_back(in_common_form(socket));
            }
        }
    }
    return threads;
}

}  // namespace socketscope::test

#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace socketscope::test {

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    int read{-1}, write{-1};
    Pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::runtime_error(std::string("pipe2: ") + std::strerror(errno));
        read = ends[0];
        write = ends[1];
    }
    ~Pipe() {
        close_end(read);
        close_end(write);
    }
    static void close_end(int& end) {
        if (end >= 0) ::close(std::exchange(end, -1));
    }
};

[[noreturn]] void become(const std::vector<std::string>& argv, const ProcessOptions& options, Pipe& in,
                         Pipe& out, Pipe& err) {
    ::dup2(in.read, 0);
    ::dup2(out.write, 1);
    ::dup2(err.write, 2);
    ::signal(SIGPIPE, SIG_DFL);
    if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
    for (const auto& entry : options.environment) ::putenv(const_cast<char*>(entry.c_str()));
    std::vector<char*> words;
    for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

// Reads what is there; false at end of file.
bool drain(int fd, std::string& into) {
    char buffer[65536];
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got > 0) into.append(buffer, static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
}

void collect(pid_t pid, const ProcessOptions& options, Pipe& out, Pipe& err, Clock::time_point end,
             Finished& result) {
    bool interrupted = options.interrupt_when_out < 0;
    while (out.read >= 0 || err.read >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) {
            result.timed_out = true;
            ::kill(pid, SIGKILL);
            return;
        }
        pollfd ends[2] = {{out.read, POLLIN, 0}, {err.read, POLLIN, 0}};
        ::poll(ends, 2, static_cast<int>(left));
        if (ends[0].revents && !drain(out.read, result.out)) Pipe::close_end(out.read);
        if (ends[1].revents && !drain(err.read, result.err)) Pipe::close_end(err.read);
        if (!interrupted &&
            static_cast<int>(result.out.size() + result.err.size()) >= options.interrupt_when_out) {
            ::kill(pid, SIGINT);
            interrupted = true;
        }
    }
}

}  // namespace

Finished run_program(const std::vector<std::string>& argv, const ProcessOptions& options) {
    Pipe in, out, err;
    const auto start = Clock::now();
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    if (pid == 0) become(argv, options, in, out, err);
    Pipe::close_end(in.read);
    Pipe::close_end(out.write);
    Pipe::close_end(err.write);
    if (options.close_output) Pipe::close_end(out.read);
    ::signal(SIGPIPE, SIG_IGN);
    [[maybe_unused]] const ssize_t written = ::write(in.write, options.input.data(), options.input.size());
    Pipe::close_end(in.write);

    Finished result;
    collect(pid, options, out, err, start + options.limit, result);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (result.status == 127 && result.err.empty()) throw std::runtime_error("can't start " + argv[0]);
    return result;
}

std::string built_program(const std::string& name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

bool have_tool(const std::string& tool, const std::string& what) {
    const char* known = std::getenv("PATH");
    const std::string path = known != nullptr ? known : "";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        if (::access((path.substr(begin, end - begin) + "/" + tool).c_str(), X_OK) == 0) return true;
        begin = end + 1;
    }
    skipped(what, tool + " is not installed");
    return false;
}

void skipped(const std::string& what, const std::string& why) {
    std::printf("SKIPPED: %s: %s\n", what.c_str(), why.c_str());
    std::fflush(stdout);
}

TempFolder::TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "socketscope-test-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error(std::string("mkdtemp: ") + std::strerror(errno));
    path_ = pattern;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("can't write " + path);
}

}  // namespace socketscope::test

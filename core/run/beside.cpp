#include "core/run/beside.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"
#include "core/model/thread.hpp"

namespace socketscope::run {

namespace {

constexpr std::size_t kLongestLine = 4096;

std::pair<socket::Fd, socket::Fd> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw model::Failure(
            {"no pipe for the output of the program beside", "", model::errno_sentence(errno), ""});
    return {socket::Fd(ends[0]), socket::Fd(ends[1])};
}

std::string with_host(std::string command, const std::string& host) {
    constexpr std::string_view kPlace = "{host}";
    for (auto at = command.find(kPlace); at != std::string::npos; at = command.find(kPlace, at + host.size()))
        command.replace(at, kPlace.size(), host);
    return command;
}

void print(std::string_view text) {  // a closed standard error is no reason to stop
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

Beside::Beside(host::Hosts& hosts, const std::string& command) : hosts_(hosts) {
    std::tie(done_read_, done_write_) = make_pipe();
    try {
        for (const auto host : {model::Host::client, model::Host::server}) {
            const std::string name = host == model::Host::client ? "client" : "server";
            auto [read_end, write_end] = make_pipe();
            const int pid = hosts.start_program(host, with_host(command, name), write_end.get());
            programs_.push_back({"[" + name + "] ", pid, std::move(read_end), {}});
        }
        printer_ = model::start_thread("what the commands print", [this] { print_until_done(); });
    } catch (...) {
        end_programs();
        throw;
    }
}

Beside::~Beside() {
    end_programs();
    done_write_.reset();
    if (printer_.joinable()) printer_.join();
}

void Beside::end_programs() {
    for (const Program& program : programs_) {
        try {
            hosts_.end_program(program.pid);
        } catch (const model::Failure&) {
            // the helper is gone, and its programs with it
        }
    }
}

void Beside::print_until_done() {
    for (bool ending = false;;) {
        std::vector<pollfd> items{{done_read_.get(), POLLIN, 0}};
        for (const Program& program : programs_) items.push_back({program.output.get(), POLLIN, 0});
        // Once the programs were ended only what they left in the pipes counts: a child of theirs may keep one open.
        if (::poll(items.data(), items.size(), ending ? 0 : -1) < 0 && errno != EINTR) return;
        bool more = false;
        for (std::size_t i = 0; i < programs_.size(); ++i)
            if ((items[i + 1].revents & (POLLIN | POLLHUP)) != 0) more |= print_some(programs_[i]);
        if (ending && !more) break;
        ending = ending || items[0].revents != 0;
    }
    for (const Program& program : programs_)
        if (!program.line.empty()) print(program.prefix + program.line + "\n");
}

// Returns whether there was something to print.
bool Beside::print_some(Program& program) {
    char bytes[4096];
    const ssize_t size = ::read(program.output.get(), bytes, sizeof bytes);
    if (size <= 0) {
        program.output.reset();  // poll(2) ignores descriptor −1
        return false;
    }
    program.line.append(bytes, static_cast<std::size_t>(size));
    std::size_t end;
    while ((end = program.line.find('\n')) != std::string::npos || program.line.size() > kLongestLine) {
        const std::size_t cut = std::min(end, kLongestLine);
        print(program.prefix + program.line.substr(0, cut) + "\n");
        program.line.erase(0, end == cut ? cut + 1 : cut);
    }
    return true;
}

}  // namespace socketscope::run

// socketscope: the program. Without a command it opens the window.
#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>

#include "app/cli/command.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/usage.hpp"

namespace {

using namespace socketscope::cli;

struct CommandRow {
    const char* name;
    const char* does;
    Action (*add)(CLI::App&);
};
constexpr CommandRow kCommands[] = {
    {"run", "Run a lesson or a script and tell in text what happened", add_run},
    {"matrix", "Ask this kernel for all twelve kinds of socket", add_matrix},
    {"list", "List the lessons", add_list},
    {"check", "Validate lessons or scripts and run them", add_check},
    {"render", "Draw a moment of a lesson or trace into a PNG file", add_render},
    {"open", "Open a lesson or a trace in the window", add_open},
};

int dispatch(int argc, char** argv) {
    CLI::App app{
        "Socketscope shows what sockets really do: real kernel sockets, every call and packet recorded.",
        "socketscope"};
    app.set_version_flag("--version", std::string(SOCKETSCOPE_VERSION));
    app.require_subcommand(0, 1);
    app.failure_message(misuse);
    app.formatter(plain_help());  // of the commands, too
    app.footer(
        "Examples:\n"
        "  socketscope                                   open the window\n"
        "  socketscope run one-packet-is-lost            the main lesson in the terminal\n"
        "  socketscope matrix                            what this kernel answers for each kind of socket\n"
        "  socketscope render reordering -o picture.png  a picture for your slides\n"
        "`socketscope COMMAND --help` says more; so does `man socketscope`.");
    Action chosen = open_home;
    for (const auto& row : kCommands) {
        CLI::App* command = app.add_subcommand(row.name, row.does);
        command->callback([&chosen, action = row.add(*command)] { chosen = action; });
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version are no errors (status 0); every misuse is bad input, whatever number CLI11 gives it.
        std::ostringstream out, err;
        const int status = app.exit(error, out, err);
        print(out.str());
        if (!err.str().empty()) say(err.str());
        if (output_failed()) return kNotPossible;
        return status == 0 ? kHeld : kBadInput;
    }
    const int status = chosen();
    // What could not be printed was not told, whatever it would have been.
    return status == kHeld && output_failed() ? kNotPossible : status;
}

}  // namespace

int main(int argc, char** argv) {
    // A closed pipe shows as EPIPE where we write; in endpoint threads the signal is blocked and recorded (core/run).
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file as long as `ulimit -f` allows shows as EFBIG, too (setrlimit(2))
    occupy_standard_descriptors();
    try {
        return dispatch(argc, argv);
    } catch (const socketscope::model::NotPossible& failure) {
        say(failure.problem());
        return kNotPossible;
    } catch (const socketscope::model::Failure& failure) {
        say(failure.problem());
        return kBadInput;
    } catch (const std::bad_alloc&) {
        say("socketscope: this machine has no memory left for it");
        return kNotPossible;
    } catch (const std::exception& error) {
        say(std::string("socketscope: ") + error.what());
        return kNotPossible;
    }
}

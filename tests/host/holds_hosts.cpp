// Opens two hosts, starts a program in one that leaves children of all sorts, says so, and waits to be killed.
#include <unistd.h>

#include <cstdio>

#include "core/host/hosts.hpp"

using namespace socketscope;

// Argument: a number of seconds to sleep that nobody else sleeps, by which the test finds the children.
int main(int count, char** arguments) {
    if (count != 2) return 2;
    const auto hosts = host::Hosts::open();
    if (hosts->helper_pid() != 0) {
        const std::string nap = std::string("sleep ") + arguments[1];
        hosts->start_program(model::Host::server, nap + " & setsid " + nap + " & " + nap, STDERR_FILENO);
    }
    std::printf("%d\n", hosts->helper_pid());
    std::fflush(stdout);
    for (;;) ::pause();
}

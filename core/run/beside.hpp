// A shell command that runs beside a run, once in each host: tcpdump, ss -tan … Its output goes to standard error, each
// line behind the host's name.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "core/host/hosts.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::run {

class Beside {
public:
    // `{host}` in the command becomes client, server. Throws model::Failure where the hosts can't run programs.
    Beside(host::Hosts& hosts, const std::string& command);
    ~Beside();  // ends the programs, prints the rest of what they said
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

private:
    struct Program {
        std::string prefix;
        int pid{0};
        socket::Fd output;
        std::string line;  // not yet ended
    };
    void end_programs();
    void print_until_done();
    bool print_some(Program& program);

    host::Hosts& hosts_;
    std::vector<Program> programs_;
    socket::Fd done_read_, done_write_;  // closed: the programs were ended, print what is left
    std::thread printer_;                // so that no program ever waits for a full pipe
};

}  // namespace socketscope::run

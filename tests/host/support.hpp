// What tests of the hosts share: a rung for a while, processes by their command line, waiting with a limit.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "core/host/hosts.hpp"
#include "tests/support/process.hpp"

namespace socketscope::test {

// Sets an environment variable until the end of the scope.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        ::setenv(name, value, 1);
    }
    ~Environment() {
        if (before_.empty())
            ::unsetenv(name_);
        else
            ::setenv(name_, before_.c_str(), 1);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    const char* name_;
    std::string before_;
};

template <class Condition>
bool within(std::chrono::milliseconds limit, const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

// How many processes have this text in their command line.
inline int processes_with(const std::string& text) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "cmdline", std::ios::binary);
        std::ostringstream line;
        line << file.rdbuf();
        count += line.str().find(text) != std::string::npos;
    }
    return count;
}

inline std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
}

// Hosts with namespaces of their own, or nothing (and says so) on a machine that has none.
inline std::unique_ptr<host::Hosts> real_hosts(const std::string& what) {
    auto hosts = host::Hosts::open();
    if (hosts->helper_pid() != 0) return hosts;
    skipped(what, hosts->report().missing.empty() ? "rung " + hosts->report().name : hosts->report().missing);
    return nullptr;
}

}  // namespace socketscope::test

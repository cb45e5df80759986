// However it ends, nothing is left behind: no process, no zombie, no descriptor.
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <thread>

#include <doctest/doctest.h>

#include "core/model/problem.hpp"
#include "tests/host/support.hpp"

using namespace socketscope;
using host::Hosts;
using model::Host;

namespace {

bool no_children() {
    return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

// A zombie is gone: it waits only for its new parent, the machine's init, to look.
bool process_exists(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    return file >> number >> name >> state && state != "Z";
}

}  // namespace

TEST_CASE("closing the hosts leaves no process and no descriptor") {
    const std::size_t before = test::open_descriptors();
    for (int i = 0; i < 100; ++i) {
        const auto hosts = Hosts::open();
        const auto end = hosts->take_link_end(Host::client);
        const auto made = hosts->make_socket(Host::client, AF_UNIX, SOCK_STREAM, 0);
        CHECK(made.fd);
    }
    CHECK(test::open_descriptors() == before);
    CHECK(no_children());
}

TEST_CASE("a killed helper is a Failure that says how it ended; the next hosts work") {
    const std::size_t before = test::open_descriptors();
    {
        const auto hosts = test::real_hosts("a killed helper");
        if (!hosts) return;
        REQUIRE(::kill(hosts->helper_pid(), SIGKILL) == 0);
        for (int i = 0; i < 2; ++i) {
            try {
                hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0);
                FAIL("a socket came from a dead helper");
            } catch (const model::Failure& failure) {
                CHECK(failure.problem().why == "ended by signal 9 (Killed)");
                CHECK_FALSE(failure.problem().help.empty());
            }
        }
        CHECK(no_children());
        CHECK(Hosts::open()->make_socket(Host::client, AF_INET, SOCK_STREAM, 0).fd);
    }
    CHECK(test::open_descriptors() == before);
}

TEST_CASE("the helper outlives the thread that opened it, and ends although it is stopped") {
    std::unique_ptr<Hosts> hosts;
    std::thread([&] { hosts = test::real_hosts("a helper and its thread"); }).join();
    if (!hosts) return;
    CHECK(hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0).fd);
    REQUIRE(::kill(hosts->helper_pid(), SIGSTOP) == 0);
    hosts.reset();
    CHECK(no_children());
}

TEST_CASE("a helper that gives no answer while somebody waits for a stop is ended, and that is said") {
    const auto hosts = test::real_hosts("a helper that gives no answer");
    if (!hosts) return;
    const std::atomic<bool> stop{true};
    hosts->hurry_when(stop);
    CHECK(hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0).fd);
    REQUIRE(::kill(hosts->helper_pid(), SIGSTOP) == 0);
    for (int i = 0; i < 2; ++i) {
        try {
            hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0);
            FAIL("a socket came from a stopped helper");
        } catch (const model::Failure& failure) {
            CHECK(failure.problem().why == "it gave no answer, and was ended");
        }
    }
    CHECK(no_children());
}

TEST_CASE("when we are killed the helper and every program in the hosts go too") {
    if (!test::real_hosts("a killed parent")) return;
    const std::string nap = std::to_string(5'000'000 + ::getpid()) + ".5";
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const socket::Fd out(ends[0]);
    socket::Fd in(ends[1]);
    const std::string program = test::built_program("holds_hosts");
    const pid_t parent = ::fork();
    if (parent == 0) {
        ::dup2(in.get(), STDOUT_FILENO);
        ::execl(program.c_str(), "holds_hosts", nap.c_str(), nullptr);
        ::_exit(127);
    }
    in.reset();
    char line[32]{};
    REQUIRE(::read(out.get(), line, sizeof line - 1) > 0);
    const int helper = std::atoi(line);
    REQUIRE(helper > 0);
    CHECK(test::within(std::chrono::seconds(5), [&] { return test::processes_with(nap) >= 4; }));

    SUBCASE("the parent is killed") {
        REQUIRE(::kill(parent, SIGKILL) == 0);
    }
    SUBCASE("the helper is killed, then the parent") {
        REQUIRE(::kill(helper, SIGKILL) == 0);
        CHECK(test::within(std::chrono::seconds(5), [&] { return test::processes_with(nap) <= 1; }));
        REQUIRE(::kill(parent, SIGKILL) == 0);
    }
    REQUIRE(::waitpid(parent, nullptr, 0) == parent);
    CHECK(test::within(std::chrono::seconds(5), [&] { return !process_exists(helper); }));
    CHECK(test::within(std::chrono::seconds(5), [&] { return test::processes_with(nap) == 0; }));
}

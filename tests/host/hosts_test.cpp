// What the two hosts give: sockets in their namespaces, settings, counters, programs.
#include "core/host/hosts.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>

#include <doctest/doctest.h>

#include "core/model/problem.hpp"
#include "tests/host/support.hpp"

using namespace socketscope;
using host::Hosts;
using model::Host;

namespace {

bool can_bind(Hosts& hosts, Host where, const std::string& address) {
    const host::MadeSocket made = hosts.make_socket(where, AF_INET, SOCK_DGRAM, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
    return ::bind(made.fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
}

// What a command prints inside a host, run to its end.
std::string output_of(Hosts& hosts, Host where, const std::string& command) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const socket::Fd out(ends[0]);
    int pid = 0;
    {
        const socket::Fd in(ends[1]);
        pid = hosts.start_program(where, command, in.get());
    }
    std::string text;
    char bytes[4096];
    for (ssize_t size; (size = ::read(out.get(), bytes, sizeof bytes)) > 0;)
        text.append(bytes, static_cast<std::size_t>(size));
    hosts.end_program(pid);
    return text;
}

}  // namespace

TEST_CASE("how long it takes until hosts are ready") {
    if (!test::real_hosts("two hosts")) return;
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const auto hosts = Hosts::open();
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    std::nth_element(times.begin(), times.begin() + 2, times.end());
    MESSAGE("two hosts in " << times[2] << " ms (median of 5; the goal is 50 on a quiet machine)");
}

TEST_CASE("a socket belongs to the host in which it was asked for") {
    const auto hosts = test::real_hosts("sockets in two hosts");
    if (!hosts) return;
    CHECK(can_bind(*hosts, Host::client, "192.0.2.1"));
    CHECK(can_bind(*hosts, Host::server, "192.0.2.2"));
    CHECK_FALSE(can_bind(*hosts, Host::client, "192.0.2.2"));
    CHECK_FALSE(can_bind(*hosts, Host::server, "192.0.2.1"));
    CHECK(can_bind(*hosts, Host::server, "127.0.0.1"));  // lo is up
}

TEST_CASE("the addresses of each host are its own, and only its own") {
    const auto hosts = test::real_hosts("addresses of two hosts");
    if (!hosts) return;
    for (const Host host : {Host::client, Host::server}) {
        const std::vector<std::string> addresses = hosts->addresses(host);
        REQUIRE_FALSE(addresses.empty());
        CHECK(can_bind(*hosts, host, addresses.front()));
        CHECK_FALSE(can_bind(*hosts, model::other(host), addresses.front()));
        const bool ipv6 =
            output_of(*hosts, host, "ip -6 addr show dev wire0").find("2001:db8::") != std::string::npos;
        CHECK((addresses.size() == 2) == ipv6);
    }
}

TEST_CASE("a made socket carries stamps and buffer sizes, a refused one its errno") {
    const auto hosts = Hosts::open();
    const host::MadeSocket made = hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0);
    REQUIRE(made.fd);
    CHECK(made.error == 0);
    CHECK(made.enter_ns > 0);
    CHECK(made.exit_ns >= made.enter_ns);
    CHECK(made.send_buffer > 0);
    CHECK(made.receive_buffer > 0);
    const host::MadeSocket refused = hosts->make_socket(Host::server, AF_INET, SOCK_RAW, 0);
    CHECK_FALSE(refused.fd);
    CHECK(refused.error != 0);  // EPROTONOSUPPORT, or EPERM on the loopback rung
    CHECK(hosts->make_socket(Host::client, 9999, SOCK_STREAM, 0).error == EAFNOSUPPORT);
}

TEST_CASE("a process that may open no more descriptors gets EMFILE, and goes on when it has closed some") {
    const auto hosts = test::real_hosts("no descriptor left");
    if (!hosts) return;
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
    const rlimit few{256, usual.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    std::vector<host::MadeSocket> made;
    do made.push_back(hosts->make_socket(Host::client, AF_INET, SOCK_DGRAM, 0));
    while (made.back().fd && made.size() <= few.rlim_cur);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
    CHECK_FALSE(made.back().fd);
    CHECK(made.back().error == EMFILE);
    made.clear();
    CHECK(hosts->make_socket(Host::client, AF_INET, SOCK_DGRAM, 0).fd);
}

TEST_CASE("many threads ask for sockets at once") {
    const auto hosts = Hosts::open();
    std::vector<std::thread> threads;
    threads.reserve(4);
    std::atomic<int> wrong{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int k = 0; k < 50; ++k) {
                const auto made =
                    hosts->make_socket(i % 2 ? Host::client : Host::server, AF_INET, SOCK_DGRAM, 0);
                wrong += !made.fd;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("a setting reaches both hosts, is put back, and only those of the table may be changed") {
    const auto hosts = test::real_hosts("settings of hosts");
    if (!hosts) return;
    const std::string name = "net.ipv4.tcp_sack", read = "cat /proc/sys/net/ipv4/tcp_sack";
    const std::string why = hosts->set_sysctl(name, "0");
    if (!why.empty()) return test::skipped("settings of hosts", why);
    CHECK(output_of(*hosts, Host::client, read) == "0\n");
    CHECK(output_of(*hosts, Host::server, read) == "0\n");
    hosts->restore_sysctls();
    CHECK(output_of(*hosts, Host::server, read) == "1\n");
    CHECK(hosts->set_sysctl("kernel.hostname", "x").find("not among") != std::string::npos);
    CHECK(hosts->set_sysctl("net.ipv4.../../kernel.hostname", "x").find("not among") != std::string::npos);
    CHECK(hosts->set_sysctl(name, "nonsense").find("EINVAL") != std::string::npos);
}

TEST_CASE("packets that no wire reads are counted as the device's drops") {
    const test::Environment rung("SOCKETSCOPE_RUNG", "tun");
    std::unique_ptr<Hosts> hosts;
    try {
        hosts = Hosts::open();
    } catch (const model::Failure& failure) {
        return test::skipped("a TUN device's drops", failure.problem().why);
    }
    CHECK(hosts->device_drops(Host::client) == 0);
    const auto made = hosts->make_socket(Host::client, AF_INET, SOCK_DGRAM, 0);
    const int buffer = 64 * 1024 * 1024;  // else the sender waits for its own buffer, and nothing is dropped
    ::setsockopt(made.fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(7000);
    ::inet_pton(AF_INET, "192.0.2.2", &to.sin_addr);
    int sent = 0;
    for (int i = 0; i < 5000; ++i) {
        sent += ::sendto(made.fd.get(), "x", 1, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to),
                         sizeof to) == 1;
    }
    const std::uint64_t dropped = hosts->device_drops(Host::client);
    if (sent > 4096) CHECK(dropped == static_cast<std::uint64_t>(sent - 4096));
    CHECK(hosts->device_drops(Host::client) == 0);  // since the last call
    CHECK(hosts->device_drops(Host::server) == 0);
}

TEST_CASE("on the veth rung what the wire's end had no room for counts as dropped, to the packet") {
    const test::Environment rung("SOCKETSCOPE_RUNG", "veth");
    std::unique_ptr<Hosts> hosts;
    try {
        hosts = Hosts::open();
    } catch (const model::Failure& failure) {
        return test::skipped("drops on the veth rung", failure.problem().why);
    }
    const auto made = hosts->make_socket(Host::client, AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(7000);
    ::inet_pton(AF_INET, "192.0.2.2", &to.sin_addr);
    std::uint64_t sent = 0, dropped = 0, read = 0;
    while (dropped == 0 && sent < 500'000) {
        for (int i = 0; i < 5000; ++i) {
            sent +=
                ::sendto(made.fd.get(), "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 1;
        }
        dropped += hosts->device_drops(Host::client);
    }
    dropped += hosts->device_drops(Host::client);
    const auto end = hosts->take_link_end(Host::client);
    char bytes[64];
    while (::read(end.fd.get(), bytes, sizeof bytes) > 0) ++read;
    CHECK(dropped > 0);
    CHECK(read + dropped == sent);
}

TEST_CASE("a program runs inside its host, and ends with all that it started") {
    const auto hosts = test::real_hosts("programs in hosts");
    if (!hosts) return;
    CHECK(output_of(*hosts, Host::client, "cat /proc/net/dev").find("wire0") != std::string::npos);
    CHECK(output_of(*hosts, Host::client, "echo to stderr >&2") == "to stderr\n");
    const std::string nap = std::to_string(4'000'000 + ::getpid()) + ".5";  // found by it, and nobody else's
    const socket::Fd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    const int pid = hosts->start_program(Host::server, "setsid sleep " + nap + " & trap '' INT; sleep " + nap,
                                         null.get());
    CHECK(test::within(std::chrono::seconds(5), [&] { return test::processes_with(nap) >= 3; }));
    hosts->end_program(pid);
    CHECK(test::processes_with(nap) == 0);
    hosts->end_program(pid);  // twice does no harm
}

TEST_CASE("tcpdump sees the packets of its host") {
    const auto hosts = test::real_hosts("tcpdump in a host");
    if (!hosts || !test::have_tool("tcpdump", "tcpdump in a host")) return;
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const socket::Fd out(ends[0]);
    socket::Fd in(ends[1]);
    const int pid =
        hosts->start_program(Host::client, "exec tcpdump -n -l --immediate-mode -c 1 -i wire0 udp", in.get());
    in.reset();
    std::string text;
    const auto read_until = [&](const char* word) {
        char bytes[1024];
        while (text.find(word) == std::string::npos) {
            const ssize_t size = ::read(out.get(), bytes, sizeof bytes);
            if (size <= 0) return;
            text.append(bytes, static_cast<std::size_t>(size));
        }
    };
    read_until("listening on");
    const auto made = hosts->make_socket(Host::client, AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    ::inet_pton(AF_INET, "192.0.2.2", &to.sin_addr);
    to.sin_port = htons(7777);  // 7000 it would take for AFS
    REQUIRE(::sendto(made.fd.get(), "hello", 5, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 5);
    read_until("captured");
    INFO(text);
    CHECK(text.find("> 192.0.2.2.7777: UDP, length 5") != std::string::npos);
    hosts->end_program(pid);
}

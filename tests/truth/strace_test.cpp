// What we recorded of a run against what strace saw of the same run: the same calls in the same order in each thread, with
// the same arguments, bytes, results and errors.
#include <algorithm>
#include <iomanip>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/model/errno_text.hpp"
#include "tests/support/process.hpp"
#include "tests/truth/strace.hpp"

using namespace socketscope;
using Json = nlohmann::json;

namespace {

std::string number(const Json& value) {
    return std::to_string(value.get<std::int64_t>());
}

std::string option_value(const Json& args) {
    const int value = args.at("value");
    if (args.at("option") == "SO_ERROR" && value != 0) return std::string(model::errno_name(value));
    const std::string bytes = args.value("value_bytes", "");
    return std::to_string(value) + (bytes.empty() ? "" : " " + bytes);
}

// The entries of `calls` (docs/json.md) in the common form of strace.hpp; send and recv are sendto and recvfrom with NULL
// for the kernel.
std::string in_common_form(const Json& call) {
    const Json& args = call.at("args");
    const std::string name = call.at("call");
    const auto is = [&](std::initializer_list<const char*> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const bool failed = call.at("result") == -1;
    std::string text = args.contains("fd") ? number(args["fd"]) : "";
    if (is({"socket", "socketpair"}))
        text = args.at("domain").get<std::string>() + ", " +
               test::sorted_flags(args.at("type").get<std::string>()) + ", " + number(args.at("protocol"));
    if (name == "socketpair" && args.contains("fds"))
        text += ", [" + number(args["fds"][0]) + ", " + number(args["fds"][1]) + "]";
    if (is({"bind", "connect", "accept", "getsockname", "getpeername"}))
        text += ", " + args.at("address").get<std::string>();
    if (name == "listen") text += ", " + number(args.at("backlog"));
    if (is({"send", "recv", "sendto", "recvfrom", "sendmsg", "recvmsg", "read", "write"}))
        text += ", \"" + args.at("data").get<std::string>() + "\", " + number(args.at("length"));
    if (is({"send", "recv", "sendto", "recvfrom", "sendmsg", "recvmsg"}))
        text +=
            ", " + test::sorted_flags(args.at("flags").get<std::string>()) + ", " + args.value("address", "");
    if (is({"sendmsg", "recvmsg"})) {
        std::string fds;
        for (const Json& fd : args.value("fds", Json::array())) fds += (fds.empty() ? "" : ", ") + number(fd);
        text += ", fds " + (fds.empty() ? fds : "[" + fds + "]");
    }
    if (name == "recvmsg") {
        text += ", " + test::sorted_flags(args.at("msg_flags").get<std::string>());
        if (failed) text = number(args["fd"]) + ", failed";
    }
    if (name == "shutdown") text += ", " + args.at("how").get<std::string>();
    if (name == "poll") {
        for (const Json& item : args.at("fds"))
            text += number(item.at("fd")) + ":" + test::sorted_flags(item.at("events").get<std::string>()) +
                    ">" + test::sorted_flags(item.at("revents").get<std::string>()) + " ";
        text += number(args.at("timeout_ms"));
    }
    if (is({"setsockopt", "getsockopt"}))
        text += ", " + args.at("level").get<std::string>() + ", " + args.at("option").get<std::string>() +
                ", " + option_value(args);
    if (name == "ioctl")
        text += ", " + args.at("request").get<std::string>() + ", " + number(args.at("value"));
    if (name == "unlink") text = args.at("path");
    const std::string kernel_name = name == "send" ? "sendto" : name == "recv" ? "recvfrom" : name;
    return kernel_name + "(" + text + ") = " + number(call.at("result")) +
           (failed ? " " + call.at("errno").get<std::string>() : "");
}

using Calls = std::vector<std::string>;

std::string side_by_side(const Calls& strace, const Calls& recorded) {
    std::size_t width = 6;
    for (const std::string& line : strace) width = std::max(width, line.size());
    std::ostringstream text;
    const auto row = [&](const char* mark, const std::string& left, const std::string& right) {
        text << mark << std::left << std::setw(static_cast<int>(width)) << left << " | " << right << '\n';
    };
    row("\n  ", "strace", "recorded");
    for (std::size_t i = 0; i < std::max(strace.size(), recorded.size()); ++i) {
        const std::string left = i < strace.size() ? strace[i] : "",
                          right = i < recorded.size() ? recorded[i] : "";
        row(left == right ? "  " : "✗ ", left, right);
    }
    return text.str();
}

void compare(const std::string& script, const std::string& kind) {
    CAPTURE(kind);
    const test::TempFolder folder;
    test::write_file(folder.file("script.txt"), script);
    auto argv = test::strace_command(folder.path());
    argv.insert(argv.end(), {test::built_program("socketscope"), "run", folder.file("script.txt"), "--lane",
                             kind, "--json"});
    test::ProcessOptions options;
    options.limit = std::chrono::seconds(60);
    const test::Finished finished = test::run_program(argv, options);
    if (finished.status == 3) return test::skipped("strace of " + kind, finished.err);
    REQUIRE_MESSAGE(finished.status == 0, finished.err, finished.out);
    const Json lane = Json::parse(finished.out).at("lanes").at(0);

    std::vector<Calls> recorded;
    for (const char* endpoint : {"server", "client"}) {  // servers begin first
        Calls calls;
        for (const Json& call : lane.at("calls"))
            if (call.at("endpoint") == endpoint) calls.push_back(in_common_form(call));
        if (!calls.empty()) recorded.push_back(std::move(calls));
    }
    const auto threads = test::endpoint_threads(folder.path());
    REQUIRE(threads.size() == recorded.size());
    for (std::size_t i = 0; i < threads.size(); ++i)
        CHECK_MESSAGE(threads[i] == recorded[i], side_by_side(threads[i], recorded[i]));
}

void compare_all(const std::string& script, std::initializer_list<const char*> kinds) {
    if (!test::strace_works("recorded calls against strace")) return;
    for (const char* kind : kinds) compare(script, kind);
}

}  // namespace

TEST_CASE("strace: a connection from handshake to close") {
    compare_all(R"(# server
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, server)
listen(s, 4)
a = accept(s, &peer)
getsockname(a)
getpeername(a)
recv(a, 2, MSG_PEEK)
recv(a, &line, 3)
send(a, line)
until eof: recv(a, 100)
send(a, "done")
shutdown(a, SHUT_WR)
close(a)
# client
c = socket()
wait(server.listening)
connect(c, server)
send(c, "hello\n\x00\xff\\ \"quoted\"")
write(c, "abc" * 200)
recv(c, 3, MSG_WAITALL)
d = dup(c)
send(d, "through the other descriptor", MSG_NOSIGNAL)
shutdown(c, SHUT_WR)
send(c, "too late")
until eof: read(c, 64)
close(d)
close(d)
)",
                {"unix/stream", "unix/seqpacket", "inet/stream", "inet6/stream"});
}

TEST_CASE("strace: datagrams") {
    compare_all(R"(# server
s = socket()
bind(s, server)
recvfrom(s, &first, 100, &peer)
sendto(s, first, peer)
recv(s, 4, MSG_TRUNC)
recvmsg(s, 4)
recvfrom(s, 3, MSG_PEEK)
recvfrom(s, 100, 0, NULL)
recvmsg(s, 100, MSG_DONTWAIT)
# client
c = socket()
bind(c, client)
wait(server.bound)
sendto(c, "ping", server)
recv(c, 100)
connect(c, server)
send(c, "longer than four")
sendmsg(c, "longer again")
write(c, "last")
wait(server.recvmsg 2)
close(c)
)",
                {"unix/dgram", "unix/raw", "inet/dgram", "inet6/dgram"});
}

TEST_CASE("strace: what is not ready, and what is not there") {
    compare_all(R"(# client
c = socket()
nonblocking(c)
recv(c, 10)
connect(c, server:9)
poll(c, POLLIN|POLLOUT, 500ms)
getsockopt(c, SOL_SOCKET, SO_ERROR)
send(c, "nobody")
getpeername(c)
ioctl(c, FIONREAD)
nonblocking(c, 0)
listen(c, 1)
accept(c, NULL)       -> blocks or EOPNOTSUPP or EINVAL
close(77)
)",
                {"unix/stream", "unix/dgram", "unix/seqpacket", "inet/stream", "inet/dgram", "inet6/stream",
                 "inet6/dgram"});
}

TEST_CASE("strace: a pair of sockets, descriptors sent along, a broken pipe") {
    compare_all(R"(# client
a, b = socketpair()
x, y = socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK)
recv(y, 10)
sendmsg(a, "take this", fds=[x, y])
recvmsg(b, 100, fds=[&f, &g])
send(f, "through it")
FIONREAD(y)
recv(y, 100, MSG_DONTWAIT)
getsockopt(b, SOL_SOCKET, SO_TYPE)
poll([a: POLLOUT, b: POLLIN|POLLOUT], 10ms)
poll(b, POLLIN, 10ms)
recv(b, 10)           -> blocks
close(a)
send(b, "who hears?")
recv(b, 10, MSG_DONTWAIT)
)",
                {"unix/stream", "unix/dgram", "unix/seqpacket"});
}

TEST_CASE("strace: socket options") {
    compare_all(R"(# client
c = socket()
setsockopt(c, SOL_SOCKET, SO_RCVBUF, 8192)
getsockopt(c, SOL_SOCKET, SO_RCVBUF)
setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, 1300ms)
getsockopt(c, SOL_SOCKET, SO_RCVTIMEO)
setsockopt(c, SOL_SOCKET, SO_LINGER, {1, 2})
getsockopt(c, SOL_SOCKET, SO_LINGER)
setsockopt(c, IPPROTO_TCP, TCP_NODELAY, 1)
getsockopt(c, IPPROTO_TCP, TCP_NODELAY)
setsockopt(c, IPPROTO_IP, IP_TTL, 9)
getsockopt(c, IPPROTO_IP, IP_TTL)
)",
                {"unix/stream", "inet/stream", "inet/dgram", "inet6/stream"});
}

TEST_CASE("strace: names in the file system and abstract ones") {
    compare_all(R"(# client
a = socket()
bind(a, abstract("a name"))
getsockname(a)
b = socket()
bind(b, unix("file"))
bind(b, unix("again"))
getsockname(b)
connect(a, unix("file"))
unlink(unix("file"))
connect(a, unix("file"))
d = socket()
bind(d, autobind())
e = socket(AF_UNIX, SOCK_STREAM, 99)
)",
                {"unix/stream", "unix/dgram", "unix/seqpacket"});
}

TEST_CASE("strace: raw sockets ping") {
    compare_all(R"(# client
r = socket()
setsockopt(r, SOL_SOCKET, SO_RCVTIMEO, 2s)
sendto(r, icmp_echo(7, 1, "ping"), server)
recv(r, 100)
)",
                {"inet/raw"});
    compare_all(R"(# client
r = socket()
setsockopt(r, SOL_SOCKET, SO_RCVTIMEO, 2s)
sendto(r, icmp6_echo(7, 1, "ping"), server)
recvfrom(r, 100)
)",
                {"inet6/raw"});
}

// What is looked up of accepted sockets from outside is what their programs are told.
#include "core/run/sampler.hpp"

#include <doctest/doctest.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/run/scene.hpp"
#include "tests/run/scene_runner.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;

namespace {

const model::SampleRecord* find_sample(const trace::LaneTrace& lane, model::Sample what, int fd) {
    for (const auto& sample : lane.samples)
        if (sample.what == what && sample.fd == fd && lane.endpoints.at(sample.endpoint).name == "server")
            return &sample;
    return nullptr;
}

std::int64_t answer(const trace::LaneTrace& lane, std::int64_t option) {
    for (const auto& call : lane.calls)
        if (call.call == model::Call::getsockopt && call.args.second == option) return call.args.third;
    return -1;
}

// Whether this kernel answers such questions at all (CONFIG_UNIX_DIAG, CONFIG_INET_DIAG).
bool diagnosed(int domain) {
    const socket::Fd fd(::socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (domain != AF_UNIX) ::listen(fd.get(), 1);  // the kernel lists TCP sockets that have a port
    struct stat status {};
    ::fstat(fd.get(), &status);
    host::SockDiag diag(socket::Fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)));
    return domain == AF_UNIX ? diag.buffers_of_unix(status.st_ino).has_value()
                             : diag.buffers_of_tcp(status.st_ino).has_value();
}

}  // namespace

TEST_CASE("the buffers of an accepted socket are looked up without a call of its program") {
    constexpr int kAccepted = 4;
    constexpr std::int64_t kSndBuf = 7, kRcvBuf = 8;
    for (const char* kind : {"unix/stream", "unix/seqpacket", "inet/stream", "inet6/stream"}) {
        CAPTURE(kind);
        if (!diagnosed(model::parse_kind(kind)->domain == model::Domain::local ? AF_UNIX : AF_INET)) {
            test::skipped(kind, "this kernel tells nothing about sockets by sock_diag(7)");
            continue;
        }
        auto& runner = tests::runner();
        runner.start(tests::scene({kind}, {{"server", R"(s = socket()
setsockopt(s, SOL_SOCKET, SO_SNDBUF, 30000)
setsockopt(s, SOL_SOCKET, SO_RCVBUF, 20000)
bind(s, server)
listen(s, 1)
a = accept(s)
getsockopt(a, SOL_SOCKET, SO_SNDBUF)
getsockopt(a, SOL_SOCKET, SO_RCVBUF)
recv(a, 10)
)"},
                                           {"client", R"(c = socket()
wait(server.listening)
connect(c, server)
recv(c, 10)
)"}}));
        trace::Trace trace;
        bool found = false;
        while (!found && runner.running()) {  // at most until the lane's time is over
            runner.poll(trace);
            found = !trace.lanes.empty() && answer(trace.lanes[0], kRcvBuf) >= 0 &&
                    find_sample(trace.lanes[0], model::Sample::receive_buffer, kAccepted) != nullptr;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        runner.stop();
        while (runner.running()) std::this_thread::yield();
        trace = runner.take();
        const trace::LaneTrace& lane = trace.lanes.at(0);
        if (!lane.refused.empty()) {
            test::skipped(kind, lane.refused);
            continue;
        }
        REQUIRE(found);
        CHECK(find_sample(lane, model::Sample::send_buffer, kAccepted)->value == answer(lane, kSndBuf));
        CHECK(find_sample(lane, model::Sample::receive_buffer, kAccepted)->value == answer(lane, kRcvBuf));
        const story::Story story(lane);
        for (const auto& socket : story.sockets())
            if (socket.fd == kAccepted && lane.endpoints[socket.endpoint].name == "server")
                CHECK(socket.receive_buffer == static_cast<std::uint64_t>(answer(lane, kRcvBuf)));
    }
}

TEST_CASE("what does not fit into the way to the sampler is left out, and the order is kept") {
    run::NewSockets sockets;
    for (int fd = 0; fd < 100; ++fd) sockets.push(fd);
    int count = 0;
    for (; const auto fd = sockets.pop(); ++count) CHECK(*fd == count);
    CHECK(count == 64);
    sockets.push(7);
    CHECK(sockets.pop() == 7);
    CHECK_FALSE(sockets.pop());
}

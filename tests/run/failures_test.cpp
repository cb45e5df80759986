// What goes wrong on a socket, and what goes wrong around it: recorded, said, and nothing is left behind.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "core/socket/calls.hpp"
#include "tests/run/scene_runner.hpp"

using namespace socketscope;
using namespace std::chrono_literals;
using tests::run_well;
using tests::runner;
using tests::scene;
namespace fs = std::filesystem;

namespace {

std::size_t count_entries(const char* folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// Waits until `holds`, at most a few seconds; returns whether it did.
template <class F>
bool soon(F holds) {
    for (int i = 0; i < 5000; ++i) {
        if (holds()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

const model::CallRecord* find_call(const trace::LaneTrace& lane, model::Call call, int error) {
    for (const auto& record : lane.calls)
        if (record.call == call && record.error == error) return &record;
    return nullptr;
}

}  // namespace

TEST_CASE("EPIPE raises SIGPIPE, which kills nothing here but is shown; MSG_NOSIGNAL raises none") {
    const auto trace =
        run_well(scene({"unix/stream", "unix/seqpacket", "inet/stream"}, {{"server", R"(s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
close(a)
)"},
                                                                          {"client", R"(c = socket()
connect(c, server)
wait(server.close)
sleep(50ms)
send(c, "1") -> unix: EPIPE, inet: 1
sleep(50ms)
send(c, "2") -> EPIPE
send(c, "3", MSG_NOSIGNAL) -> EPIPE
write(c, "4") -> EPIPE
)"}}));
    for (const auto& lane : trace.lanes) {
        int raised = 0, notes = 0;
        for (const auto& call : lane.calls) {
            raised += (call.flags & model::kRaisedSigpipe) != 0;
            if (call.error == EPIPE && call.args.second == MSG_NOSIGNAL)
                CHECK((call.flags & model::kRaisedSigpipe) == 0);
        }
        for (const auto& note : lane.notes) notes += note.what == model::Note::sigpipe;
        // The kernel raises it for streams only: unix_dgram_sendmsg(), which serves SEQPACKET too, does not.
        CHECK((raised >= 2) == (lane.kind.type == model::SocketType::stream));
        CHECK(notes == raised);
    }
}

TEST_CASE("nobody listens: refused at once, by RST, by ICMP or by the file system") {
    run_well(
        scene({"inet/stream", "inet6/stream", "unix/stream"},
              {{"client", "c = socket()\nconnect(c, client) -> inet|inet6: ECONNREFUSED, unix: ENOENT\n"}}));
    run_well(scene({"inet/dgram", "inet6/dgram"}, {{"server", "sleep(1ms)\n"}, {"client", R"(c = socket()
connect(c, server) -> 0
send(c, "anybody?") -> 8
sleep(100ms)
send(c, "hello?") -> ECONNREFUSED
)"}}));
}

TEST_CASE("time-outs of the socket") {
    run_well(scene({"unix/dgram", "inet/dgram"}, {{"client", R"(c = socket()
bind(c, client)
setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, 30ms) -> 0
recv(c, 10) -> EAGAIN
poll([c: POLLIN], 30ms) -> 0
)"}}));
}

TEST_CASE("`blocks` holds, interrupts the call, and the program goes on") {
    const auto trace = run_well(scene({"unix/dgram", "inet/stream"}, {{"client", R"(c = socket()
bind(c, client)
recv(c, 10) -> unix: blocks 50ms, inet: ENOTCONN
poll([c: POLLIN], -1) -> unix: blocks 50ms, inet: any
close(c) -> 0
)"}}));
    const auto* call = find_call(trace.lanes[0], model::Call::recv, EINTR);
    REQUIRE(call != nullptr);
    CHECK((call->flags & model::kInterrupted) != 0);
    CHECK(call->exit_ns - call->enter_ns >= 50 * model::kMillisecond);
    CHECK(call->exit_ns - call->enter_ns < 1 * model::kSecond);
}

TEST_CASE("`blocks` holds where MSG_WAITALL gives what had come by then") {
    const auto trace = run_well(scene({"unix/stream"}, {{"client", R"(a, b = socketpair()
send(a, "12345") -> 5
recv(b, 10, MSG_WAITALL) -> blocks 50ms
send(a, "67890") -> 5
recvmsg(b, 5, MSG_WAITALL) -> "67890"
)"}}));
    for (const auto& call : trace.lanes[0].calls)
        if (call.call == model::Call::recv) CHECK(call.result == 5);
}

TEST_CASE("a line that can't be carried out interrupts no later call") {
    const auto trace = runner().run(scene({"unix/dgram"}, {{"server", R"(s = socket()
bind(s, server)
until eof:
    recv(s, 10, MSG_DONTWAIT)
    never = socket()
recv(never, 10) -> blocks 1ms
recv(s, 10) -> "late"
)"},
                                                           {"client", R"(c = socket()
wait(server.recv 3 enter)
sleep(50ms)
sendto(c, "late", server) -> 4
)"}}));
    CHECK(find_call(trace.lanes[0], model::Call::recv, EINTR) == nullptr);
    for (const auto& expectation : trace.lanes[0].expectations)
        CHECK_MESSAGE(expectation.held == (expectation.line != 6), expectation.seen);
}

TEST_CASE("a wrong expectation is told, with what was seen; later lines run") {
    auto trace = runner().run(
        scene({"unix/stream"},
              {{"client", "c = socket()\nconnect(c, server) -> 0\nrecv(c, 3) -> \"abc\"\nclose(c) -> 0\n"},
               {"server", "sleep(1ms)\n"}}));
    const auto& results = trace.lanes[0].expectations;
    REQUIRE(results.size() == 3);
    CHECK_FALSE(results[0].held);
    CHECK(results[0].line == 2);
    CHECK(results[0].expected == "0");
    CHECK(results[0].seen.find("ENOENT") != std::string::npos);
    CHECK(results[2].held);
}

// Most within 0.2 s: a machine that is busy with other things may be late for some.
TEST_CASE("stop ends every blocking call") {
    std::vector<model::TimeNs> took_ns;
    const char* const blocked[] = {
        "s = socket()\nbind(s, server)\nlisten(s, 1)\naccept(s)\n",
        "a, b = socketpair()\nrecv(a, 9)\n",
        "a, b = socketpair()\nread(a, 9)\n",
        "a, b = socketpair()\nrecvmsg(a, &m, 9)\n",
        "a, b = socketpair()\npoll([a: POLLIN], -1)\n",
        "a, b = socketpair()\nsend(a, bytes(8MB))\n",
        "sleep(1000s)\n",
        "wait(other.listening)\n",
        ("a, b = socketpair()\nsetsockopt(a, SOL_SOCKET, SO_RCVTIMEO, 100s)\n"
         "repeat 10000000: recv(a, 9, MSG_DONTWAIT)\n"),
    };
    for (const char* script : blocked) {
        INFO(script);
        auto scenario = scene({"unix/stream"}, {{"server", script}, {"other", "sleep(1000s)\n"}});
        scenario.timeout_ns = 1000 * model::kSecond;
        trace::Trace trace;
        runner().start(scenario);
        CHECK(runner().running());
        CHECK(soon([&] {
            runner().poll(trace);
            return trace.lanes[0].notes.size() >= 3;  // both programs and the other's sleep have begun
        }));
        const model::TimeNs begin = socket::now();
        runner().stop();
        CHECK(soon([] { return !runner().running(); }));
        took_ns.push_back(socket::now() - begin);
        runner().poll(trace);
        CHECK_FALSE(trace.lanes[0].complete);
        for (const auto& call : trace.lanes[0].calls) CHECK(call.exit_ns != model::kNever);
    }
    std::sort(took_ns.begin(), took_ns.end());
    MESSAGE("the slowest stop took ", took_ns.back() / model::kMillisecond, " ms");
    CHECK(took_ns[took_ns.size() / 2] < 200 * model::kMillisecond);
}

TEST_CASE("stop() before run() ends that run as it begins, and only that one") {
    const auto scenario = scene({"unix/stream", "inet/stream"}, {{"client", "s = socket()\nsleep(30s)\n"}});
    runner().stop();
    const auto stopped = runner().run(scenario);
    for (const auto& lane : stopped.lanes) {
        CHECK_FALSE(lane.complete);
        CHECK(lane.refused.empty());  // this machine could have run it
        for (const auto& note : lane.notes)
            CHECK(lane.bytes(note.text).find("time was over") == std::string_view::npos);
    }
    run_well(scene({"unix/stream"}, {{"client", "s = socket()\nclose(s) -> 0\n"}}));
}

TEST_CASE("a connect to a host whose answers are lost is stopped too") {
    if (!tests::two_hosts("connect without an answer")) return;
    auto scenario =
        scene({"inet/stream"}, {{"client", "c = socket()\nconnect(c, inet(\"192.0.2.77\", 9))\n"}});
    runner().start(scenario);
    trace::Trace trace;
    CHECK(soon(
        [&] { return runner().poll(trace), find_call(trace.lanes[0], model::Call::connect, 0) != nullptr; }));
    runner().stop();
    CHECK(soon([] { return !runner().running(); }));
}

TEST_CASE("a lane that takes too long is stopped, and says where; the next one runs") {
    auto scenario = scene({"unix/stream", "unix/seqpacket"},
                          {{"server", "s = socket()\nbind(s, server)\nlisten(s, 1)\naccept(s)\n"}});
    scenario.timeout_ns = 100 * model::kMillisecond;
    const auto trace = runner().run(scenario);
    for (const auto& lane : trace.lanes) {
        CHECK_FALSE(lane.complete);
        const auto& note = lane.notes.back();
        CHECK(note.what == model::Note::program_end);
        CHECK(note.value == 1);
        CHECK(std::string(lane.bytes(note.text)).find("accept") != std::string::npos);
        CHECK(note.line == 4);
    }
}

TEST_CASE("a signal that is not ours: the call is recorded with EINTR and made again") {
    trace::CallLog log(0);
    auto scenario =
        scene({"unix/stream"},
              {{"server", "a, b = socketpair()\npoll([a: POLLIN], 300ms) -> 0\nrecv(a, 9) -> \"x\"\n"},
               {"client", "wait(server.done)\n"}});
    scenario.lanes[0].endpoints[0].program =
        script::parse("a, b = socketpair()\npoll([a: POLLIN], 300ms) -> 0\n", {"server"}).program;
    runner().start(scenario);
    trace::Trace trace;
    CHECK(soon(
        [&] { return runner().poll(trace), find_call(trace.lanes[0], model::Call::poll, 0) != nullptr; }));
    for (const auto& task : fs::directory_iterator("/proc/self/task"))
        if (const int tid = std::stoi(task.path().filename()); tid != ::gettid())
            ::tgkill(::getpid(), tid, SIGRTMIN + 7);
    CHECK(soon([] { return !runner().running(); }));
    runner().poll(trace);
    const auto* interrupted = find_call(trace.lanes[0], model::Call::poll, EINTR);
    REQUIRE(interrupted != nullptr);
    CHECK((interrupted->flags & model::kInterrupted) == 0);
    CHECK(tests::complaints(trace.lanes[0]) == "");
    const model::CallRecord* last = nullptr;
    for (const auto& call : trace.lanes[0].calls)
        if (call.call == model::Call::poll) last = &call;
    REQUIRE(last != interrupted);
    CHECK(last->exit_ns - interrupted->enter_ns >= 299 * model::kMillisecond);
    // What is left of it, not once more from the beginning.
    const model::TimeNs gone_ns = last->enter_ns - interrupted->enter_ns;
    CHECK(last->args.first <= 301 - gone_ns / model::kMillisecond);
}

TEST_CASE("100 MB in one send") {
    const auto trace = run_well(scene(
        {"unix/stream"},
        {{"server", "s = socket()\nbind(s, server)\nlisten(s, 1)\na = accept(s)\nuntil eof: recv(a, 1MB)\n"},
         {"client", "c = socket()\nconnect(c, server)\nsend(c, bytes(100MB)) -> 104857600\n"}}));
    std::uint64_t received = 0;
    for (const auto& call : trace.lanes[0].calls)
        if (call.call == model::Call::recv) received += call.data.size;
    CHECK(received == 104857600);
}

TEST_CASE("a descriptor that is not the program's is not touched") {
    const auto trace =
        runner().run(scene({"unix/stream"}, {{"client", "close(1)\nsend(99, \"x\") -> EBADF\n"}}));
    CHECK(tests::complaints(trace.lanes[0]).find("does not belong") != std::string::npos);
    CHECK(find_call(trace.lanes[0], model::Call::send, EBADF) != nullptr);
    CHECK(find_call(trace.lanes[0], model::Call::close, 0) == nullptr);
}

TEST_CASE("an ioctl() that would write more than an int is not made") {
    const auto trace = runner().run(
        scene({"unix/dgram"},
              {{"client", "a, b = socketpair()\nn = send(a, bytes(0x8910))\nioctl(a, n)\nclose(a) -> 0\n"}}));
    CHECK(find_call(trace.lanes[0], model::Call::ioctl, 0) == nullptr);
    CHECK(std::any_of(trace.lanes[0].notes.begin(), trace.lanes[0].notes.end(), [](const auto& note) {
        return note.what == model::Note::script_error && note.line == 3;
    }));
    CHECK(trace.lanes[0].expectations.at(0).held);
}

TEST_CASE("a helper killed with -9: the lanes say so, the next run has new hosts") {
    if (!tests::two_hosts("a killed helper")) return;
    const auto scenario = scene({"inet/stream"}, {{"server", "s = socket()\nsleep(200ms)\nt = socket()\n"},
                                                  {"client", "sleep(1ms)\n"}});
    const int helper = runner().hosts().helper_pid();
    REQUIRE(helper > 0);
    runner().start(scenario);
    trace::Trace trace;
    CHECK(soon([&] { return runner().poll(trace), !trace.lanes[0].calls.empty(); }));
    ::kill(helper, SIGKILL);
    CHECK(soon([] { return !runner().running(); }));
    runner().poll(trace);
    CHECK_FALSE(trace.lanes[0].complete);
    CHECK(trace.lanes[0].refused.find("helper") != std::string::npos);

    run_well(scene({"inet/stream"}, {{"client", "c = socket() -> 3\n"}}));
    CHECK(runner().hosts().helper_pid() != helper);
}

TEST_CASE("no descriptor, thread or file is left behind") {
    const auto scenario =
        scene({"unix/stream", "inet/dgram", "unix/dgram"},
              {{"server", R"(s = socket()
bind(s, server)
recv(s, 9) -> unix/stream: EINVAL, dgram: "x"
)"},
               {"client", "a, b = socketpair()\nc = socket()\nsendto(c, \"x\", 0, server)\n"}});
    runner().run(scenario);
    const auto descriptors = count_entries("/proc/self/fd"), threads = count_entries("/proc/self/task");
    // A place of our own: other programs make and remove such folders at the same time.
    std::string place = (fs::temp_directory_path() / "places-XXXXXX").string();
    REQUIRE(::mkdtemp(place.data()) != nullptr);
    const char* const set_before = ::getenv("TMPDIR");
    const std::string before = set_before ? set_before : "/tmp";
    ::setenv("TMPDIR", place.c_str(), 1);
    ::unsetenv("XDG_RUNTIME_DIR");
    for (int i = 0; i < 100; ++i) runner().run(scenario);
    CHECK(count_entries("/proc/self/fd") == descriptors);
    CHECK(count_entries("/proc/self/task") == threads);
    ::setenv("TMPDIR", before.c_str(), 1);
    CHECK(fs::is_empty(place));
    fs::remove(place);
}

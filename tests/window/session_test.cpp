// What takes long is done beside the thread that draws: it goes on drawing, and says what it waits for.
#include "app/window/session.hpp"

#include <doctest/doctest.h>
#include <time.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/player/state.hpp"
#include "core/trace/file.hpp"

using namespace socketscope;
namespace fs = std::filesystem;

namespace {

double seconds(clockid_t whose) {
    timespec time{};
    ::clock_gettime(whose, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Folder {
    fs::path path;
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "socketscope-session-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() { fs::remove_all(path); }
    std::string file(const char* name) const { return (path / name).string(); }
};

trace::Trace long_recording(std::size_t calls) {
    trace::Trace trace;
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("unix/dgram");
    lane.endpoints = {{"client", model::Host::client, ""}};
    lane.start_ns = model::kSecond;
    for (std::size_t i = 0; i < calls; ++i) {
        model::CallRecord call;
        call.call = model::Call::getsockname;
        call.enter_ns = lane.start_ns + static_cast<model::TimeNs>(i) * 4'000;
        call.exit_ns = call.enter_ns + 1'500;
        call.fd = 3;
        lane.calls.push_back(call);
    }
    lane.end_ns = lane.calls.back().exit_ns;
    lane.complete = true;
    trace.lanes.push_back(std::move(lane));
    return trace;
}

// As the window does, but for the drawing. Returns whether `holds` came true.
template <class F>
bool poll_until(window::Session& session, player::State& state, F holds) {
    for (int i = 0; i < 20'000 && !holds(); ++i) {
        session.poll(state);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return holds();
}

}  // namespace

TEST_CASE("a long trace is read and told beside the thread that draws, and saved there") {
    constexpr std::size_t kCalls = 150'000;
    const Folder folder;
    trace::save(long_recording(kCalls), folder.file("long.jsonl"));
    player::State state;
    window::Session session({});
    const double own_before = seconds(CLOCK_THREAD_CPUTIME_ID);
    const double all_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    session.open_trace(state, folder.file("long.jsonl"));
    CHECK(state.loading == folder.file("long.jsonl"));
    CHECK(session.busy());
    REQUIRE(poll_until(session, state, [&] { return state.loading.empty(); }));
    CHECK(state.events.size() == kCalls);
    CHECK(state.lanes[0].plan != nullptr);  // made there, too
    session.save_trace(state, folder.file("again.jsonl"));
    REQUIRE(poll_until(session, state, [&] { return !session.busy(); }));
    CHECK(state.message.empty());
    CHECK(fs::file_size(folder.file("again.jsonl")) == fs::file_size(folder.file("long.jsonl")));
    const double own = seconds(CLOCK_THREAD_CPUTIME_ID) - own_before;
    const double all = seconds(CLOCK_PROCESS_CPUTIME_ID) - all_before;
    MESSAGE("the thread that draws worked " << own << " s, all threads " << all << " s");
    CHECK(own < all / 4);
}

TEST_CASE("who leaves while a trace is read does not meet it again") {
    const Folder folder;
    trace::save(long_recording(50'000), folder.file("long.jsonl"));
    trace::save(long_recording(10), folder.file("short.jsonl"));
    player::State state;
    window::Session session({});
    session.open_trace(state, folder.file("long.jsonl"));
    session.open_trace(state, folder.file("short.jsonl"));
    REQUIRE(poll_until(session, state, [&] { return state.loading.empty(); }));
    CHECK(state.events.size() == 10);
    session.open_trace(state, folder.file("long.jsonl"));
    session.leave(state);
    state.screen = player::Screen::home;
    CHECK(poll_until(session, state, [&] { return !session.busy(); }));
    CHECK(state.screen == player::Screen::home);
    CHECK(state.loading.empty());
}

TEST_CASE("a trace that can't be read is said, on Home") {
    player::State state;
    window::Session session({});
    session.open_trace(state, "/no/such/trace.jsonl");
    REQUIRE(poll_until(session, state, [&] { return state.loading.empty(); }));
    CHECK(state.message.find("/no/such/trace.jsonl") != std::string::npos);
    CHECK(state.screen == player::Screen::home);
}

TEST_CASE("a long run is told while it grows, and whole in the end") {
    constexpr int kRounds = 20'000;
    const Folder folder;
    const std::string script = folder.file("long.txt");
    const std::string loop = "repeat " + std::to_string(kRounds) + ":\n";
    FILE* file = std::fopen(script.c_str(), "w");
    REQUIRE(file != nullptr);
    std::fprintf(
        file,
        "# lanes: unix/stream\n# timeout: 100s\n# server\ns = socket()\nbind(s, server)\nlisten(s, 1)\n"
        "a = accept(s)\n%s    recv(a, 8)\n    send(a, \"12345678\")\n# client\nc = socket()\n"
        "wait(server.listening)\nconnect(c, server)\n%s    send(c, \"12345678\")\n    recv(c, 8)\n",
        loop.c_str(), loop.c_str());
    std::fclose(file);
    player::State state;
    window::Session session({});
    session.open_lesson(state, script);
    CHECK(state.message.empty());
    CHECK(state.running);
    std::size_t shown = 0, grew = 0, unplanned = 0;
    REQUIRE(poll_until(session, state, [&] {
        grew += state.events.size() > shown;
        for (const player::Lane& lane : state.lanes) unplanned += lane.plan == nullptr;
        shown = std::max(shown, state.events.size());
        return !state.running;
    }));
    CHECK(state.message.empty());
    REQUIRE(state.trace->lanes.size() == 1);
    CHECK(state.trace->lanes[0].complete);
    CHECK(state.trace->lanes[0].calls.size() >= 4 * kRounds);
    CHECK(state.events.size() >= 4 * kRounds);
    CHECK(grew >= 1);
    CHECK(unplanned == 0);
    session.run_again(state);
    CHECK(state.running);
    session.stop(state);
    CHECK(poll_until(session, state, [&] { return !session.busy(); }));
}

TEST_CASE("what is run again is what the file says now") {
    const Folder folder;
    const std::string script = folder.file("short.txt");
    const std::string begin = "# lanes: unix/dgram\n# client\na, b = socketpair()\n";
    std::ofstream(script) << begin << "send(a, \"x\") -> 1\n";
    player::State state;
    window::Session session({});
    session.open_lesson(state, script);
    REQUIRE(poll_until(session, state, [&] { return !state.running; }));
    const std::size_t events = state.events.size();
    REQUIRE(events > 0);

    std::ofstream(script) << begin << "sned(a, \"x\")\n";
    session.run_again(state);
    CHECK_FALSE(state.running);
    CHECK(state.message.find("sned") != std::string::npos);
    CHECK(state.events.size() == events);  // the recording before stays

    std::ofstream(script) << begin << "send(a, \"x\")\nsend(a, \"y\")\n";
    session.run_again(state);
    CHECK(state.message.empty());
    REQUIRE(poll_until(session, state, [&] { return !state.running; }));
    CHECK(state.events.size() > events);

    fs::remove(script);  // then once more what it said
    session.run_again(state);
    CHECK(state.running);
    REQUIRE(poll_until(session, state, [&] { return !state.running; }));
    CHECK(state.events.size() > events);
}

TEST_CASE("a run that is stopped before it begins is over, and can be asked for again") {
    const Folder folder;
    const std::string script = folder.file("short.txt");
    std::ofstream(script) << "# lanes: unix/dgram\n# client\na, b = socketpair()\nsend(a, \"x\") -> 1\n";
    player::State state;
    window::Session session({});
    session.open_lesson(state, script);
    REQUIRE(state.running);
    session.stop(state);  // the hosts are not open yet
    CHECK_FALSE(state.running);
    CHECK(state.stopped_early);
    REQUIRE(poll_until(session, state, [&] { return !session.busy(); }));
    session.run_again(state);
    CHECK_FALSE(state.stopped_early);
    REQUIRE(poll_until(session, state, [&] { return !state.running; }));
    REQUIRE(state.trace->lanes.size() == 1);
    CHECK(state.trace->lanes[0].calls.size() >= 2);
    // From the end of a run on the hosts are there, and it is as quick to stop.
    session.run_again(state);
    session.stop(state);
    CHECK_FALSE(state.running);
}

TEST_CASE("where no hosts can be had each lesson says so, also one that is opened later") {
    const Folder folder;
    const std::string script = folder.file("short.txt");
    std::ofstream(script) << "# lanes: unix/dgram\n# client\na, b = socketpair()\n";
    ::setenv("SOCKETSCOPE_RUNG", "none such", 1);
    player::State state;
    window::Session session({});
    session.open_lesson(state, script);  // asked before that is known
    const bool over = poll_until(session, state, [&] { return !session.busy(); });
    ::unsetenv("SOCKETSCOPE_RUNG");
    REQUIRE(over);
    for (int i = 0; i < 2; ++i) {
        CHECK_FALSE(state.running);
        CHECK(state.message.find("Nothing can be run on this machine") == 0);
        CHECK(state.message.find("SOCKETSCOPE_RUNG=none such") != std::string::npos);
        session.run_again(state);
        REQUIRE(poll_until(session, state, [&] { return !session.busy(); }));
    }
}

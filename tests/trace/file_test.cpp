// The trace file: what is saved is loaded, record for record; what is damaged is loaded up to the damage; what can't be
// saved leaves nothing behind.
#include "core/trace/file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "core/model/problem.hpp"

using namespace socketscope;
using trace::LaneTrace;
using trace::Trace;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "socketscope-trace-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() {
        fs::permissions(path, fs::perms::owner_all);
        fs::remove_all(path);
    }
    std::string file(const std::string& name) const { return (path / name).string(); }
    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(path), fs::directory_iterator()));
    }
    fs::path path;
};

std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}
void spill(const std::string& path, std::string_view bytes) {
    fs::remove(path);  // a file that is overwritten in place is flushed to disk at once by ext4: slow
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Random but valid: endpoints exist, packets are numbered.
class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}
    template <class T>
    T any() {
        return static_cast<T>(random_());
    }
    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    std::string bytes(std::size_t longest) {
        std::string text(below(longest + 1), '\0');
        for (char& c : text) c = any<char>();
        return text;
    }
    model::ByteRange range(LaneTrace& lane, std::size_t longest) {
        const std::string text = bytes(longest);
        lane.arena += text;
        return {static_cast<std::uint32_t>(lane.arena.size() - text.size()),
                static_cast<std::uint32_t>(text.size())};
    }

private:
    std::mt19937_64 random_;
};

LaneTrace random_lane(Dice& dice, std::size_t events) {
    LaneTrace lane;
    lane.kind = {static_cast<model::Domain>(dice.below(3)), static_cast<model::SocketType>(dice.below(4)),
                 static_cast<int>(dice.below(300)) - 1};
    for (std::size_t i = 0; i < 1 + dice.below(4); ++i)
        lane.endpoints.push_back({"e" + std::to_string(i), static_cast<model::Host>(dice.below(2)),
                                  dice.bytes(80), 1 + static_cast<std::uint32_t>(dice.below(2)) * 7});
    lane.addresses = {{model::Host::client, "192.0.2.1"}, {model::Host::server, dice.bytes(40)}};
    lane.link = {dice.any<std::int64_t>(), 5, 0.1, 1.0 / 3, 7, 1e-300, 0.5, dice.any<std::uint64_t>(), 3, {}};
    lane.link.rules.push_back(
        {model::RuleAction::swap, model::PacketClass::icmp, 9, model::Host::server, 4, "swap \"x\"\n"});
    lane.link.rules.push_back({});
    lane.start_ns = dice.any<std::int64_t>();
    lane.end_ns = dice.any<std::int64_t>();
    lane.complete = dice.below(2) == 0;
    lane.refused = dice.bytes(9);
    lane.dropped_events = dice.any<std::uint64_t>();
    const auto endpoint = [&] { return static_cast<std::uint8_t>(dice.below(lane.endpoints.size())); };
    for (std::size_t i = 0; i < events; ++i) {
        model::CallRecord call;
        call.enter_ns = dice.any<std::int64_t>();
        call.exit_ns = dice.below(3) == 0 ? model::kNever : dice.any<std::int64_t>();
        call.result = dice.any<std::int32_t>();
        call.error = dice.any<std::int16_t>();
        call.fd = dice.any<std::int32_t>();
        call.line = dice.any<std::uint16_t>();
        call.call = static_cast<model::Call>(dice.below(static_cast<std::size_t>(model::Call::count)));
        call.endpoint = endpoint();
        call.flags = dice.any<std::uint16_t>();
        if (dice.below(2) == 0) call.args.first = dice.any<std::int64_t>();
        if (dice.below(2) == 0) call.args.second = dice.any<std::int32_t>();
        if (dice.below(2) == 0) call.args.third = dice.any<std::int32_t>();
        const bool again = dice.below(3) == 0 && !lane.calls.empty();  // says what the last one said
        call.data = again ? lane.calls.back().data : dice.range(lane, 40);
        call.extra = dice.range(lane, 4);
        lane.calls.push_back(call);

        model::PacketRecord packet;
        packet.sent_ns = dice.any<std::int64_t>();
        packet.due_ns = dice.any<std::int64_t>();
        packet.delivered_ns = dice.any<std::int64_t>();
        packet.copy_of = i == 0 || dice.below(2) == 0 ? model::PacketRecord::kNoPacket
                                                      : static_cast<std::uint32_t>(dice.below(i));
        packet.rule = dice.any<std::uint32_t>();
        packet.error = dice.any<std::int16_t>();
        packet.from = static_cast<model::Host>(dice.below(2));
        packet.verdict = static_cast<model::Verdict>(dice.below(3));
        packet.cause = static_cast<model::Cause>(dice.below(7));
        packet.flags = dice.any<std::uint16_t>();
        packet.bytes = dice.range(lane, 60);
        packet.delivered_bytes = dice.range(lane, 2);
        lane.packets.push_back(packet);

        lane.samples.push_back({dice.any<std::int64_t>(), dice.any<std::int64_t>(),
                                static_cast<int>(dice.below(9)), static_cast<model::Sample>(dice.below(8)),
                                endpoint()});
        model::NoteRecord note{dice.any<std::int64_t>(),
                               dice.any<std::int64_t>(),
                               dice.any<std::uint32_t>(),
                               static_cast<model::Note>(dice.below(10)),
                               endpoint(),
                               {}};
        note.text = dice.range(lane, 12);
        lane.notes.push_back(note);
        lane.expectations.push_back(
            {endpoint(), dice.any<std::uint32_t>(), dice.below(2) == 0, dice.bytes(5), "−1 EPIPE"});
    }
    return lane;
}

Trace random_trace(unsigned seed, std::size_t lanes, std::size_t events) {
    Dice dice(seed);
    Trace trace;
    trace.title = "Title \"quoted\" — ü \\ \x01\x7f";
    trace.source = dice.bytes(50);
    trace.source_name = "a/b.md";
    trace.rung = "two hosts (TUN)";
    trace.kernel = "Linux";
    trace.recorded_at = "2026-11-24T02:00:00Z";
    trace.seed = dice.any<std::uint64_t>();
    for (std::size_t i = 0; i < lanes; ++i) trace.lanes.push_back(random_lane(dice, events));
    return trace;
}

// Everything of a lane as text; bytes by content, since a loaded arena may be laid out otherwise.
std::string describe(const LaneTrace& lane) {
    std::ostringstream out;
    out << model::to_string(lane.kind) << ' ' << lane.start_ns << ' ' << lane.end_ns << ' ' << lane.complete
        << ' ' << lane.refused << ' ' << lane.dropped_events << '\n';
    for (const auto& e : lane.endpoints)
        out << e.name << static_cast<int>(e.host) << e.script << ' ' << e.first_line << '\n';
    for (const auto& a : lane.addresses) out << static_cast<int>(a.host) << a.ip << '\n';
    for (const auto& c : lane.calls)
        out << c.enter_ns << ' ' << c.exit_ns << ' ' << c.result << ' ' << c.error << ' ' << c.fd << ' '
            << c.line << ' ' << static_cast<int>(c.call) << ' ' << int{c.endpoint} << ' ' << c.flags << ' '
            << c.args.first << ' ' << c.args.second << ' ' << c.args.third << ' ' << lane.bytes(c.data) << '|'
            << lane.bytes(c.extra) << '\n';
    for (const auto& p : lane.packets)
        out << p.sent_ns << ' ' << p.due_ns << ' ' << p.delivered_ns << ' ' << p.copy_of << ' ' << p.rule
            << ' ' << p.error << ' ' << static_cast<int>(p.from) << static_cast<int>(p.verdict)
            << static_cast<int>(p.cause) << ' ' << p.flags << lane.bytes(p.bytes) << '|'
            << lane.bytes(p.delivered_bytes) << '\n';
    for (const auto& s : lane.samples)
        out << s.at_ns << ' ' << s.value << ' ' << s.fd << ' ' << static_cast<int>(s.what) << int{s.endpoint}
            << '\n';
    for (const auto& n : lane.notes)
        out << n.at_ns << ' ' << n.value << ' ' << n.line << ' ' << static_cast<int>(n.what)
            << int{n.endpoint} << lane.bytes(n.text) << '\n';
    for (const auto& x : lane.expectations)
        out << int{x.endpoint} << ' ' << x.line << x.held << x.expected << '|' << x.seen << '\n';
    return out.str();
}

std::size_t events_of(const Trace& trace) {
    std::size_t sum = 0;
    for (const auto& lane : trace.lanes)
        sum += lane.calls.size() + lane.packets.size() + lane.samples.size() + lane.notes.size();
    return sum;
}

std::string refusal(const std::string& path) {
    try {
        trace::load(path);
    } catch (const model::Failure& failure) {
        return failure.what();
    }
    return "";
}

}  // namespace

TEST_CASE("every record comes back as it was") {
    const Folder folder;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const Trace before = random_trace(seed, seed % 4, seed * 3);
        trace::save(before, folder.file("t"));
        const auto loaded = trace::load(folder.file("t"));
        CHECK(loaded.damage == "");
        CHECK(loaded.trace.title == before.title);
        CHECK(loaded.trace.source == before.source);
        CHECK(loaded.trace.seed == before.seed);
        CHECK(loaded.trace.recorded_at == before.recorded_at);
        REQUIRE(loaded.trace.lanes.size() == before.lanes.size());
        for (std::size_t i = 0; i < before.lanes.size(); ++i) {
            CHECK(describe(loaded.trace.lanes[i]) == describe(before.lanes[i]));
            CHECK(loaded.trace.lanes[i].link == before.lanes[i].link);
            CHECK(loaded.trace.lanes[i].kind == before.lanes[i].kind);
        }
        trace::save(loaded.trace, folder.file("again"));
        CHECK(slurp(folder.file("t")) == slurp(folder.file("again")));
    }
}

TEST_CASE("cut off at any byte: loaded up to there, or refused in its first line") {
    const Folder folder;
    trace::save(random_trace(3, 2, 2), folder.file("whole"));
    const std::string whole = slurp(folder.file("whole"));
    const std::size_t first_line = whole.find('\n') + 1;
    std::size_t events_before = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        spill(folder.file("cut"), std::string_view(whole).substr(0, size));
        if (size < first_line) {
            CHECK(refusal(folder.file("cut")) != "");
            continue;
        }
        const auto loaded = trace::load(folder.file("cut"));
        CHECK(loaded.damage.find("line ") != std::string::npos);
        const std::size_t events = events_of(loaded.trace);
        CHECK(events >= events_before);
        events_before = events;
    }
    CHECK(events_before == events_of(random_trace(3, 2, 2)));
}

TEST_CASE("any flipped bit: loaded, or loaded up to the damage, or refused; never a crash or a wild range") {
    const Folder folder;
    trace::save(random_trace(5, 1, 2), folder.file("whole"));
    std::string bytes = slurp(folder.file("whole"));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char before = bytes[at];
        bytes[at] = static_cast<char>(before ^ (1 << at % 8));
        spill(folder.file("flipped"), bytes);
        bytes[at] = before;
        try {
            const auto loaded = trace::load(folder.file("flipped"));
            for (const auto& lane : loaded.trace.lanes) {
                for (const auto& call : lane.calls) {
                    CHECK(call.endpoint < lane.endpoints.size());
                    CHECK(lane.bytes(call.data).size() == call.data.size);
                }
                for (std::size_t i = 0; i < lane.packets.size(); ++i) {
                    const std::uint32_t original = lane.packets[i].copy_of;
                    CHECK((original == model::PacketRecord::kNoPacket || original < i));
                }
            }
        } catch (const model::Failure&) {
            // the first line, which must be whole
        }
    }
}

TEST_CASE("what is no trace is refused with a sentence") {
    const Folder folder;
    CHECK(refusal(folder.file("none")).find("ENOENT") != std::string::npos);
    CHECK(refusal(folder.path.string()).find("EISDIR") != std::string::npos);
    Dice dice(1);
    spill(folder.file("garbage"), dice.bytes(100'000));
    CHECK(refusal(folder.file("garbage")).find("does not begin") != std::string::npos);
    spill(folder.file("empty"), "");
    CHECK(refusal(folder.file("empty")) != "");
    spill(folder.file("newer"), "{\"format\":\"socketscope-trace\",\"version\":2}\n");
    CHECK(refusal(folder.file("newer")).find("newer Socketscope") != std::string::npos);
    spill(folder.file("deep"),
          "{\"format\":\"socketscope-trace\",\"version\":1,\"x\":" + std::string(100'000, '[') + "\n");
    CHECK(refusal(folder.file("deep")) != "");
}

TEST_CASE("unknown fields and sorts of lines are skipped") {
    const Folder folder;
    spill(folder.file("t"),
          "{\"format\":\"socketscope-trace\",\"version\":1,\"mood\":[1,{\"a\":\"}\"}],\"seed\":7}\n"
          "{\"lane\":\"inet/stream\",\"endpoints\":[{\"host\":\"server\",\"name\":\"server\",\"age\":3}]}\n"
          "{\"comment\":\"hello\"}\n"
          "{\"call\":\"send\",\"result\":-1,\"enter_ns\":5,\"endpoint\":0,\"new\":null,\"exit_ns\":6}\n"
          "{\"lane_end\":9,\"complete\":true}\n{\"trace_end\":6}\n");
    const auto loaded = trace::load(folder.file("t"));
    CHECK(loaded.damage == "");
    CHECK(loaded.trace.seed == 7);
    REQUIRE(loaded.trace.lanes.size() == 1);
    REQUIRE(loaded.trace.lanes[0].calls.size() == 1);
    CHECK(loaded.trace.lanes[0].calls[0].result == -1);
    CHECK(loaded.trace.lanes[0].calls[0].exit_ns == 6);
}

TEST_CASE("a very long line") {
    const Folder folder;
    Trace before = random_trace(9, 1, 0);
    LaneTrace& lane = before.lanes[0];
    lane.arena.assign(20'000'000, 'x');
    lane.calls.emplace_back().data = {0, 20'000'000};
    lane.calls.emplace_back();
    trace::save(before, folder.file("long"));
    const auto loaded = trace::load(folder.file("long"));
    CHECK(loaded.damage == "");
    REQUIRE(loaded.trace.lanes.at(0).calls.size() == 2);
    CHECK(loaded.trace.lanes[0].bytes(loaded.trace.lanes[0].calls[0].data) == lane.arena);
}

TEST_CASE("what can't be saved is said and leaves nothing") {
    const Folder folder;
    const Trace trace = random_trace(2, 1, 50);
    const auto failure = [&](const std::string& path) -> std::string {
        try {
            trace::save(trace, path);
        } catch (const model::Failure& problem) {
            return problem.what();
        }
        return "";
    };
    CHECK(failure("/dev/full").find("ENOSPC") != std::string::npos);
    CHECK(failure(folder.file("none/t")).find("ENOENT") != std::string::npos);
    CHECK(failure(folder.path.string()).find("EISDIR") != std::string::npos);

    // A disk that fills up in the middle: what was there before stays.
    spill(folder.file("old"), "old");
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{2000, before.rlim_max};
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const std::string said = failure(folder.file("old"));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(said.find("EFBIG") != std::string::npos);
    CHECK(slurp(folder.file("old")) == "old");
    CHECK(folder.entries() == 1);

    if (::geteuid() != 0) {
        fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
        CHECK(failure(folder.file("t")).find("EACCES") != std::string::npos);
    }
}

TEST_CASE("saving keeps the mode and follows a link") {
    const Folder folder;
    const Trace trace = random_trace(2, 1, 1);
    spill(folder.file("real"), "old");
    ::chmod(folder.file("real").c_str(), 0640);
    fs::create_symlink("real", folder.path / "link");
    trace::save(trace, folder.file("link"));
    CHECK(fs::is_symlink(folder.path / "link"));
    CHECK(trace::load(folder.file("real")).damage == "");
    struct stat status {};
    ::stat(folder.file("real").c_str(), &status);
    CHECK((status.st_mode & 07777) == 0640);
    CHECK(folder.entries() == 2);
}

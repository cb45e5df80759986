#include "core/trace/file.hpp"

#include <sys/stat.h>

#include <iterator>
#include <limits>
#include <utility>

#include "core/model/problem.hpp"
#include "core/trace/atomic_file.hpp"
#include "core/trace/event_fields.hpp"
#include "core/trace/growth.hpp"
#include "core/trace/line_reader.hpp"

namespace socketscope::trace {

namespace {

constexpr std::string_view kFormat = "socketscope-trace";
// Hold the format's name, also where a tool has written spaces between.
constexpr std::size_t kFirstBytes = 64;
constexpr std::size_t kMostLanes = 255,
                      kMostEndpoints = 255;  // model::Ref and CallRecord count them in one byte

class TraceWriter {
public:
    using Sink = std::function<void(std::string_view)>;
    explicit TraceWriter(const Sink& sink) : sink_(sink) {}

    void write(const Trace& trace) {
        line(TraceBegin{const_cast<Trace&>(trace), std::string(kFormat), kFormatVersion});
        for (const LaneTrace& lane : trace.lanes) write(lane);
        line(TraceEnd{lines_ + 1});
        sink_(text_);
    }

private:
    static constexpr std::size_t kEnough = std::size_t{1} << 20;

    template <class T>
    void line(const T& record, const LaneTrace* lane = nullptr) {
        FieldWriter(text_, lane).object(record);
        text_ += '\n';
        ++lines_;
        if (text_.size() < kEnough) return;
        sink_(text_);
        text_.clear();
    }

    void write(const LaneTrace& lane) {
        line(LaneBegin{const_cast<LaneTrace&>(lane)});
        write_events(lane);
        for (const auto& result : lane.expectations) line(result);
        line(LaneEnd{const_cast<LaneTrace&>(lane)});
    }

    static NumberedPacket numbered(const LaneTrace& lane, std::size_t number) {
        return {static_cast<std::uint32_t>(number), lane.packets[number]};
    }

    // In the order of time, so that a file that was cut off tells the whole story up to there.
    void write_events(const LaneTrace& lane) {
        std::size_t calls = 0, packets = 0, samples = 0, notes = 0;
        for (;;) {
            const bool more[] = {calls < lane.calls.size(), packets < lane.packets.size(),
                                 samples < lane.samples.size(), notes < lane.notes.size()};
            const model::TimeNs at[] = {
                more[0] ? lane.calls[calls].enter_ns : 0, more[1] ? lane.packets[packets].sent_ns : 0,
                more[2] ? lane.samples[samples].at_ns : 0, more[3] ? lane.notes[notes].at_ns : 0};
            std::size_t next = std::size(more);
            for (std::size_t i = 0; i < std::size(more); ++i)
                if (more[i] && (next == std::size(more) || at[i] < at[next])) next = i;
            if (next == 0)
                line(lane.calls[calls++], &lane);
            else if (next == 1)
                line(numbered(lane, packets++), &lane);
            else if (next == 2)
                line(lane.samples[samples++], &lane);
            else if (next == 3)
                line(lane.notes[notes++], &lane);
            else
                return;
        }
    }

    const Sink& sink_;
    std::string text_;
    std::uint64_t lines_{0};
};

// The first key of a line says what it is.
std::string_view sort_of(std::string_view line) {
    JsonReader in(line);
    in.begin_object();
    return in.next_key();
}

class TraceReader {
public:
    explicit TraceReader(Trace& trace) : trace_(trace) {}

    void read(std::string_view line) {
        const std::string_view sort = sort_of(line);
        FieldReader in(line, in_lane_ ? &trace_.lanes.back() : nullptr, &last_);
        if (ended_) in.in().fail("nothing behind the end of the trace");
        if (sort == "lane")
            read_lane(in);
        else if (sort == "trace_end")
            read_end(in);
        else if (in_lane_)
            read_in_lane(in, sort, trace_.lanes.back());
        else
            in.in().fail("a lane");
        in.in().end();
    }
    bool ended() const { return ended_; }

private:
    void read_lane(FieldReader& in) {
        if (in_lane_) in.in().fail("the end of the lane before the next one");
        if (trace_.lanes.size() == kMostLanes) in.in().fail("at most 255 lanes");
        LaneTrace lane;
        LaneBegin begin{lane};
        in.object(begin);
        // The protocol has a field of its own: the kind's name stands for its row of the matrix.
        if (lane.endpoints.size() > kMostEndpoints) in.in().fail("at most 255 endpoints");
        trace_.lanes.push_back(std::move(lane));
        in_lane_ = true;
        last_ = {};
    }
    void read_end(FieldReader& in) {
        if (in_lane_) in.in().fail("the end of the lane before the end of the trace");
        TraceEnd end;
        in.object(end);
        ended_ = true;
    }
    template <class T>
    static T record(FieldReader& in) {
        T value;
        in.object(value);
        return value;
    }
    static void check_endpoint(FieldReader& in, std::size_t endpoint, std::size_t how_many) {
        if (endpoint >= how_many) in.in().fail("the number of an endpoint of this lane");
    }
    void read_in_lane(FieldReader& in, std::string_view sort, LaneTrace& lane) {
        const std::size_t endpoints = lane.endpoints.size();
        if (sort == "call") {
            make_room(lane.calls, 1);
            lane.calls.push_back(record<model::CallRecord>(in));
            check_endpoint(in, lane.calls.back().endpoint, endpoints);
        } else if (sort == "packet") {
            make_room(lane.packets, 1);
            const auto packet = record<NumberedPacket>(in);
            check_packet(in, packet, lane.packets.size());
            lane.packets.push_back(packet.record);
        } else if (sort == "sample") {  // of an endpoint, or of one of the two hosts
            make_room(lane.samples, 1);
            lane.samples.push_back(record<model::SampleRecord>(in));
            check_endpoint(in, lane.samples.back().endpoint, lane.samples.back().fd < 0 ? 2 : endpoints);
        } else if (sort == "note") {
            make_room(lane.notes, 1);
            lane.notes.push_back(record<model::NoteRecord>(in));
            check_endpoint(in, lane.notes.back().endpoint, endpoints);
        } else if (sort == "expectation") {
            lane.expectations.push_back(record<ExpectationResult>(in));
            check_endpoint(in, lane.expectations.back().endpoint, endpoints);
        } else if (sort == "lane_end") {
            LaneEnd end{lane};
            in.object(end);
            in_lane_ = false;
        } else {
            in.in().skip();  // a sort of line that came later
        }
    }
    static void check_packet(FieldReader& in, const NumberedPacket& packet, std::size_t next) {
        if (packet.number != next) in.in().fail("packet " + std::to_string(next) + " to be next");
        const std::uint32_t original = packet.record.copy_of;
        if (original != model::PacketRecord::kNoPacket && original >= packet.number)
            in.in().fail("a copy behind its original");
    }

    Trace& trace_;
    LastBytes last_;
    bool in_lane_{false}, ended_{false};
};

// What a line left behind that could not be read to its end goes again: calls without a lane's endpoint and the like
// would mislead everyone who reads the trace.
struct Sizes {
    std::size_t lanes{0}, calls{0}, packets{0}, samples{0}, notes{0}, expectations{0};

    static Sizes of(const Trace& trace) {
        if (trace.lanes.empty()) return {};
        const LaneTrace& lane = trace.lanes.back();
        return {trace.lanes.size(),  lane.calls.size(), lane.packets.size(),
                lane.samples.size(), lane.notes.size(), lane.expectations.size()};
    }
    void restore(Trace& trace) const {
        trace.lanes.resize(lanes);
        if (trace.lanes.empty()) return;
        LaneTrace& lane = trace.lanes.back();
        lane.calls.resize(calls);
        lane.packets.resize(packets);
        lane.samples.resize(samples);
        lane.notes.resize(notes);
        lane.expectations.resize(expectations);
        lane.complete = false;
    }
};

[[noreturn]] void refuse(const std::string& path, std::string why, std::string help = "") {
    throw model::Failure({"could not open " + path + " as a trace", "", std::move(why), std::move(help)});
}

std::string place(const JsonError& error) {
    return "byte " + std::to_string(error.at + 1) + ": expected " + error.expected;
}

bool begins_as_trace(std::string_view bytes) {
    const auto first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '{' &&
           bytes.find(kFormat) != std::string_view::npos;
}

void read_first_line(LineReader& lines, const std::string& path, Trace& trace) {
    const std::string_view start = lines.start(kFirstBytes);
    if (!begins_as_trace(start)) {
        if (lines.error() != 0) refuse(path, describe_file_error(lines.error()));
        if (start.starts_with("\x1f\x8b")) refuse(path, "it is compressed", "`gunzip` it first");
        refuse(path, "it does not begin as a trace of Socketscope does",
               "traces are made with `socketscope run … --trace FILE`");
    }
    std::string_view line;
    if (!lines.next(line) || !lines.whole()) refuse(path, "it is cut off in its first line");
    TraceBegin begin{trace, {}, 0};
    try {
        FieldReader in(line);
        in.object(begin);
        in.in().end();
    } catch (const JsonError& error) {
        refuse(path, "its first line is damaged at " + place(error));
    }
    if (begin.format != kFormat) refuse(path, "its first line names another format");
    if (begin.version < 1) refuse(path, "its first line names no version of the format");
    if (begin.version > kFormatVersion)
        refuse(path,
               "it was written in version " + std::to_string(begin.version) +
                   " of the format; this program knows up to " + std::to_string(kFormatVersion),
               "open it with a newer Socketscope");
}

std::string damage_text(std::size_t line, const std::string& what, const Trace& trace) {
    std::size_t events = 0;
    for (const auto& lane : trace.lanes)
        events += lane.calls.size() + lane.packets.size() + lane.samples.size() + lane.notes.size();
    return "the trace is damaged at line " + std::to_string(line) + " (" + what +
           "); kept what stands before it: " + std::to_string(events) + " events in " +
           std::to_string(trace.lanes.size()) + (trace.lanes.size() == 1 ? " lane" : " lanes");
}

}  // namespace

void save(const Trace& trace, const std::string& path) {
    AtomicFile file(path);
    write(trace, [&file](std::string_view text) { file.write(text); });
    file.commit();
}

void check_can_save(const std::string& path) {
    struct stat status {};
    // Opening a pipe would wait for its reader, closing it again would end that reader's input.
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return;
    const AtomicFile file(path);
}

void write(const Trace& trace, const std::function<void(std::string_view)>& sink) {
    TraceWriter(sink).write(trace);
}

bool is_trace(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    if (path.ends_with(".jsonl")) return true;  // neither a lesson nor a script is called so
    LineReader lines(path);
    return begins_as_trace(lines.start(kFirstBytes));
}

Loaded load(const std::string& path) {
    Loaded loaded;
    LineReader lines(path);
    read_first_line(lines, path, loaded.trace);

    TraceReader reader(loaded.trace);
    std::string_view line;
    std::string damage;
    while (damage.empty() && lines.next(line)) {
        // A line without its end may be a number cut in the middle, which would still read well.
        if (!lines.whole()) {
            damage = "it is cut off here";
            break;
        }
        const Sizes before = Sizes::of(loaded.trace);
        try {
            reader.read(line);
        } catch (const JsonError& error) {
            before.restore(loaded.trace);
            damage = place(error);
        }
    }
    if (damage.empty() && lines.error() != 0) damage = describe_file_error(lines.error());
    if (damage.empty() && !reader.ended()) damage = "it ends behind it, before the end of the trace";
    if (!damage.empty()) loaded.damage = damage_text(lines.number(), damage, loaded.trace);
    return loaded;
}

}  // namespace socketscope::trace

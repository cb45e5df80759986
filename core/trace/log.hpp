// Per-thread logs: append-only, one writer, any number of readers up to a published count. No locks, no waiting, no
// loss.
//
// Records and payload bytes live in chunks that never move. An open record (a call that has not returned, a packet in
// flight) is published at once and completed later; a reader sees either state, never a torn one. If a bound is
// reached, further records are counted as dropped, not written (payload beyond its bound is cut and flagged).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/trace/trace.hpp"

namespace socketscope::trace {

struct LogBounds {
    std::size_t records{4'000'000};
    std::size_t payload_bytes{std::size_t{1} << 30};

    // For each of so many logs that are collected into one lane: its arena takes what all of them hold.
    static LogBounds shared_by(std::size_t logs) {
        return {.payload_bytes = std::min<std::size_t>(std::size_t{1} << 30, model::kLargestArena / logs)};
    }
};

// Calls and notes and samples of one endpoint's thread.
class CallLog {
public:
    explicit CallLog(std::uint8_t endpoint, LogBounds bounds = {});
    ~CallLog();

    // --- the endpoint's thread only
    // Publishes the open call with enter_ns = `record.enter_ns`; data and extra are copied into the arena.
    // Returns a token for end(). Never blocks, never throws; ≤ 100 ns together with end() for a small payload.
    std::uint32_t begin(const model::CallRecord& record, std::string_view data, std::string_view extra);
    // The two halves of begin(), for a stamp directly before the call: prepare() copies, open() publishes.
    std::uint32_t prepare(const model::CallRecord& record, std::string_view data, std::string_view extra);
    void open(std::uint32_t token, model::TimeNs enter_ns);
    // Completes it: exit_ns, result, error, flags, args[1], args[2] are taken from `record`; data/extra that the
    // kernel gave replace those of begin() if not empty.
    void end(std::uint32_t token, const model::CallRecord& record, std::string_view data,
             std::string_view extra);
    void note(const model::NoteRecord& note, std::string_view text);
    void sample(const model::SampleRecord& sample);

    // --- any thread: appends what is new to `lane` and completes what was open, rebasing byte ranges into lane.arena.
    // `cursor` starts as {} and belongs to the caller (one a reader and log). Returns whether anything changed.
    struct Cursor;
    struct CursorDeleter {
        void operator()(Cursor*) const;
    };
    using CursorPtr = std::unique_ptr<Cursor, CursorDeleter>;
    CursorPtr make_cursor() const;
    // Calls, notes and samples stay sorted by their stamps, so indexes may shift between two collects.
    bool collect(LaneTrace& lane, Cursor& cursor) const;
    // --- the log's only reader, beside collect()
    // What this cursor has read for good need not be kept: the writer gets its memory again.
    void release(const Cursor& cursor);
    // Memory for a program that makes calls as fast as it can until the next collect, so that the page faults of fresh
    // memory (a microsecond or two each) are taken here and not between its calls.
    void provide();
    void writer_has_ended();  // frees what only a writer needs

    // --- any thread
    std::uint64_t dropped() const;
    std::size_t recorded() const;  // calls, also open ones

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Packets of one lane, written by the wire's thread only.
class PacketLog {
public:
    explicit PacketLog(LogBounds bounds = {});
    ~PacketLog();

    // --- the wire's thread only
    // Publishes a packet in flight and returns its number (PacketRecord::kNoPacket if a bound is reached).
    std::uint32_t sent(const model::PacketRecord& record, std::string_view bytes);
    // `flags` are added; `changed` = the bytes as delivered if they differ.
    void delivered(std::uint32_t id, model::TimeNs at_ns, std::uint16_t flags, std::string_view changed);
    void dropped(std::uint32_t id, model::TimeNs at_ns, model::Cause cause, std::uint32_t rule, int error);
    // Time when it will be delivered has changed (a person held or released it); `cause` says who did it, none = as
    // before.
    void due(std::uint32_t id, model::TimeNs due_ns, std::uint16_t flags,
             model::Cause cause = model::Cause::none);

    // --- any thread
    struct Cursor;
    struct CursorDeleter {
        void operator()(Cursor*) const;
    };
    using CursorPtr = std::unique_ptr<Cursor, CursorDeleter>;
    CursorPtr make_cursor() const;
    bool collect(LaneTrace& lane, Cursor& cursor) const;
    void release(const Cursor& cursor);  // as CallLog
    std::uint64_t dropped() const;
    std::size_t recorded() const;  // also those in flight

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace socketscope::trace

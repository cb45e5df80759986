// The recording of one run in memory: for each lane every call, packet, sample and note, in plain vectors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/event.hpp"
#include "core/model/kind.hpp"
#include "core/model/link.hpp"

namespace socketscope::trace {

struct Endpoint {
    std::string name;  // "server", "client", "client2"
    model::Host host{model::Host::client};
    std::string script;           // its text, as it ran
    std::uint32_t first_line{1};  // of the script in the lesson's file; events count lines within the script

    // That line of the script in the lesson's file; 0 (not from a script) stays 0.
    std::uint32_t file_line(std::uint32_t line) const { return line == 0 ? 0 : first_line + line - 1; }
};

// An address of a host, as packet::Address::host() writes it: "192.0.2.1", "2001:db8::1". Those for loopback need not
// stand here: every host has them. Both hosts have the same one: they are one machine.
struct HostAddress {
    model::Host host{model::Host::client};
    std::string ip;
};

// A sysctl that the lesson wants in both hosts.
struct Setting {
    std::string name, value;
};

struct ExpectationResult {
    std::uint8_t endpoint{0};
    std::uint32_t line{0};  // in the endpoint's script
    bool held{false};
    std::string expected;  // as written: "6", "EPIPE", "blocks"
    std::string seen;      // "−1 ECONNREFUSED"
};

struct LaneTrace {
    model::Kind kind;
    std::vector<Endpoint> endpoints;
    std::vector<HostAddress> addresses;  // none: not recorded
    model::LinkSpec link;
    std::vector<Setting> settings;  // what could not be set is told by a note (Note::remark)
    model::TimeNs start_ns{0};      // t = 0 of the lane; all stamps are absolute CLOCK_MONOTONIC
    model::TimeNs end_ns{0};
    bool complete{false};                      // false: still running, stopped, or the file was cut off
    std::string refused;                       // not empty: this machine could not run the lane, and why
    std::vector<model::CallRecord> calls;      // by enter_ns
    std::vector<model::PacketRecord> packets;  // by id = order in which the wire read them
    std::vector<model::SampleRecord> samples;  // by at_ns
    std::vector<model::NoteRecord> notes;      // by at_ns
    std::vector<ExpectationResult> expectations;
    std::uint64_t dropped_events{0};  // a bound was reached: this many events are missing
    std::string arena;                // the bytes that all ByteRanges point into

    std::string_view bytes(model::ByteRange range) const {
        if (range.offset > arena.size()) return {};
        return std::string_view(arena).substr(range.offset, range.size);
    }
};

struct Trace {
    std::string title;
    std::string source;       // text of the lesson it was recorded from; may be empty
    std::string source_name;  // file name of the lesson
    std::string rung;         // "two hosts (TUN)", …: the capability ladder at the recording
    std::string kernel;       // "Linux 6.18.44 x86_64"
    std::string recorded_at;  // UTC, ISO 8601
    std::uint64_t seed{1};
    std::vector<LaneTrace> lanes;
};

}  // namespace socketscope::trace

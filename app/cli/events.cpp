#include "app/cli/events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/model/errno_text.hpp"
#include "core/story/story.hpp"
#include "core/trace/event_fields.hpp"

namespace socketscope::cli {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;

enum class Sort : std::uint8_t { call, packet, sample, note };
struct Entry {
    model::TimeNs at_ns;
    Sort sort;
    std::uint32_t index;
};

std::vector<Entry> in_order_of_time(const trace::LaneTrace& lane) {
    std::vector<Entry> entries;
    entries.reserve(lane.calls.size() + lane.packets.size() + lane.samples.size() + lane.notes.size());
    const auto add = [&](Sort sort, const auto& records, auto time) {
        for (std::uint32_t i = 0; i < records.size(); ++i) entries.push_back({time(records[i]), sort, i});
    };
    add(Sort::call, lane.calls, [](const auto& call) { return call.enter_ns; });
    add(Sort::packet, lane.packets, [](const auto& packet) { return packet.sent_ns; });
    add(Sort::sample, lane.samples, [](const auto& sample) { return sample.at_ns; });
    add(Sort::note, lane.notes, [](const auto& note) { return note.at_ns; });
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.at_ns < b.at_ns; });
    return entries;
}

// A path or a person's text may hold what would end the line or move a terminal's cursor.
std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f)
            line += c;
        else
            line += fmt::format("\\x{:02x}", byte);
    }
    return line;
}

struct Event {
    std::string who, sort, what;
};

class LaneEvents {
public:
    explicit LaneEvents(const trace::LaneTrace& lane) : lane_(lane), story_(lane) {}

    Event of(const Entry& entry) const {
        switch (entry.sort) {
            case Sort::call:
                return of(lane_.calls[entry.index], entry.index);
            case Sort::packet:
                return of(lane_.packets[entry.index], entry.index);
            case Sort::sample:
                return of(lane_.samples[entry.index]);
            case Sort::note:
                break;
        }
        return of(lane_.notes[entry.index]);
    }

private:
    const std::string& name(std::uint8_t endpoint) const { return lane_.endpoints.at(endpoint).name; }
    std::uint32_t file_line(std::uint8_t endpoint, std::uint32_t line) const {
        return lane_.endpoints.at(endpoint).file_line(line);
    }
    static std::string host(model::Host host) {
        return std::string(trace::kHosts.words[static_cast<std::size_t>(host)]);
    }

    Event of(const model::CallRecord& call, std::uint32_t index) const {
        std::string what = call.line ? fmt::format("line {}: ", file_line(call.endpoint, call.line)) : "";
        what += story_.describe_call(index);
        if (call.exit_ns != model::kNever)
            what += " [" + model::format_duration(call.exit_ns - call.enter_ns) + "]";
        if (call.flags & model::kOurOwnCall) what += " [made by socketscope]";
        if (call.flags & model::kRaisedSigpipe) what += " [SIGPIPE]";
        if (call.flags & model::kInterrupted) what += " [ended by a signal]";
        if (call.flags & model::kPayloadCut) what += " [data cut: the log was full]";
        return {name(call.endpoint), "call", std::move(what)};
    }

    Event of(const model::PacketRecord& packet, std::uint32_t number) const {
        std::string what = fmt::format("#{} {}, ", number, story_.describe_packet(number));
        what += trace::kVerdicts.words[static_cast<std::size_t>(packet.verdict)];
        if (packet.verdict == model::Verdict::delivered)
            what += " after " + model::format_duration(packet.delivered_ns - packet.sent_ns);
        if (packet.cause != model::Cause::none)
            what += fmt::format(", cause {}", trace::kCauses.words[static_cast<std::size_t>(packet.cause)]);
        if (packet.rule > 0 && packet.rule <= lane_.link.rules.size())
            what += " `" + lane_.link.rules[packet.rule - 1].text + "`";
        if (packet.error) what += " " + model::errno_name(packet.error);
        if (packet.flags & model::kDuplicate) what += fmt::format(", a copy of #{}", packet.copy_of);
        if (packet.flags & model::kCorrupted) what += ", corrupted";
        if (packet.flags & model::kHeld) what += ", held back";
        if (packet.flags & model::kFromBefore) what += ", of an earlier lane";
        return {host(packet.from), "packet", std::move(what)};
    }

    Event of(const model::SampleRecord& sample) const {
        const bool of_host = sample.fd < 0;
        std::string what = fmt::format(
            "{} = {}", trace::kSamples.words[static_cast<std::size_t>(sample.what)], sample.value);
        if (!of_host) what += fmt::format(" of descriptor {}", sample.fd);
        return {of_host ? host(sample.endpoint ? model::Host::server : model::Host::client)
                        : name(sample.endpoint),
                "sample", std::move(what)};
    }

    Event of(const model::NoteRecord& note) const {
        std::string what(trace::kNotes.words[static_cast<std::size_t>(note.what)]);
        if (note.line) what += fmt::format(", line {}", file_line(note.endpoint, note.line));
        if (note.value) what += fmt::format(", value {}", note.value);
        if (note.text.size) what += ": " + std::string(lane_.bytes(note.text));
        return {name(note.endpoint), "note", std::move(what)};
    }

    const trace::LaneTrace& lane_;
    story::Story story_;
};

}  // namespace

void tell_events(const trace::Trace& trace, const std::function<bool(std::string_view)>& print) {
    std::string text;
    for (const auto& lane : trace.lanes) {
        const std::string kind = model::to_string(lane.kind);
        const auto line = [&](model::TimeNs at_ns, const Event& event) {
            const double ms = static_cast<double>(at_ns - lane.start_ns) / 1e6;
            text += fmt::format("{:<16}{:>14.6f}  {:<9}{:<8}{}\n", kind, ms, event.who, event.sort,
                                one_line(event.what));
        };
        const LaneEvents events(lane);
        for (const Entry& entry : in_order_of_time(lane)) {
            line(entry.at_ns, events.of(entry));
            if (text.size() < kPiece) continue;
            if (!print(text)) return;
            text.clear();
        }
        const std::string end = !lane.refused.empty() ? "not run: " + lane.refused
                                : lane.complete       ? "complete"
                                                      : "stopped before its end";
        line(lane.end_ns, {"-", "end", end});
    }
    print(text);
}

}  // namespace socketscope::cli
